"""A panel of curves in the characters of a terminal, drawn by plotext."""

from math import ceil, floor, log10
from typing import Any

from lstmcli.pictures.curve import Panel

RAW, SMOOTHED = 245, {"Accuracy": 33, "RMSE": 33, "Loss": 208}
"""Colours of the 256 that are legible on black and on white."""
AROUND = 4
"""Rows of a panel that are title, frame and numbers."""
LABELS = 7
"""Characters of the numbers at the left, so that panels stand in line."""
COLUMNS_OF_A_TICK, ROWS_OF_A_TICK = 14, 3
VALIDATION, MOST_MARKERS = "o", 30
"""The sign of a validation, and how many are marked."""


def usable_plotext() -> bool:
    """Whether there is a plotext with the functions that are used here, as 5.3 has them and 6 no more."""
    try:
        import plotext
    except ImportError:
        return False
    return hasattr(plotext, "plot_size")


def drawn_panel(panel: Panel, last: int, width: int, height: int, colors: bool) -> str:
    """The panel with so many columns and rows, in the escape sequences of a terminal.

    last : the number of the last iteration; colors : without them, what only a colour tells apart is left out
    """
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.theme("clear")
    plotext.title(panel.label)
    if colors:
        plotext.plot(*panel.training.raw(), marker="braille", color=RAW)
    plotext.plot(*panel.training.smooth(), marker="braille", color=SMOOTHED[panel.title])
    if panel.validation:
        x, y = panel.validation.means()
        # Of many some, up to the last one: those that stand apart need no colour to be told from a line.
        apart = slice(None, None, -ceil(len(x) / MOST_MARKERS))
        plotext.scatter(x[apart], y[apart], marker=VALIDATION, color="default")
    _scale(plotext.xlim, plotext.xticks, (1, max(2, last)), width // COLUMNS_OF_A_TICK, "{:,.0f}")
    span = (0, 100) if panel.unit == "%" else _span(panel, colors)
    _scale(plotext.ylim, plotext.yticks, span, (height - AROUND) // ROWS_OF_A_TICK, f"{{:{LABELS}.4g}}")
    text: str = plotext.build()
    return text.rstrip("\n")


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """Numbers between these that are multiples of 1, 2 or 5 times a power of ten, about `most` of them."""
    rough = (high - low) / max(1, most)
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 12 - floor(log10(step))) for k in range(first, last + 1)]


def _scale(limit: Any, mark: Any, span: tuple[float, float], most: int, form: str) -> None:
    limit(*span)
    ticks = nice_ticks(*span, most)
    mark(ticks, [form.format(tick) for tick in ticks])


def _span(panel: Panel, raw: bool) -> tuple[float, float]:
    """What the curves that are drawn reach over, from 0 if that is near, and some room if it is nothing."""
    curves = [panel.training.smooth(), panel.validation.means()]
    values = [y for _, curve in ([panel.training.raw(), *curves] if raw else curves) for y in curve]
    low, high = min(values), max(values)
    if 0 < low < 0.3 * high:
        low = 0.0
    room = 0.0 if high - low > 1e-9 * abs(high) else 0.5 * abs(high) or 0.5
    return low - room, high + room
