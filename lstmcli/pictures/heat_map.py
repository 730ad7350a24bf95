"""Hidden units over time as a heat map, as MATLAB's example "Visualize Activations of LSTM Network"."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from lstmcli.pictures.figure import label, new_figure, styled
from lstmcli.records import Array

MOST_COLUMNS = 2000
"""Steps that are drawn each by itself; of more the mean of some together is drawn."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
FEW = 25
"""Units that have their numbers beside them; of more each second, fifth, ... has."""
WORDS = {
    **{"i": "input gate", "f": "forget gate", "g": "cell candidate", "o": "output gate", "c": "cell state"},
    **{"r": "reset gate", "z": "update gate", "n": "candidate state", "h": "hidden state"},
}
GATES = {letter for letter, word in WORDS.items() if word.endswith("gate")}
"""What lies between 0, closed, and 1, open."""


def draw_over_time(
    layer: str, kinds: Sequence[str], units: Sequence[int], shown: Sequence[tuple[str, Array]]
) -> Figure:
    """A column of panels for each sequence, a row for each kind, time to the right in each.

    kinds : the letters of gates and states, or nothing for an output
    units : the numbers of the hidden units, from 0; shown : id and float[S, kinds * units] of each sequence
    """
    rows, most = max(1, len(kinds)), max(len(values) for _, values in shown)
    widths = [max(len(values), most / 4) for _, values in shown]
    height = min(3.0, max(1.5, 0.16 * len(units))) if kinds else min(6.0, max(2.2, 0.16 * len(units)))
    with styled():
        figure = new_figure(min(16.0, 1.6 + 3.4 * sum(widths) / most), height * rows + 0.7)
        columns = len(shown)
        grid = figure.subplots(rows, columns, sharex="col", sharey=True, squeeze=False, width_ratios=widths)
        for k in range(rows):
            maps = [values[:, k * len(units) : (k + 1) * len(units)] for _, values in shown]
            limit = max(float(np.abs(values).max()) for values in maps) or 1.0
            for axes, values in zip(grid[k], maps, strict=True):
                image = _draw(axes, values, limit, bool(kinds) and kinds[k] in GATES)
            _name_units(grid[k, 0], units)
            if kinds:
                grid[k, 0].set_ylabel(f"{WORDS[kinds[k]]} {kinds[k]}")
            figure.colorbar(image, ax=grid[k], pad=0.02, aspect=25 * height / 4)
        for column, (name, values) in zip(grid.T, shown, strict=True):
            column[0].set_title(label(name), fontsize=9)
            together = _together(len(values))
            column[-1].set_xlabel("Time step" + (f" (means of {together})" if together > 1 else ""))
            column[-1].xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
        figure.suptitle(label(layer), fontsize=10)
    return figure


def draw_once(layer: str, units: Sequence[int], shown: Sequence[tuple[str, Array]]) -> Figure:
    """One panel, a column for each sequence.

    units : the numbers of the hidden units, from 0; shown : id and float[units] of each sequence
    """
    values = np.stack([values for _, values in shown])
    height = min(7.0, max(2.4, 0.16 * len(units)))
    with styled():
        figure = new_figure(min(16.0, max(4.0, 1.8 + 0.2 * len(values))), height + 1.2)
        axes = figure.subplots()
        image = _draw(axes, values, float(np.abs(values).max()) or 1.0, False)
        _name_units(axes, units)
        names = [label(name) for name, _ in shown]
        axes.set_xticks(range(1, len(names) + 1), names, rotation=90 if len(names) > 4 else 0)
        axes.set_xlabel("Sequence")
        figure.colorbar(image, ax=axes, pad=0.02)
        figure.suptitle(label(layer), fontsize=10)
    return figure


def _draw(axes: Axes, values: Array, limit: float, gate: bool) -> AxesImage:
    """float[columns, units], red above 0 and blue below, green for a gate; both are counted from 1."""
    together = _together(len(values))
    means = np.add.reduceat(values, np.arange(0, len(values), together), axis=0)
    means /= np.diff([*range(0, len(values), together), len(values)])[:, None]
    extent = (0.5, len(values) + 0.5, values.shape[1] + 0.5, 0.5)
    colours: dict[str, Any] = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
    if gate:
        colours = {"cmap": "Greens", "vmin": 0, "vmax": 1}
    return axes.imshow(means.T, aspect="auto", extent=extent, interpolation="nearest", **colours)


def _name_units(axes: Axes, units: Sequence[int]) -> None:
    """Ticks at some units, with their own numbers."""
    step = next((step for step in STEPS if len(units) <= step * FEW), STEPS[-1])
    places = range(step, len(units) + 1, step)
    axes.set_yticks(places, [str(units[place - 1] + 1) for place in places], fontsize=7)
    axes.set_ylabel("Unit")


def _together(steps: int) -> int:
    """How many steps are drawn as one."""
    return -(-steps // MOST_COLUMNS)
