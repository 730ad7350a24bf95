"""Forecasts: the ends of series, and what is said to follow on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lstmcli.pictures.figure import BLUE, GRAY, ORANGE, label, new_figure, styled
from lstmcli.pictures.thinning import BINS, extremes
from lstmcli.pictures.time_axis import draw_axis, place_steps

MOST_PANELS = 8
"""Series that are drawn, each a response of a sequence: the first ones."""
FEW, MANY = 40, 500
"""Steps ahead that are points, too, and not a line alone; steps from which on lines are thin."""
LIGHT_BLUE = "#80b8de"


@dataclass(frozen=True)
class Forecast:
    """The end of a sequence, and the S steps that follow on it, with R responses.

    first : number of the first step that is kept, from 1
    known : float[K, R], the last values known; answers : float[S, R]
    true, before : float[S, R], what came true, and what the answers are compared with; None if unknown
    times : of the K, or of all K + S steps; None where they have none
    """

    name: str
    first: int
    known: NDArray[np.floating]
    answers: NDArray[np.floating]
    true: NDArray[np.floating] | None = None
    before: NDArray[np.floating] | None = None
    times: Sequence[str] | None = None


def drawn_sequences(responses: int) -> int:
    """How many sequences with so many responses a picture has room for."""
    return max(1, MOST_PANELS // responses)


def draw_forecasts(
    shown: Sequence[Forecast], responses: Sequence[str], sequences: int, time: str, before: str
) -> Figure:
    """A panel for each of the first responses of these sequences.

    sequences : how many there are; time : what the times are called
    before : what the answers are compared with, in words
    """
    names = responses[:MOST_PANELS]
    panels = [(forecast, r) for forecast in shown for r in range(len(names))]
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    with styled():
        figure = new_figure(7.5 if columns == 1 else 11, 2.7 * rows + 0.9)
        grid = figure.subplots(rows, columns, squeeze=False)
        for axes in grid.flat[len(panels) :]:
            axes.set_visible(False)
        for axes, (forecast, r) in zip(grid.flat, panels, strict=False):
            parts = [forecast.name] if sequences > 1 else []
            parts += [names[r]] if len(responses) > 1 or not parts else []
            _panel(axes, forecast, r, ": ".join(map(label, parts)), time, before)
        left_out = [f"{len(shown)} of {sequences} sequences"] if len(shown) < sequences else []
        left_out += [f"{len(names)} of {len(responses)} responses"] if len(names) < len(responses) else []
        lines, texts = grid[0, 0].get_legend_handles_labels()
        said = "The first " + ", the first ".join(left_out) if left_out else None
        place: dict[str, Any] = {"loc": "outside upper center", "ncols": len(lines), "frameon": False}
        figure.legend(lines, texts, title=said, **place)
    return figure


def _panel(axes: Axes, forecast: Forecast, r: int, title: str, time: str, before: str) -> None:
    """One response of a sequence; what follows is joined to the last value known."""
    known, count = forecast.known[:, r], len(forecast.known)
    steps = place_steps(forecast.times, count + len(forecast.answers), forecast.first)
    axes.axvspan(steps.places[count - 1], steps.places[-1], color=GRAY, alpha=0.08, linewidth=0)
    width = 1.3 if len(steps.places) <= MANY else 0.7
    _line(axes, steps.places[:count], known, color=BLUE, linewidth=width, label="known")
    # The value that all are joined to is none of the forecast.
    dots = {"marker": "." if len(forecast.answers) <= FEW else "", "markevery": slice(1, None)}
    ahead: tuple[tuple[NDArray[np.floating] | None, dict[str, Any]], ...] = (
        (forecast.before, {"color": GRAY, "linewidth": 0.6 * width, "label": before}),
        (forecast.true, {"color": LIGHT_BLUE, "linewidth": 2 * width, "label": "true"}),
        (forecast.answers, {"color": ORANGE, "linewidth": 0.8 * width, "label": "forecast", **dots}),
    )
    for values, style in ahead:
        if values is not None:
            _line(axes, steps.places[count - 1 :], np.concatenate([known[-1:], values[:, r]]), **style)
    if forecast.true is not None and forecast.before is not None:
        own, other = (_rmse(values - forecast.true, r) for values in (forecast.answers, forecast.before))
        title += f"\nRMSE {own:.4g}, of {before}: {other:.4g}"
    axes.set_title(title, fontsize=9)
    axes.grid(color=GRAY, alpha=0.2, linewidth=0.6)
    axes.margins(x=0.02)
    longest = max(count, len(forecast.answers))
    thinned = f" (smallest and largest of each {longest // BINS})" if longest > 2 * BINS else ""
    draw_axis(axes, steps, label(time) + thinned, 6)


def _line(axes: Axes, places: NDArray[np.generic], values: NDArray[np.floating], **style: Any) -> None:
    kept = extremes(values)
    axes.plot(places[kept], values[kept].astype(np.float64), **style)


def _rmse(errors: NDArray[np.floating], r: int) -> float:
    return float(np.sqrt(np.mean(np.square(errors[:, r], dtype=np.float64))))
