"""The times that follow on evenly spaced ones, written as these are."""

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.times import moments

LOOKED_AT = 50
"""The last times, whose spacing tells how they go on."""
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_QUARTER = re.compile(r"(\d{4})([- ]?Q)([1-4])", re.ASCII)
_COMPACT = re.compile(r"((?:1[6-9]|2[0-3])\d\d)(0[1-9]|1[0-2])(\d\d)?", re.ASCII)
"""Dates and months without marks between, of years that are not just any numbers."""
_EXACT = 64
"""Digits for sums of numbers as long as that, and of ten million steps."""
_DAY = np.timedelta64(1, "D")


def times_ahead(times: Sequence[str], count: int) -> list[str] | None:
    """The `count` times after these; None where they are not evenly spaced, or nobody knows how to go on.

    Numbers, quarters of years (1970 Q1) and dates of ISO 8601 go on, these also from one day of the month,
    or its last one, to that of another month.
    """
    texts = list(times[-LOOKED_AT:])
    if len(texts) < 2:
        return None
    if all(map(_QUARTER.fullmatch, texts)):
        return _quarters_ahead(texts, count)
    compact = all(map(_COMPACT.fullmatch, texts))
    found = moments([_COMPACT.sub(_marked, text) for text in texts]) if compact else moments(texts)
    if found is not None and found.dtype.kind == "M":
        ahead = _dates_ahead(found, count)
        same = _written(found, texts[0], compact) == texts
        return _written(ahead, texts[0], compact) if same and ahead is not None else None
    return _numbers_ahead(texts, count) if all(map(_NUMBER.fullmatch, texts)) else None


def _numbers_ahead(texts: list[str], count: int) -> list[str] | None:
    numbers = [Decimal(text) for text in texts]
    with localcontext(prec=_EXACT):
        gaps = {b - a for a, b in pairwise(numbers)}
        ahead = [numbers[-1] + gap * k for gap in gaps for k in range(1, count + 1)]
    decimals = {len(text.partition(".")[2]) for text in texts}
    write = str if len(decimals) == 1 else _shortest
    # Numbers with zeros in front are names of files or the like.
    if len(gaps) > 1 or min(gaps) <= 0 or list(map(write, numbers)) != texts:
        return None
    return list(map(write, ahead))


def _shortest(number: Decimal) -> str:
    """Without zeros at its end."""
    return f"{number.normalize():f}"


def _quarters_ahead(texts: list[str], count: int) -> list[str] | None:
    parts = [_QUARTER.fullmatch(text) for text in texts]
    numbers = np.array([4 * int(part[1]) + int(part[3]) - 1 for part in parts if part])
    gap, between = _gap(numbers), {part[2] for part in parts if part}
    if gap is None or len(between) > 1:
        return None
    ahead = (numbers[-1] + gap * np.arange(1, count + 1)).tolist()
    return [f"{number // 4:04d}{mark}{number % 4 + 1}" for mark in between for number in ahead]


def _dates_ahead(found: NDArray[Any], count: int) -> NDArray[Any] | None:
    """In even steps of months, or else of time."""
    missing = np.arange(1, count + 1)
    # The first days of July, August and September are evenly spaced in days, too.
    for back in (0 * _DAY, _DAY) if np.datetime_data(found.dtype)[0] != "M" else ():
        # The day after the last of a month is the first of another.
        months = (found + back).astype("datetime64[M]")
        within, gap = found + back - months, _gap(months.astype(np.int64))
        if gap is None or np.any(within != within[0]):
            continue
        if within[0] < 28 * _DAY:
            return _risen(found, months[-1] + gap * missing + within[0] - back)
        if back:
            # Not each month has a 30th day.
            return None
    gap = _gap(found.astype(np.int64))
    return None if gap is None else _risen(found, found[-1] + gap * missing)


def _risen(found: NDArray[Any], ahead: NDArray[Any]) -> NDArray[Any] | None:
    """Dates as fine as those before them; None if they are too far for it, where NumPy wraps them."""
    dates = np.append(found[-1:], ahead.astype(found.dtype))
    return dates[1:] if np.all(dates[1:] > dates[:-1]) else None


def _gap(numbers: NDArray[np.int64]) -> int | None:
    """What is between each two of them, if that is the same and they rise."""
    gaps = np.diff(numbers)
    return int(gaps[0]) if gaps[0] > 0 and np.all(gaps == gaps[0]) else None


def _marked(compact: re.Match[str]) -> str:
    return "-".join(filter(None, compact.groups()))


def _written(dates: NDArray[Any], like: str, compact: bool) -> list[str]:
    texts: list[str] = np.datetime_as_string(dates).tolist()
    mark, other = ("-", "") if compact else ("T", " " if " " in like else "T")
    return [text.replace(mark, other) for text in texts]
