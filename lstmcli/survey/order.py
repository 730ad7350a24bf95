"""Whether rows follow one another as steps of a sequence do: times that go back, or do not go on evenly."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.times import moments
from lstmcli.errors import Place, counted
from lstmcli.records import Sequences
from lstmcli.survey.column import Column
from lstmcli.survey.values import EVIDENCE, steps_inside

UNEVEN = 0.5
"""Of the usual gap between two times, by which another one must differ: clocks are not quite even."""
SHORTEST_MONTH = 28
_UNITS = (("D", "day"), ("h", "hour"), ("m", "minute"), ("s", "second"), ("ms", "millisecond"))
_CALENDAR = {"Y": (1, "year"), "M": (12, "month"), "W": (1, "week")}
"""Unit -> how many make a year, if they do, and its name."""


class Backward(NamedTuple):
    """A step whose time is before that of the step before it, both as texts, in the same sequence."""

    step: int
    before: str
    time: str


def tell_backward(sequences: Sequences, time: str, place: Callable[[int], Place] | None = None) -> str | None:
    """A sentence on times that go back; None if they do not.

    time : the name of their column; place : where a step is; without it windows may have a step in common
    """
    back = backward_steps(sequences)
    if not back:
        return None
    origin = np.searchsorted(sequences.offsets, [one.step for one in back], "right") - 1
    if place is not None:
        where = f" at {_row(place(back[0].step))}"
    else:
        where = f" in `{sequences.ids[origin[0]]}`" if len(sequences) > 1 else ""
    often = f"{len(back)} times, first" if len(back) > 1 else "once,"
    if place is None and len(sequences) > 1:
        often = f"in {len(np.unique(origin))} of {len(sequences)} sequences, first"
    change = f"from `{back[0].before}` to `{back[0].time}`{where}"
    column = changes_with(sequences, [one.step for one in back])
    if column:
        help = f"if `{column}` tells sequences apart, say `--sequence {column}`"
    elif 2 * len(back) > int(steps_inside(sequences).sum()):
        help = "sort the rows, the earliest first"
    else:
        help = "sort the rows, or add a column that tells sequences apart"
    return f"`{time}` goes back {often} {change}; {help}"


def backward_steps(sequences: Sequences) -> list[Backward]:
    """Where time goes back; nowhere if times are neither numbers nor dates."""
    times = sequences.times
    found = None if times is None else moments(times)
    if times is None or found is None:
        return []
    back = np.flatnonzero((found[1:] < found[:-1]) & steps_inside(sequences)) + 1
    return [Backward(step, times[step - 1], times[step]) for step in back.tolist()]


def changes_with(sequences: Sequences, steps: Sequence[int]) -> str | None:
    """The channel of a single sequence that changes at each of these steps and at no other, if one does.

    A channel whose name is of time, such as `year`, is none.
    """
    # Where time goes back all the while, so may anything.
    if len(sequences) > 1 or sequences.channels is None or 2 * len(steps) > len(sequences.values) - 1:
        return None
    changes = sequences.values[1:] != sequences.values[:-1]
    wanted = np.isin(np.arange(1, len(changes) + 1), steps)
    columns = zip(sequences.channels, changes.T, strict=True)
    found = (name for name, column in columns if (column == wanted).all())
    return next((name for name in found if not Column(name, ()).is_time), None)


def tell_uneven(sequences: Sequences, time: str, place: Callable[[int], Place]) -> str | None:
    """A sentence on times that do not go on evenly; None if they do, or go back.

    Months, quarters and years are even although their days differ, and so are the days from Monday to Friday.
    """
    times, inside = sequences.times, steps_inside(sequences)
    found = None if times is None else moments(times)
    if times is None or found is None or int(inside.sum()) < EVIDENCE or not _is_known(found):
        return None
    gaps, unit = _gaps(found, inside)
    usual = float(np.median(gaps[inside]))
    odd = np.flatnonzero((np.abs(gaps - usual) > UNEVEN * usual) & inside)
    if usual <= 0 or not len(odd) or (gaps[inside] < 0).any():
        return None
    step = int(odd[0]) + 1
    often = f"{len(odd)} times, first" if len(odd) > 1 else "once,"
    change = f"from `{times[step - 1]}` to `{times[step]}` at {_row(place(step))}"
    return f"`{time}` mostly goes on by {_amount(usual, unit)}, but otherwise {often} {change}"


def _is_known(found: NDArray[Any]) -> bool:
    return not np.isnat(found).any() if found.dtype.kind == "M" else bool(np.isfinite(found).all())


def _gaps(found: NDArray[Any], inside: NDArray[np.bool_]) -> tuple[NDArray[np.float64], str]:
    """From each time to the next, and their unit, which is "" for numbers."""
    if found.dtype.kind != "M":
        return np.diff(found), ""
    days, unit = found.astype("datetime64[D]"), np.datetime_data(found.dtype)[0]
    if unit not in _CALENDAR and (days == found).all():
        gaps = np.diff(days).astype(np.float64)
        if np.median(gaps[inside]) >= SHORTEST_MONTH:
            return np.diff(days.astype("datetime64[M]")).astype(np.float64), "M"
        weekdays = np.busday_count(days[:-1], days[1:]).astype(np.float64)
        if np.is_busday(days).all() and (weekdays[inside] == 1).mean() > UNEVEN:
            # A day that is there twice is no gap of working days either.
            return weekdays, "D"
        return gaps, "D"
    return np.diff(found).astype(np.float64), unit


def _amount(gap: float, unit: str) -> str:
    """A gap in the largest unit of which it is a whole number: `3 months`, `15 minutes`."""
    if unit in _CALENDAR:
        year, name = _CALENDAR[unit]
        return counted(round(gap / year), "year") if year > 1 and gap % year == 0 else _many(gap, name)
    for larger, name in _UNITS if unit else ():
        size = np.timedelta64(1, larger) / np.timedelta64(1, unit)  # type: ignore[call-overload]
        if gap % size == 0:
            return _many(gap / size, name)
    return f"{gap:g} {unit}".strip()


def _many(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def _row(place: Place) -> str:
    return f"row {place.row} of {place.file}"
