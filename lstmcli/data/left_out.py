"""Rows of a table that cannot be read: left out and counted, where others raise their faults."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.cells import BLANKS, is_missing, number_fault, split_row
from lstmcli.data.layout import Layout
from lstmcli.data.line_breaks import NumberedRows
from lstmcli.data.parse import find_faults, is_plain, missing_texts, parse_table
from lstmcli.data.table_start import text_of
from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place

MISSING, NO_NUMBER, NO_ROW = "missing", "no finite number", "no row of the table"
PLACES = 5
"""Of one kind, that are kept."""
BY_CELL = 64
"""Rows that are looked at cell by cell; more are halved, until those without a fault are apart."""


@dataclass
class Gap:
    """What is wrong in one way: how many cells of a column, or rows, and where the first are."""

    count: int = 0
    places: list[Place] = field(default_factory=list)


@dataclass
class LeftOut:
    """The rows that were left out so far.

    gaps : by kind and column, which is None for rows; faults : the first ones, as they would be raised
    tell : takes all of them, as they are found, of a table that may have no end
    kept : without `tell` the file of each block of steps that were read, and their rows
    """

    tell: Callable[[Sequence[Fault]], None] | None = None
    rows: int = 0
    gaps: dict[tuple[str, str | None], Gap] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    kept: list[tuple[str, NDArray[np.int64]]] = field(default_factory=list)

    def keep(self, file: str, rows: NDArray[np.int64]) -> None:
        """Remember where the next steps are that were read."""
        if self.tell is None:
            self.kept.append((file, rows))

    def place(self, step: int) -> Place:
        """Where a step is, from 0, of all that were read."""
        for file, rows in self.kept:
            if step < len(rows):
                return Place(file, int(rows[step]))
            step -= len(rows)
        raise IndexError(step)

    def sift(
        self, text: bytes, rows: NDArray[np.int64], layout: Layout, delimiter: str, file: str
    ) -> NumberedRows:
        """The rows of a block that have no fault; arguments are those of `parse_block`."""
        lines = text.split(b"\n")
        wrong = np.zeros(len(rows), bool)
        for kind, column, at in _find(lines, 0, layout, delimiter):
            wrong[at] = True
            gap = self.gaps.setdefault((kind, None if column is None else layout.names[column]), Gap())
            gap.count += len(at)
            for row in rows[at[: PLACES - len(gap.places)]].tolist():
                gap.places.append(Place(file, row) if column is None else layout.place(file, row, column))
        room = MOST_FAULTS + 1 - len(self.faults)
        for k in np.flatnonzero(wrong)[: None if self.tell else room]:
            self._take(find_faults(lines[k], rows[k : k + 1], layout, delimiter, file))
        self.rows += int(wrong.sum())
        if not wrong.any():
            return text, rows
        return b"\n".join(line for line, out in zip(lines, wrong, strict=True) if not out), rows[~wrong]

    def skip(self, fault: Fault) -> None:
        """One more row, of which only the fault is known."""
        self.gaps.setdefault((NO_ROW, None), Gap()).count += 1
        self.rows += 1
        self._take([fault])

    def _take(self, faults: list[Fault]) -> None:
        self.faults += faults[: MOST_FAULTS + 1 - len(self.faults)]
        if self.tell is not None:
            self.tell(faults)


def _find(
    lines: list[bytes], first: int, layout: Layout, delimiter: str
) -> Iterator[tuple[str, int | None, NDArray[np.int64]]]:
    """What is wrong in which column of which lines, whose numbers begin with `first`."""
    text = b"\n".join(lines)
    # An empty line would be taken for missing values.
    is_sound = is_plain(text) and not (b"" in lines or b"\r" in lines)
    table = parse_table(text, layout, delimiter) if is_sound else None
    if table is None or table.num_rows != len(lines):
        half = len(lines) // 2
        if len(lines) > BY_CELL:
            yield from _find(lines[:half], first, layout, delimiter)
            yield from _find(lines[half:], first + half, layout, delimiter)
            return
        for k, line in enumerate(lines, first):
            for kind, column in _find_in_row(line, layout, delimiter):
                yield kind, column, np.array([k])
        return
    for column in layout.numbers:
        values = table[str(column)].combine_chunks()
        missing = values.is_null().to_numpy(zero_copy_only=False)
        finite = np.isfinite(values.to_numpy(zero_copy_only=False))
        for kind, wrong in ((MISSING, missing), (NO_NUMBER, ~(finite | missing))):
            if wrong.any():
                yield kind, column, np.flatnonzero(wrong) + first
    for column in layout.texts:
        coded, nothing = table[str(column)].combine_chunks(), missing_texts(layout, column)
        empty = np.array([text.strip(BLANKS) in nothing for text in coded.dictionary.to_pylist()], bool)
        wrong = empty[coded.indices.to_numpy()]
        if wrong.any():
            yield MISSING, column, np.flatnonzero(wrong) + first


def _find_in_row(line: bytes, layout: Layout, delimiter: str) -> Iterator[tuple[str, int | None]]:
    try:
        cells = split_row(text_of(line), delimiter, Place(""))
    except DataError:
        cells = []
    if len(cells) != len(layout.names):
        yield NO_ROW, None
        return
    for column in layout.numbers:
        if number_fault(cells[column], Place(""), delimiter):
            yield (MISSING if is_missing(cells[column]) else NO_NUMBER), column
    for column in layout.texts:
        if cells[column].strip(BLANKS) in missing_texts(layout, column):
            yield MISSING, column
