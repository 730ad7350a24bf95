"""What the columns of a table are probably for, where nobody says so: by their names and first values."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from lstmcli.data.cells import is_missing, is_number
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.data.table_head import Head

SEQUENCES = (
    *("sequence_id", "seq_id", "seq", "series_id", "series", "case_id", "case", "unit_number", "unit_nr"),
    *("unit", "engine", "trial_id", "trial", "subject", "episode", "session", "run", "id"),
)
"""Names of columns that tell sequences apart, the surest first; so are the others."""
TIMES = (
    *("time", "timestamp", "datetime", "date", "t", "time_step", "timestep", "step", "cycle", "frame"),
    *("month", "quarter", "day", "hour", "year", "seconds", "index"),
)
LABELS = ("label", "labels", "class", "classes", "category", "activity", "species")
EITHER = ("target", "targets", "y", "output")
RESPONSES = ("response", "responses", "rul")
MOST_CLASSES = 100


class Roles(NamedTuple):
    """Columns with what was guessed of them, and why: word of the section -> reason."""

    columns: DataSection
    guesses: dict[str, str]

    def with_guess(self, word: str, value: str | tuple[str, ...], reason: str) -> "Roles":
        """One guess more."""
        guess: dict[str, Any] = {word: value}
        return Roles(replace(self.columns, **guess), self.guesses | {word: reason})


class _Column(NamedTuple):
    name: str
    cells: Sequence[str]

    @property
    def key(self) -> str:
        return self.name.strip().lower().replace(" ", "_").replace("-", "_")

    @property
    def is_text(self) -> bool:
        return bool(self.cells) and not any(map(is_number, self.cells))

    @property
    def distinct(self) -> int:
        return len(set(self.cells))

    @property
    def counts(self) -> bool:
        """Whether all values are whole numbers, and few different ones."""
        whole = all(cell.lstrip("+-").isdecimal() for cell in self.cells)
        return whole and self.distinct <= min(MOST_CLASSES, len(self.cells) // 2)


def guess_roles(head: Head, columns: DataSection, given: Iterable[str], classification: bool | None) -> Roles:
    """The columns of a table that names and first values give away.

    given : the words of the section that the user has said something on, which stay as they are
    classification : whether labels or responses are wanted; None where either will do
    """
    given, roles = set(given), Roles(columns, {})
    free = [
        _Column(name, [cell for cell in cells if not is_missing(cell)])
        for name, cells in zip(head.names, head.columns, strict=True)
        if name not in _taken(columns)
    ]
    if "sequence" not in given and columns.sequence not in head.names:
        found = _named(free, SEQUENCES)
        if found is not None and found.distinct < len(found.cells):
            roles = roles.with_guess("sequence", found.name, "its name")
            free.remove(found)
    if "time" not in given:
        found = _named(free, TIMES) or _only(c for c in free if c.is_text and _is_date(c))
        if found is not None:
            reason = "its name" if found.key in TIMES else "a text in each row, and no two alike"
            roles = roles.with_guess("time", found.name, reason)
            free.remove(found)
    if not given & {"words", "features"}:
        found = _only(column for column in free if _is_prose(column))
        if found is not None:
            roles = roles.with_guess("words", found.name, "its texts have several words")
            free.remove(found)
    if not given & {"labels", "responses"}:
        roles = _with_targets(roles, free, classification)
    return roles


def _with_targets(roles: Roles, free: list[_Column], classification: bool | None) -> Roles:
    # Beside an x a y is a coordinate.
    free = [column for column in free if column.key != "y" or "x" not in {other.key for other in free}]
    if classification is not False:
        named = _named(free, (*LABELS, *EITHER))
        if named is not None and (named.counts or not all(map(is_number, named.cells))):
            return roles.with_guess("labels", named.name, "its name")
        texts = [c for c in free if c.is_text and c.distinct < len(c.cells) and c.distinct <= MOST_CLASSES]
        if texts:
            return roles.with_guess("labels", texts[-1].name, "texts that come again")
    if classification is not True:
        named = _named(free, (*RESPONSES, *EITHER))
        if named is not None and all(map(is_number, named.cells)):
            return roles.with_guess("responses", (named.name,), "its name")
    return roles


def _taken(columns: DataSection) -> set[str | None]:
    words = {columns.sequence, columns.time, columns.words, columns.labels}
    return words.union(columns.features or (), columns.responses or ()) - {NONE}


def _named(columns: list[_Column], names: Sequence[str]) -> _Column | None:
    """The column with the first of the names that one has."""
    by_key = {column.key: column for column in columns}
    return next((by_key[name] for name in names if name in by_key), None)


def _only(columns: Iterable[_Column]) -> _Column | None:
    found = list(columns)
    return found[0] if len(found) == 1 else None


def _is_date(column: _Column) -> bool:
    return 1 < len(column.cells) == column.distinct and not _is_prose(column)


def _is_prose(column: _Column) -> bool:
    words = sum(len(cell.split()) for cell in column.cells)
    return column.is_text and words >= 3 * len(column.cells) and 2 * column.distinct > len(column.cells)
