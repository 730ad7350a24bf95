"""The times that follow on evenly spaced ones, written as these are."""

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.dates import Dates, read_dates

LOOKED_AT = 50
"""The last times, whose spacing tells how they go on."""
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_POWERS = re.compile(r"-?\d(?:\.(\d+))?e[+-]\d\d", re.ASCII)
_STAMP = re.compile(
    r"(?:1[6-9]|2[0-3])\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
)
"""A date with a time of day, and no marks between: no number to add to."""
_EXACT = 64
"""Digits for sums of numbers as long as that, and of ten million steps."""
_SURE = 14
"""Digits of a float64 that a few sums do not change."""
_YEAR_10000 = np.datetime64("10000-01")
_DAY = np.timedelta64(1, "D")


def times_ahead(times: Sequence[str], count: int) -> list[str] | None:
    """The `count` times after these; None where they are not evenly spaced, or nobody knows how to go on.

    Numbers and dates go on, these also from one day of the month, or its last one, to that of another month,
    and from Friday to Monday if each week has been so.
    """
    texts = list(times[-LOOKED_AT:])
    if len(texts) < 2:
        return None
    # What the last ones leave open the others may tell.
    dates = read_dates(texts) or read_dates(times)
    if dates is not None:
        ahead = _dates_ahead(dates.moments[-LOOKED_AT:], count)
        return None if ahead is None else _written(ahead, dates, texts, times)
    if any(map(_STAMP.fullmatch, texts)):
        return None
    if all(map(_NUMBER.fullmatch, texts)) and (numbers := _numbers_ahead(texts, count)):
        return numbers
    return _floats_ahead(texts, count)


def _written(ahead: NDArray[Any], dates: Dates, texts: list[str], times: Sequence[str]) -> list[str] | None:
    """Dates in the form of the times, of which `texts` are the last; None if it may be another."""
    last = dates.moments[-len(texts) :]
    fitting = [writing for writing in dates.writings if writing.texts(last) == texts]
    if len(fitting) > 1 and (whole := read_dates(times)) is not None:
        fitting = [writing for writing in fitting if writing in whole.writings]
    if not fitting or len({writing.form.upper() for writing in fitting}) > 1:
        return None
    return fitting[0].texts(ahead)


def _numbers_ahead(texts: list[str], count: int) -> list[str] | None:
    numbers = [Decimal(text) for text in texts]
    with localcontext(prec=_EXACT):
        gaps = {b - a for a, b in pairwise(numbers)}
        ahead = [numbers[-1] + gap * k for gap in gaps for k in range(1, count + 1)]
    decimals = {len(text.partition(".")[2]) for text in texts}
    write = "{:f}".format if len(decimals) == 1 else _shortest
    # Numbers with zeros in front are names of files or the like.
    if len(gaps) > 1 or min(gaps) <= 0 or list(map(write, numbers)) != texts:
        return None
    return list(map(write, ahead))


def _shortest(number: Decimal) -> str:
    """Without zeros at its end."""
    return f"{number.normalize():f}"


def _floats_ahead(texts: list[str], count: int) -> list[str] | None:
    """Numbers that are even but for their last digits, as sums of 0.1 are, or that have powers of ten."""
    try:
        numbers = [float(text) for text in texts]
    except ValueError:
        return None
    powers = [_POWERS.fullmatch(text) for text in texts]
    digits = {len(match[1] or "") for match in powers if match}
    write = f"{{:.{digits.pop()}e}}".format if all(powers) and len(digits) == 1 else repr
    if [write(number) for number in numbers] != texts or not np.all(np.isfinite(numbers)):
        return None
    ahead = _numbers_ahead([_shortest(Decimal(f"{number:.{_SURE}g}")) for number in numbers], count)
    if ahead is None:
        return None
    written = [write(float(number)) for number in ahead]
    # So few digits may not be enough for those ahead.
    return written if list(map(Decimal, written)) == list(map(Decimal, ahead)) else None


def _dates_ahead(found: NDArray[Any], count: int) -> NDArray[Any] | None:
    """In even steps of months, or else of time."""
    missing, late = np.arange(1, count + 1), False
    # The first days of July, August and September are evenly spaced in days, too.
    for back in (0 * _DAY, _DAY) if np.datetime_data(found.dtype)[0] != "M" else ():
        # The day after the last of a month is the first of another.
        months = (found + back).astype("datetime64[M]")
        within, gap = found + back - months, _gap(months.astype(np.int64))
        if gap is None or np.any(within != within[0]):
            continue
        if within[0] < 28 * _DAY:
            return _risen(found, months[-1] + gap * missing + within[0] - back)
        late = True
    if not late and _are_working_days(found):
        return _risen(found, np.busday_offset(found[-1].astype("datetime64[D]"), missing))
    gap = _gap(found.astype(np.int64))
    # Not each month has a 30th day.
    return None if gap is None or late else _risen(found, found[-1] + gap * missing)


def _are_working_days(found: NDArray[Any]) -> bool:
    """Whether these are the days from Monday to Friday, of two weeks at least."""
    days = found.astype("datetime64[D]")
    if np.datetime_data(found.dtype)[0] == "M" or not np.all(days == found) or days[-1] - days[0] < 7 * _DAY:
        return False
    return bool(np.is_busday(days).all() and np.all(np.busday_count(days[:-1], days[1:]) == 1))


def _risen(found: NDArray[Any], ahead: NDArray[Any]) -> NDArray[Any] | None:
    """Dates as fine as those before them; None if they are too far for it, where NumPy wraps them, or have
    years of five digits.
    """
    dates = np.append(found[-1:], ahead.astype(found.dtype))
    # Nanoseconds, as which the year would be compared, end in 2262.
    rise = np.all(dates[1:] > dates[:-1]) and dates[-1].astype("datetime64[M]") < _YEAR_10000
    return dates[1:] if rise else None


def _gap(numbers: NDArray[np.int64]) -> int | None:
    """What is between each two of them, if that is the same and they rise."""
    gaps = np.diff(numbers)
    return int(gaps[0]) if gaps[0] > 0 and np.all(gaps == gaps[0]) else None
