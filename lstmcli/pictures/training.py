"""The curves of a run as a figure: metric above loss, raw light, smoothed dark, validation dashed."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lstmcli.pictures.curve import MOST_MARKERS, Panel, panels_of
from lstmcli.pictures.figure import BLUE, GRAY, ORANGE, new_figure, styled

WIDTH, HEIGHT = 7.2, 5.4
"""Inches."""


def draw_training(history: Mapping[str, Sequence[float]]) -> Figure:
    """The figure of a run with one iteration at least; history : as TrainingInfo has it."""
    with styled():
        figure = new_figure(WIDTH, HEIGHT)
        rows = figure.subplots(2, 1, sharex=True)
        for axes, panel, color in zip(rows, panels_of(history), (BLUE, ORANGE), strict=True):
            _draw_panel(axes, panel, color)
        rows[-1].set_xlabel("Iteration")
        rows[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
        rows[-1].xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    return figure


def _draw_panel(axes: Axes, panel: Panel, color: str) -> None:
    axes.set_ylabel(panel.label)
    axes.grid(color=GRAY, alpha=0.2, linewidth=0.6)
    single = "." if len(panel.training.raw()[0]) == 1 else ""
    axes.plot(*panel.training.raw(), color=color, alpha=0.3, linewidth=0.8, label="training")
    axes.plot(*panel.training.smooth(), color=color, linewidth=1.6, marker=single, label="smoothed")
    if panel.validation:
        x, y = panel.validation.means()
        marker = "o" if len(x) <= MOST_MARKERS else ""
        [line] = axes.plot(
            x, y, color="black", label="validation", linewidth=1.2, marker=marker, markersize=3
        )
        line.set_linestyle((0, (4, 2)))
    if panel.unit == "%":
        axes.set_ylim(-3, 103)
    axes.legend(frameon=False, loc="best", ncols=3)
