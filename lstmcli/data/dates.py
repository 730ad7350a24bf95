"""Dates as people write them: read, and written again in the same way."""

import re
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIELDS = {
    "Y": r"(?P<Y>\d{4})",
    "C": r"(?P<Y>(?:1[6-9]|2[0-3])\d\d)",
    "M": r"(?P<m>\d\d)",
    "m": r"(?P<m>\d\d?)",
    "D": r"(?P<d>\d\d)",
    "d": r"(?P<d>\d\d?)",
    "b": f"(?P<b>{'|'.join(_MONTHS)})",
    "q": r"(?P<q>[1-4])",
}
"""Letters of a form: the year, that of a number which is not just any, month and day with a zero in front or
without, the month's name in English, the quarter.
"""
_DAYS = ("Y-M-D", "CMD", "Y/M/D", "D.M.Y", "D-b-Y", "D/M/Y", "M/D/Y", "D-M-Y", "M-D-Y")
_DAYS_WITHOUT_ZEROS = ("Y/m/d", "d.m.Y", "d-b-Y", "d/m/Y", "m/d/Y")
_MONTHS_AND_QUARTERS = ("Y-M", "CM", "b-Y", "b Y", "YQq", "Y-Qq", "Y Qq", "Qq Y", "Qq-Y")
"""Forms of dates; any other character stands for itself."""
_CLOCK = r"(?:(?P<clock>[T ]\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?)(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?"
"""The time of day, and its zone."""
_NO_CLOCK = r"(?P<clock>)(?P<zone>)"
_OF_NANOSECONDS = {str(year) for year in range(1678, 2262)}


class Writing(NamedTuple):
    """A form of the date, what stands between it and the time of day, and what stands behind."""

    form: str
    between: str
    zone: str

    def texts(self, dates: NDArray[Any]) -> list[str]:
        """The dates as texts."""
        return [self._text(text) for text in np.datetime_as_string(dates).tolist()]

    def _text(self, iso: str) -> str:
        date, _, clock = iso.partition("T")
        year, month, day = (*date.split("-"), "01", "01")[:3]
        fields = {
            **{"Y": year, "C": year, "M": month, "D": day, "m": month.lstrip("0"), "d": day.lstrip("0")},
            **{"b": _MONTHS[int(month) - 1], "q": str((int(month) + 2) // 3)},
        }
        written = "".join([fields.get(letter, letter) for letter in self.form])
        return f"{written}{self.between if clock else ''}{clock}{self.zone}"


class Dates(NamedTuple):
    """moments : in the unit of the finest; writings : what they may have been written in"""

    moments: NDArray[np.datetime64]
    writings: list[Writing]


def read_dates(texts: Sequence[str]) -> Dates | None:
    """Dates of one form, maybe with a time of day, by the calendar; None if they are none.

    Nor are they if they may be others, as 01/02/2024 is in January or in February.
    """
    found: Dates | None = None
    for form, pattern in _PATTERNS.items():
        dates = _read(texts, form, pattern) if texts and pattern.fullmatch(texts[0]) else None
        if found is not None and dates is not None and not np.array_equal(dates.moments, found.moments):
            return None
        if dates is not None:
            found = Dates(dates.moments, [*(found.writings if found is not None else ()), *dates.writings])
    return found


def _read(texts: Sequence[str], form: str, pattern: re.Pattern[str]) -> Dates | None:
    matches = [match for match in map(pattern.fullmatch, texts) if match]
    if len(matches) < len(texts):
        return None
    zones = {match["zone"] or "" for match in matches}
    zone = zones.pop() if len(zones) == 1 else None
    try:
        with warnings.catch_warnings():
            # A time zone is taken into account, with a warning.
            warnings.simplefilter("ignore")
            ready = form.startswith("Y-M") and zone in (None, "")
            isos = texts if ready else [_iso(match, zone is None) for match in matches]
            dates = np.array(isos, "datetime64")
    except ValueError:
        return None
    # NumPy wraps dates that are too far for a unit so fine.
    if dates.dtype == "M8[ns]" and any(match["Y"] not in _OF_NANOSECONDS for match in matches):
        return None
    between = (matches[0]["clock"] or "T")[0]
    return Dates(dates, [] if zone is None else [Writing(form, between, zone)])


def _iso(match: re.Match[str], zoned: bool) -> str:
    """The date in ISO 8601."""
    fields = match.groupdict()
    month = fields.get("m") or ""
    if "b" in fields:
        month = str(_MONTHS.index(fields["b"]) + 1)
    elif "q" in fields:
        month = str(3 * int(fields["q"]) - 2)
    date = "-".join([part.zfill(2) for part in (fields["Y"], month, fields.get("d")) if part])
    return date + (fields["clock"] or "") + ((fields["zone"] or "") if zoned else "")


def _pattern(form: str, clock: str) -> re.Pattern[str]:
    date = "".join([_FIELDS.get(letter) or re.escape(letter) for letter in form])
    return re.compile(date + clock, re.ASCII)


_PATTERNS = {form: _pattern(form, _CLOCK) for form in (*_DAYS, *_DAYS_WITHOUT_ZEROS)} | {
    form: _pattern(form, _NO_CLOCK) for form in _MONTHS_AND_QUARTERS
}
"""Of forms that write dates alike the first is meant."""
