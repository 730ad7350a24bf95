"""One row or one cell of a text table: its fields, whether it is missing or a number, and its faults."""

import math
import re
from functools import cache

from lstmcli.errors import DataError, Fault, Place

MISSING = frozenset(["", "NA", "N/A", "#N/A", "NaN", "nan", "NAN", "-NaN", "-nan", "null", "NULL", "?"])
"""Ways that spreadsheets, R, pandas, MATLAB and Weka write a value that is not there."""

BLANKS = " \t"
"""What may stand around a cell without being a part of it."""

_NUMBER = re.compile(r"[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?", re.ASCII)
# `1.234.567` may be a version, and `030 123` a telephone.
_THOUSANDS = re.compile(
    r"([+-]?[1-9]\d{0,2}(?:(?:,\d{3})+(?![,\d])|(?:[ '\u2019\xa0\u2009\u202f]\d{3})+|(?:\.\d{3})+(?=,)))"
    r"(?:[.,](\d+))?",
    re.ASCII,
)
WAYS = "as `interpolate` and `dropna` of pandas do"
FILL_IN = f"fill it in or leave its row out first, {WAYS}"
"""The help for a number that is not there."""
_QUOTED = '"[^"]*(?:""[^"]*)*'
"""A quoted field that is not at its end; `"(?!")` ends it. Without possessive quantifiers, which are wrong in
Python before 3.11.3, no row takes more than one look at each character of a field.
"""
_LARGEST = 3.4028235677973366e38
"""Half a step above the largest float32: from here on rounding gives infinity."""


def split_row(line: str, delimiter: str, where: Place) -> list[str]:
    """The fields of one line (RFC 4180), quotes undone; none if it is empty.

    What follows the end of a quoted field belongs to it, and quotes within other fields are characters.
    Raises DataError if the line is not a row of its own.
    """
    if ends_open(line, delimiter):
        help = "is a quote missing? only in tables of `words` fields may have line breaks"
        raise DataError(Fault("a quoted field does not end on its row", where, help))
    fields = _field(delimiter).findall(line + delimiter) if line else []
    if any("\r" in plain for _, plain in fields):
        raise DataError(Fault("the row contains a bare carriage return", where))
    return [quoted[1:-1].replace('""', '"') + plain for quoted, plain in fields]


def ends_open(line: str, delimiter: str) -> bool:
    """Whether a line ends within a quoted field."""
    return _open_row(delimiter).fullmatch(line) is not None


@cache
def _field(delimiter: str) -> re.Pattern[str]:
    """A field with the delimiter behind it: its quoted part, and the rest."""
    return re.compile(f'((?:{_QUOTED}"(?!"))?)([^{delimiter}]*){delimiter}')


@cache
def _open_row(delimiter: str) -> re.Pattern[str]:
    """Whole fields, and one that is quoted and not at its end."""
    return re.compile(f'(?:(?:{_QUOTED}"(?!")|(?!"))[^{delimiter}]*{delimiter})*{_QUOTED}')


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a value that is not there."""
    return cell.strip(BLANKS) in MISSING


def is_number(cell: str) -> bool:
    """Whether a cell is a decimal number, finite or not."""
    cell = cell.strip(BLANKS)
    return bool(_NUMBER.fullmatch(cell) or _INFINITE.fullmatch(cell))


def number_fault(cell: str, where: Place, delimiter: str) -> Fault | None:
    """What is wrong with a cell that must be a finite float32, if anything is."""
    text = cell.strip(BLANKS)
    if text in MISSING:
        return missing_fault(text, where, FILL_IN)
    if _INFINITE.fullmatch(text):
        return Fault(f"`{text}` is not a finite number", where)
    if not _NUMBER.fullmatch(text):
        return Fault(f"`{shorten(text)}` is not a number", where, _how_to_write(text, delimiter))
    if not math.fabs(float(text)) < _LARGEST:
        return Fault(f"`{shorten(text)}` is too large for single precision", where)
    return None


def is_number_elsewhere(cell: str) -> bool:
    """Whether a cell is a number with a decimal comma or marks of thousands."""
    cell = cell.strip(BLANKS)
    return bool(_DECIMAL_COMMA.fullmatch(cell) or _THOUSANDS.fullmatch(cell))


def _how_to_write(text: str, delimiter: str) -> str | None:
    """How a number that others write so is written here; None if it is no number."""
    marked = _THOUSANDS.fullmatch(text)
    plain = marked and re.sub(r"[^+\-\d]", "", marked[1]) + (f".{marked[2]}" if marked[2] else "")
    if not _DECIMAL_COMMA.fullmatch(text):
        return f"write numbers without marks of thousands: `{plain}`" if plain else None
    decimal = text.replace(",", ".")
    # Semicolons stand between fields where commas are for decimals.
    if plain and delimiter != ";":
        return f"write `{decimal}` if its comma is decimal, or `{plain}` if it marks thousands"
    return f"write numbers with a decimal point: `{decimal}`"


def missing_fault(cell: str, where: Place, help: str | None = None) -> Fault:
    """The fault of a value that is not there."""
    return Fault(f"the value is missing (`{cell}`)" if cell else "the value is missing", where, help)


def shorten(text: str) -> str:
    """A text that fits into a message."""
    return text if len(text) <= 40 else text[:37] + "..."
