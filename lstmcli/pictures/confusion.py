"""A confusion chart, as MATLAB's confusionchart with its summaries: true classes in rows."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lstmcli.metrics import ClassificationMetrics
from lstmcli.pictures.figure import BLUE, GRAY, ORANGE, label, new_figure, styled

SIDE, SMALLEST = 0.42, 0.24
"""Inches of a cell's side where there are few classes, and where there are many."""


def draw_confusion(metrics: ClassificationMetrics) -> Figure:
    """Counts shaded by their share of the true class, with recall to the right and precision below."""
    K, counts = len(metrics.classes), metrics.confusion
    names = list(map(label, metrics.classes))
    digits = len(str(counts.max()))
    side = max(SMALLEST, SIDE * min(1, 12 / K), 0.075 * digits)
    size = min(9.0, 72 * side * 0.9 / max(3, 0.62 * digits))
    room = 0.075 * max(map(len, names)) + 0.9
    with styled():
        figure = new_figure(side * (K + 2) + room + 0.4, side * (K + 2) + room + 0.6)
        ratios = [K, 1.2]
        chart, recall, precision, corner = figure.subplots(
            2, 2, width_ratios=ratios, height_ratios=ratios
        ).flat
        corner.axis("off")
        shares = np.nan_to_num(counts / np.maximum(1, metrics.support[:, None]))
        hits = np.eye(K, dtype=bool)
        _cells(chart, shares, hits, [[str(c) if c else "" for c in row] for row in counts.tolist()], size)
        _cells(recall, *_summary(metrics.recall[:, None]), size)
        _cells(precision, *_summary(metrics.precision[None]), size)
        text_size = min(9.0, 72 * side * 0.8)
        chart.set_yticks(range(K), names, fontsize=text_size)
        precision.set_xticks(
            range(K), names, fontsize=text_size, rotation=90 if _crowded(names, side, text_size) else 0
        )
        chart.set_ylabel("True class")
        precision.set_xlabel("Predicted class")
        recall.set_title("recall %", fontsize=8, color=GRAY)
        precision.set_yticks([0], ["precision %"], fontsize=8, color=GRAY)
        share = f"{100 * metrics.accuracy:.2f} % of {metrics.count}"
        figure.suptitle(f"Accuracy {share}", fontsize=10)
    return figure


def _cells(
    axes: Axes, shares: NDArray[np.float64], hits: NDArray[np.bool_], texts: list[list[str]], size: float
) -> None:
    """Cells in the blue of what is right or the orange of what is not, the darker the larger their share.

    Few wrong ones are to be seen, too: their shade goes with the root.
    """
    colours = np.where(hits[..., None], _shades(BLUE)(shares), _shades(ORANGE)(np.sqrt(shares)))
    axes.imshow(colours, aspect="auto", interpolation="nearest")
    rows, columns = shares.shape
    axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="#d0d0d0", linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(True)
    for row, column in zip(*np.nonzero(np.array(texts) != ""), strict=True):
        dark = shares[row, column] > (0.6 if hits[row, column] else 0.5)
        axes.text(
            column,
            row,
            texts[row][column],
            ha="center",
            va="center",
            fontsize=size,
            color="white" if dark else "#222222",
        )


def _summary(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_], list[list[str]]]:
    """Shares in %, nothing where there is none."""
    texts = [["" if np.isnan(v) else f"{100 * v:.1f}" for v in row] for row in values]
    return np.nan_to_num(values), np.ones(values.shape, bool), texts


def _shades(colour: str) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("shades", ["#ffffff", colour])


def _crowded(names: list[str], side: float, size: float) -> bool:
    """Whether names side by side would touch."""
    return max(map(len, names)) * size * 0.62 > 72 * side
