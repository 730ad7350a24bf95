"""The first cells of a column of a table, and what they say of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from lstmcli.data.cells import is_missing, is_number, is_number_elsewhere
from lstmcli.data.default_features import unit_of

MOST_CLASSES = 100
TIMES = (
    *("time", "timestamp", "datetime", "date", "t", "timestep", "step", "cycle", "frame"),
    *("month", "quarter", "week", "day", "hour", "year", "seconds", "index"),
)
"""Names of columns of times, the surest first; so are the others."""
_TIME_WORDS = {*TIMES, "doy", "weekday"}
_NUMBERS = re.compile(r"\d[-/:]\d")
"""`2024-01-31`, `31/1/24`, `12:30`."""
_NAMED = re.compile(r"(?<![^\W\d])[^\W\d]{3,}\W*\d|\d\W*[^\W\d]{3,}\W*\d")
"""`Jan 2024`, `31 Jan 24`."""
_WORD = re.compile(r"[^\W\d]{3,}")
_MONTH = re.compile(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?"
    r"|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
MOST_DATE_WORDS = 12 + 7
"""Months and days of the week, in any language."""
LONGEST_DATE = 40


@dataclass(frozen=True)
class Column:
    """A column with its first cells, one a row."""

    name: str
    cells: Sequence[str]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The words that the name is made of, in lower case: `RunID` and `run_id` are `run` and `id`."""
        apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", self.name)
        return tuple(part for part in re.split(r"[\W_]+", apart.lower()) if part)

    @property
    def key(self) -> str:
        """The name as it is looked up."""
        return "".join(self.parts)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The cells that are not missing."""
        return tuple(cell for cell in self.cells if not is_missing(cell))

    @cached_property
    def starts(self) -> frozenset[int]:
        """The rows whose cell is not that of the row before, from 0."""
        return frozenset(n for n, cell in enumerate(self.cells) if n == 0 or cell != self.cells[n - 1])

    @cached_property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(set(self.values))

    @cached_property
    def is_text(self) -> bool:
        """Whether there are values, and none is a number, however it is written."""
        return bool(self.values) and not any(is_number(v) or is_number_elsewhere(v) for v in self.values)

    @cached_property
    def unit(self) -> str:
        """The unit that all values have behind a number; "" if they have not."""
        units = {unit_of(value) for value in self.values}
        return units.pop() if len(units) == 1 else ""

    @cached_property
    def is_numbers(self) -> bool:
        """Whether no value is a text."""
        return all(map(is_number, self.values))

    @cached_property
    def is_whole(self) -> bool:
        """Whether all values are whole numbers."""
        return all(value.lstrip("+-").isdecimal() for value in self.values)

    @property
    def counts(self) -> bool:
        """Whether all values are whole numbers, and few different ones."""
        return self.is_whole and self.distinct <= min(MOST_CLASSES, len(self.values) // 2)

    @property
    def is_prose(self) -> bool:
        """Whether it has texts of several words."""
        words = sum(len(value.split()) for value in self.values)
        return self.is_text and words >= 3 * len(self.values) and 2 * self.distinct > len(self.values)

    @property
    def is_dates(self) -> bool:
        """Whether all values look like dates or times of day; those of one word that is no month do not."""
        if not self.values or max(map(len, self.values)) > LONGEST_DATE:
            return False
        named = [value for value in self.values if not _NUMBERS.search(value)]
        words = {word for value in named for word in _WORD.findall(value.lower())}
        few = 1 < len(words) <= MOST_DATE_WORDS or any(map(_MONTH.fullmatch, words))
        return all(map(_NAMED.search, named)) and (few or not named)

    @property
    def is_time(self) -> bool:
        """Whether a word of the name is of time, as in `week_number`."""
        return not _TIME_WORDS.isdisjoint(self.parts)

    @property
    def comes_again(self) -> bool:
        """Whether a value is there again after others."""
        return len(self.starts) > self.distinct

    @property
    def stays(self) -> bool:
        """Whether all cells have values, and most have that of the row before."""
        return len(self.values) == len(self.cells) >= 2 * len(self.starts) > 0


def first_named(columns: Iterable[Column], names: Sequence[str]) -> Column | None:
    """The column with the first of the names that one has."""
    by_key = {column.key: column for column in columns}
    return next((by_key[name] for name in names if name in by_key), None)
