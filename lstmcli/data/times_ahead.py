"""The times that follow on evenly spaced ones, written as these are."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.times import moments

LOOKED_AT = 1000
"""The last times, whose spacing tells how they go on."""
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_QUARTER = re.compile(r"(\d{4})([- ]?Q)([1-4])", re.ASCII)
_DAY = np.timedelta64(1, "D")


def times_ahead(times: Sequence[str], count: int) -> list[str] | None:
    """The `count` times after these; None where they are not evenly spaced, or nobody knows how to go on.

    Numbers, quarters of years (1970 Q1) and dates of ISO 8601 go on, these also from one day of the month,
    or its last one, to that of another month.
    """
    texts = list(times[-LOOKED_AT:])
    if len(texts) < 2:
        return None
    if all(map(_NUMBER.fullmatch, texts)):
        return _numbers_ahead(texts, count)
    if all(map(_QUARTER.fullmatch, texts)):
        return _quarters_ahead(texts, count)
    found = moments(texts)
    if found is None or found.dtype.kind != "M" or _written(found, texts[0]) != texts:
        return None
    ahead = _dates_ahead(found, count)
    return None if ahead is None else _written(ahead, texts[0])


def _numbers_ahead(texts: list[str], count: int) -> list[str] | None:
    numbers = [Decimal(text) for text in texts]
    gaps = {b - a for a, b in pairwise(numbers)}
    # Numbers with zeros in front are names of files or the like.
    if len(gaps) > 1 or min(gaps) <= 0 or list(map(str, numbers)) != texts:
        return None
    return [str(numbers[-1] + gap * k) for gap in gaps for k in range(1, count + 1)]


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
    for back in (0 * _DAY, _DAY) if np.datetime_data(found.dtype)[0] not in "YM" else ():
        # The day after the last of a month is the first of another.
        months = (found + back).astype("datetime64[M]")
        within, gap = found + back - months, _gap(months.astype(np.int64))
        if gap is not None and np.all(within == within[0]) and within[0] < 28 * _DAY:
            return np.asarray((months[-1] + gap * missing + within[0] - back).astype(found.dtype))
    gap = _gap(found.astype(np.int64))
    return None if gap is None else np.asarray(found[-1] + gap * missing)


def _gap(numbers: NDArray[np.int64]) -> int | None:
    """What is between each two of them, if that is the same and they rise."""
    gaps = np.diff(numbers)
    return int(gaps[0]) if gaps[0] > 0 and np.all(gaps == gaps[0]) else None


def _written(dates: NDArray[Any], like: str) -> list[str]:
    texts: list[str] = np.datetime_as_string(dates).tolist()
    return [text.replace("T", " ") for text in texts] if " " in like else texts
