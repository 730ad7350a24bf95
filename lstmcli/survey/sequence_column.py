"""Which column of a table tells its sequences apart, if nobody says so: by names, and by blocks of rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.declaration import DataSection
from lstmcli.data.times import moments
from lstmcli.records import Sequences
from lstmcli.survey.column import Column
from lstmcli.survey.values import EVIDENCE, steps_inside

_WORDS = (
    *("sequence", "seq", "series", "segment", "utterance", "episode", "trial", "trip", "flight", "run"),
    *("session", "recording", "record", "batch", "experiment", "case", "file", "unit", "engine", "machine"),
    *("device", "vehicle", "patient", "subject", "participant", "user", "id"),
)
SEQUENCES = tuple(word + end for word in _WORDS for end in ("id", "nr", "no", "number", "name", ""))
"""Names of columns that tell sequences apart: what is told apart the finest comes first."""
MOST_BY_CHANCE = 3
"""Blocks of rows that classes may have, where each comes once."""

MOST_LOOKS = 3
"""Columns that are looked at in all rows, as each look reads the data once more; the finest ones."""
MOST_DIGITS = 18
"""Of a number that counts sequences."""


class Blocks(NamedTuple):
    """How the values of a column lie in all rows.

    number : of blocks of rows with one value; distinct : of values; longest : rows of the longest block
    anew : what grows within the blocks and falls where one begins, as a time does; "" if nothing
    counts_up : whether the value of each block is that of the block before it and 1, and no time is known
    """

    number: int
    distinct: int
    longest: int
    anew: str
    counts_up: bool


Look = Callable[[DataSection], Blocks | None]
"""The blocks of the column that a section names as `sequence`; None if rows cannot be told apart by it."""


def blocks_of(sequences: Sequences, time: str) -> Blocks:
    """The blocks of the column by which the sequences were told apart; time : the name of their times."""
    inside = steps_inside(sequences)
    times, anew = sequences.times, ""
    if times is not None:
        found = moments(times)
        # Other times compare as texts.
        anew = time if _begins_anew(times if found is None else found, inside, 1) else ""
    for k, name in enumerate(sequences.channels or ()):
        if not anew and _begins_anew(sequences.values[:, k], inside, EVIDENCE):
            anew = name
    counts_up = times is None and _count_up(sequences.ids)
    longest = int(sequences.lengths.max())
    return Blocks(len(sequences), len(set(sequences.ids)), longest, anew, counts_up)


def by_name(free: Sequence[Column]) -> tuple[str, str] | None:
    """The column whose name says that it tells sequences apart, and that this is the reason.

    free : the columns that may be it
    """
    known = [column for column in free if column.key in SEQUENCES and column.distinct < len(column.values)]
    if known:
        named = min(known, key=lambda column: (column.distinct < 2, SEQUENCES.index(column.key)))
        return named.name, "its name"
    ids = [column for column in free if column.parts[-1:] == ("id",) and column.stays]
    if not ids:
        return None
    return max(ids, key=lambda column: len(column.starts)).name, "its name"


def by_blocks(
    free: Sequence[Column], columns: DataSection, targets: Sequence[Column], texts: bool, look: Look
) -> tuple[str, str] | None:
    """The column whose values lie in blocks of rows as the names of sequences do, and the reason.

    free : the columns that may be it; columns : what is known so far
    targets : columns that probably have targets; texts : whether texts may be targets at all
    """
    found = []
    may = sorted(filter(_may_have_blocks, free), key=lambda column: -len(column.starts))
    for column in may[:MOST_LOOKS]:
        blocks = look(replace(columns, sequence=column.name))
        if blocks is not None and 1 < blocks.number == blocks.distinct and blocks.longest >= columns.shortest:
            others = [target for target in targets if target is not column]
            found.append((blocks.number, column.name, _reason(column, blocks, others, texts)))
    finest = max((one for one in found if one[2]), key=lambda one: one[0], default=None)
    return finest and finest[1:]


def _may_have_blocks(column: Column) -> bool:
    # Years, days and hours divide a series, and do not end it.
    if column.is_time or column.comes_again or not column.stays:
        return False
    return column.is_text or (column.is_whole and column.distinct > 1)


def _reason(column: Column, blocks: Blocks, targets: list[Column], texts: bool) -> str:
    """Why the column tells sequences apart; "" if that is not sure."""
    if blocks.anew:
        return f"`{blocks.anew}` begins anew with each of its values"
    each = f"each of its {blocks.number} values is in one block of rows"
    if column.is_text:
        if blocks.number > MOST_BY_CHANCE or not texts:
            return each
        return f"{each}, and `{targets[0].name}` has the targets" if targets else ""
    # A class may have a number beside its name.
    is_class = any(target.starts == column.starts and not target.comes_again for target in targets)
    if blocks.counts_up and blocks.number > MOST_BY_CHANCE and not is_class:
        return f"{each}, and they count up"
    for target in targets:
        few = 1 < target.distinct < len(column.starts) > MOST_BY_CHANCE
        if few and target.starts <= column.starts:
            return f"{each}, where `{target.name}` does not change"
    return ""


def _count_up(names: Sequence[str]) -> bool:
    """Whether names are whole numbers, each one more than that before it."""
    whole = all(name.isdecimal() and len(name) <= MOST_DIGITS for name in names)
    return whole and all(int(after) == int(name) + 1 for name, after in pairwise(names))


def _begins_anew(x: NDArray[Any], inside: NDArray[np.bool_], least: int) -> bool:
    """Whether x, [S], grows at each of at least so many steps within sequences, and falls between them."""
    grows, falls = np.asarray(x[1:] > x[:-1], bool), np.asarray(x[1:] < x[:-1], bool)
    return int(inside.sum()) >= least and bool(grows[inside].all() and falls[~inside].all())
