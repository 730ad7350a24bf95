"""What the columns of a table are probably for, where nobody says so: by their names and first values."""

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from lstmcli.data.declaration import NONE, DataSection
from lstmcli.data.table_head import Head
from lstmcli.data.times import moments
from lstmcli.survey.column import MOST_CLASSES, TIMES, Column, first_named
from lstmcli.survey.guesses import Roles
from lstmcli.survey.sequence_column import MOST_BY_CHANCE, Look, by_blocks, by_name

LABELS = tuple(
    word + end
    for word in ("label", "labels", "class", "classes", "category", "activity", "species")
    for end in ("", "id", "name")
)
EITHER = ("target", "targets", "y", "output")
RESPONSES = ("response", "responses", "rul")
_TARGETS = {*LABELS, *EITHER, *RESPONSES}


def table_of(head: Head) -> list[Column]:
    """The columns of a table, by its first rows."""
    return [Column(name, cells) for name, cells in zip(head.names, head.columns, strict=True)]


def guess_roles(
    head: Head, columns: DataSection, given: Iterable[str], classification: bool | None, look: Look
) -> Roles:
    """The columns of a table that names and first values give away.

    given : the words of the section that the user has said something on, which stay as they are
    classification : whether labels or responses are wanted; None where either will do
    look : tells how the values of a column lie in all rows, where the first ones do not
    """
    given, roles = set(given), Roles(columns, {})
    table = table_of(head)
    # A number with a unit is meant as a feature.
    free = [column for column in table if column.name not in _taken(columns) and not column.unit]
    if "time" not in given:
        roles = _with_time(head, roles, free, given, classification, look)
        free = [column for column in free if column.name != roles.columns.time]
    prose = None if given & {"words", "features"} else _only(column for column in free if column.is_prose)
    # Each row of a table of texts is a sequence of words.
    told = "sequence" in given or columns.sequence in head.names
    if not (told or prose or columns.words):
        others = [column for column in free if column.key not in _TARGETS.union(TIMES)]
        texts = classification is not False and not given & {"labels", "responses"}
        targets = _with_answers(table, free, columns)
        guess = by_name(others) or by_blocks(others, roles.columns, targets, texts, look)
        roles = roles if guess is None else roles.with_guess("sequence", *guess)
        free = [column for column in free if column.name != roles.columns.sequence]
    if prose is not None:
        roles = roles.with_guess("words", prose.name, "its texts have several words")
        free.remove(prose)
    if not given & {"labels", "responses"}:
        sequence = next((column for column in table if column.name == roles.columns.sequence), None)
        roles = _with_targets(roles, free, classification, sequence, look)
    return roles


def _with_time(
    head: Head, roles: Roles, free: list[Column], given: set[str], classification: bool | None, look: Look
) -> Roles:
    found = first_named(free, TIMES) or _only(column for column in free if _is_date(column))
    if found is not None:
        reason = "its name" if found.key in TIMES else "dates, and no two alike"
        return roles.with_guess("time", found.name, reason)
    dates = _only(column for column in free if _has_dates(column))
    if dates is None:
        return roles
    timed = roles.with_guess("time", dates.name, "dates that rise within each sequence")
    sequence = guess_roles(head, timed.columns, given | {"time"}, classification, look).columns.sequence
    starts = next((column.starts for column in table_of(head) if column.name == sequence), frozenset({0}))
    return timed if _rises(dates, starts) else roles


def _with_targets(
    roles: Roles, free: list[Column], classification: bool | None, sequence: Column | None, look: Look
) -> Roles:
    # Beside an x a y is a coordinate, and a y that is the only number is what there is to go by.
    beside = any(column.key == "x" for column in free)
    either = classification is None and not (roles.columns.features or roles.columns.words)
    alone = either and sum(column.is_numbers for column in free) == 1
    free = [
        column
        for column in free
        if not (column.key == "y" and beside)
        and not (alone and column.is_numbers and column.key in {*EITHER, *RESPONSES})
    ]
    if classification is not False:
        named = first_named(free, (*LABELS, *EITHER))
        if named is not None and (named.counts or not named.is_numbers):
            return roles.with_guess("labels", named.name, "its name")
        texts = [c for c in free if _may_be_label(c) and not _names_each(c, sequence)]
        for column in reversed(texts):
            blocks = look(replace(roles.columns, sequence=column.name)) if column.distinct < 2 else None
            if blocks is None or blocks.distinct > 1:
                return roles.with_guess("labels", column.name, "texts that come again")
    if classification is not True:
        named = first_named(free, (*RESPONSES, *EITHER))
        if named is not None and named.is_numbers:
            return roles.with_guess("responses", (named.name,), "its name")
    return roles


def _with_answers(table: list[Column], free: list[Column], columns: DataSection) -> list[Column]:
    """The columns that probably have targets: those that were given or have the name, or texts that come
    again.
    """
    given = {columns.labels, *(columns.responses or ())}
    return [
        column
        for column in table
        if column.name in given
        or (column in free and (column.key in _TARGETS or (_may_be_label(column) and column.comes_again)))
    ]


def _may_be_label(column: Column) -> bool:
    few = column.distinct < len(column.values) and column.distinct <= MOST_CLASSES
    return column.is_text and few and column.key not in TIMES and not column.is_dates


def _names_each(column: Column, sequence: Column | None) -> bool:
    """Whether a column has another value for each sequence, of more than a few."""
    if sequence is None or not column.starts <= sequence.starts:
        return False
    return not column.comes_again and MOST_BY_CHANCE < sequence.distinct == column.distinct


def _taken(columns: DataSection) -> set[str | None]:
    words = {columns.sequence, columns.time, columns.words, columns.labels}
    return words.union(columns.features or (), columns.responses or ()) - {NONE}


def _only(columns: Iterable[Column]) -> Column | None:
    found = list(columns)
    return found[0] if len(found) == 1 else None


def _is_date(column: Column) -> bool:
    return 1 < len(column.values) == column.distinct and _has_dates(column)


def _has_dates(column: Column) -> bool:
    return column.is_text and column.is_dates and not column.is_prose and column.key not in _TARGETS


def _rises(column: Column, starts: Collection[int]) -> bool:
    """Whether times never go back but where a sequence begins, and mostly go on."""
    found = moments(column.cells)
    if found is None:
        return False
    inside = np.array([row not in starts for row in range(1, len(found))], bool)
    goes_on, goes_back = found[1:] > found[:-1], found[1:] < found[:-1]
    return not goes_back[inside].any() and 2 * int(goes_on[inside].sum()) > int(inside.sum())
