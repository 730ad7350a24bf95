"""Dates as people write them: read, and written again in the same way."""

import re
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_OF = {
    **{text: f"{number:02}" for number in range(1, 13) for text in (f"{number}", f"{number:02}")},
    **{name: f"{number:02}" for number, name in enumerate(_MONTHS, 1)},
}
_MONTH_OF_QUARTER = {"1": "01", "2": "04", "3": "07", "4": "10"}
_FIELDS = {
    "Y": r"(?P<Y>\d{4})",
    "C": r"(?P<Y>(?:1[6-9]|2[0-3])\d\d)",
    "M": r"(?P<m>0[1-9]|1[0-2])",
    "m": r"(?P<m>[1-9]|1[0-2])",
    "D": r"(?P<d>0[1-9]|[12]\d|3[01])",
    "d": r"(?P<d>[1-9]|[12]\d|3[01])",
    "b": f"(?P<m>{'|'.join(_MONTHS)})",
    "q": r"(?P<m>[1-4])",
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
_NO_CLOCK = r"(?P<d>)(?P<clock>)(?P<zone>)"
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
    isos: list[str] = []
    zones: list[str] = []
    month_of = _MONTH_OF_QUARTER if "q" in form else _MONTH_OF
    for text in texts:
        match = pattern.fullmatch(text)
        if match is None:
            return None
        year, month, day, clock, zone = match.group("Y", "m", "d", "clock", "zone")
        isos.append(f"{year}-{month_of[month]}{day and f'-{day:0>2}'}{clock or ''}")
        zones.append(zone or "")
    alike = len(set(zones)) == 1
    if not alike:
        isos = list(map("".join, zip(isos, zones, strict=True)))
    try:
        with warnings.catch_warnings():
            # A time zone is taken into account, with a warning.
            warnings.simplefilter("ignore")
            dates = np.array(isos, "datetime64")
    except ValueError:
        return None
    # NumPy wraps dates that are too far for a unit so fine.
    if dates.dtype == "M8[ns]" and not _OF_NANOSECONDS.issuperset({iso[:4] for iso in isos}):
        return None
    between = " " if " " in isos[0] else "T"
    return Dates(dates, [Writing(form, between, zones[0])] if alike else [])


def _pattern(form: str, clock: str) -> re.Pattern[str]:
    date = "".join([_FIELDS.get(letter) or re.escape(letter) for letter in form])
    return re.compile(date + clock, re.ASCII)


_PATTERNS = {form: _pattern(form, _CLOCK) for form in (*_DAYS, *_DAYS_WITHOUT_ZEROS)} | {
    form: _pattern(form, _NO_CLOCK) for form in _MONTHS_AND_QUARTERS
}
"""Of forms that write dates alike the first is meant."""
