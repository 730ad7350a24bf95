"""Steps on an axis: at their times where these are numbers or dates, else by their numbers."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from numpy.typing import NDArray

from lstmcli.data.times import moments
from lstmcli.pictures.figure import label

LONGEST = 12
"""Characters of a time that is neither a number nor a date."""
PLAIN = -4, 12
"""Powers of ten between which numbers have no exponent."""
FIRST_YEAR, LAST_YEAR = 1, 9998
"""Those that matplotlib knows, and some room at the end."""


class Steps(NamedTuple):
    """Places of steps on an axis, and what stands below the first of them where that is no number or date."""

    places: NDArray[Any]
    texts: Sequence[str] = ()


def place_steps(times: Sequence[str] | None, count: int, first: int) -> Steps:
    """Places of `count` steps, the first of which has the number `first`.

    times : of these steps, or of the first ones where the others are still to come: they go on as these did;
        None where they have no times
    """
    numbers = np.arange(first, first + count)
    if times is None:
        return Steps(numbers)
    found = moments(times)
    rise = found is not None and np.all(np.isfinite(found)) and np.all(found[1:] > found[:-1])
    if found is not None and rise and (len(found) > 1 or count == len(found)):
        missing = np.arange(1, count - len(found) + 1)
        gap = np.sort(np.diff(found))[(len(found) - 1) // 2] if len(missing) else 0
        places = np.concatenate([found, found[-1] + gap * missing])
        if places.dtype.kind != "M" or _in_calendar(places):
            return Steps(places)
    return Steps(numbers, times)


def draw_axis(axes: Axes, steps: Steps, name: str, most: int) -> None:
    """The horizontal axis with up to about `most` numbers, dates or texts."""
    axis = axes.xaxis
    axes.set_xlabel(name)
    if len(steps.texts):
        shown = range(0, len(steps.texts), -(-len(steps.places) // most))
        axes.set_xticks(steps.places[shown], [label(steps.texts[k], LONGEST) for k in shown])
    elif steps.places.dtype.kind == "M":
        locator = AutoDateLocator(minticks=3, maxticks=most)  # type: ignore[no-untyped-call]
        axis.set_major_locator(locator)
        axis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    else:
        axis.set_major_locator(MaxNLocator(most, integer=not np.any(steps.places % 1)))
        formatter = ScalarFormatter(useOffset=False)
        formatter.set_powerlimits(PLAIN)
        axis.set_major_formatter(formatter)


def _in_calendar(dates: NDArray[np.datetime64]) -> bool:
    """Whether matplotlib knows the years of these dates, which rise."""
    years = dates[[0, -1]].astype("datetime64[Y]").astype(int) + 1970
    return bool(years[0] >= FIRST_YEAR and years[1] <= LAST_YEAR)
