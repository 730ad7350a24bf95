"""Predicted responses against the true ones, and over time where there are steps."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lstmcli.evaluation import Evaluation
from lstmcli.metrics import RegressionMetrics
from lstmcli.pictures.figure import BLUE, GRAY, ORANGE, label, new_figure, styled
from lstmcli.pictures.thinning import BINS, extremes

LIGHT = "#b4b4b4"
MOST_RESPONSES = 8
"""Responses that are drawn, the first ones."""
MOST_POINTS = 3000
"""Samples that are drawn as points; more are counted in hexagons."""


def draw_responses(found: Evaluation) -> Figure:
    """For each response predicted against true; of steps also the worst and the median sequence over time."""
    metrics = found.metrics
    assert isinstance(metrics, RegressionMetrics)
    shown = metrics.responses[:MOST_RESPONSES]
    rmse = metrics.of_groups(found.offsets).rmse
    series = 0 if found.steps is None else min(2, len(rmse))
    columns = 1 if series else min(len(shown), 3)
    rows = len(shown) if series else -(-len(shown) // columns)
    with styled():
        figure = new_figure(3.3 * columns + 3.6 * series, 3.2 * rows + 0.3)
        grid = figure.subplots(
            rows, columns + series, squeeze=False, width_ratios=[1] * columns + [1.2] * series
        )
        for axes in grid.flat[len(shown) :] if not series else ():
            axes.set_visible(False)
        for r, name in enumerate(shown):
            places = grid[r] if series else grid.flat[r : r + 1]
            _scatter(places[0], metrics, r, label(name))
            order = np.argsort(-rmse[:, r], kind="stable")
            for axes, place, word in zip(places[1:], (0, len(order) // 2), ("worst", "median"), strict=False):
                _series(axes, found, int(order[place]), r, f"{word}: " if len(order) > 1 else "")
        if series:
            lines, texts = grid[0, 1].get_legend_handles_labels()
            figure.legend(lines, texts, loc="outside upper right", ncols=len(lines), frameon=False)
        if len(shown) < len(metrics.responses):
            figure.suptitle(f"The first {len(shown)} of {len(metrics.responses)} responses")
    return figure


def _scatter(axes: Axes, metrics: RegressionMetrics, r: int, name: str) -> None:
    finite = np.isfinite(metrics.answers[:, r])
    true, predicted = metrics.targets[finite, r], metrics.answers[finite, r]
    if not len(true):
        axes.set_title(f"{name}\nno answer is a finite number", fontsize=9)
        return
    low, high = float(min(true.min(), predicted.min())), float(max(true.max(), predicted.max()))
    edge = 0.04 * (high - low) or 1.0
    limits = low - edge, high + edge
    axes.plot(limits, limits, color=GRAY, linewidth=0.8, zorder=0)
    if len(true) <= MOST_POINTS:
        axes.scatter(true, predicted, s=9, color=BLUE, alpha=0.5, linewidths=0)
    else:
        bins = axes.hexbin(
            true,
            predicted,
            gridsize=50,
            extent=(*limits, *limits),
            bins="log",
            mincnt=1,
            cmap="Blues",
            vmin=0.3,
        )
        bins.set_edgecolor("face")
        beside = axes.inset_axes((1.04, 0, 0.04, 0.85))
        axes.figure.colorbar(bins, cax=beside)
        beside.set_ylim(bottom=1)
        # Above the bar it cannot be taken for the name of the next panel's axis.
        beside.set_title("samples", fontsize=8, color=GRAY, loc="left")
    axes.set(xlim=limits, ylim=limits, aspect="equal", xlabel="True", ylabel="Predicted")
    r2 = metrics.r2[r]
    more = "" if np.isnan(r2) else f", R2 {r2:.4f}"
    axes.set_title(f"{name}\nRMSE {metrics.rmse[r]:.4g}{more}", fontsize=9)


def _series(axes: Axes, found: Evaluation, n: int, r: int, word: str) -> None:
    """One sequence over its steps."""
    metrics = found.metrics
    assert isinstance(metrics, RegressionMetrics)
    assert found.steps is not None
    samples = slice(found.offsets[n], found.offsets[n + 1])
    steps = found.steps[samples] - found.sequences.offsets[n] + 1
    marker = "." if len(steps) < 30 else ""
    for values, color, width, name in (
        (metrics.targets[samples, r], LIGHT, 2.4, "true"),
        (metrics.answers[samples, r], ORANGE, 0.9, "predicted"),
    ):
        kept = extremes(values)
        axes.plot(steps[kept], values[kept], color=color, linewidth=width, marker=marker, label=name)
    error = float(np.sqrt(np.mean(metrics.errors[samples, r] ** 2)))
    axes.set_title(f"{word}{label(found.sequences.ids[n])}\nRMSE {error:.4g}", fontsize=9)
    axes.grid(color=GRAY, alpha=0.2, linewidth=0.6)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    thinned = f" (smallest and largest of each {len(steps) // BINS})" if len(steps) > 2 * BINS else ""
    axes.set_xlabel(f"Time step{thinned}")
