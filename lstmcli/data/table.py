"""Text tables (CSV) read in blocks: rows of numbers and targets, with the row of the file each came from."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import repeat
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.cells import BLANKS, FILL_IN, is_missing, is_number, missing_fault, split_row
from lstmcli.data.class_targets import class_targets
from lstmcli.data.declaration import DataSection
from lstmcli.data.first_rows import first_values, usual_cells
from lstmcli.data.layout import Layout, find_layout
from lstmcli.data.left_out import LeftOut
from lstmcli.data.parse import Texts, parse_block, ragged_fault, row_fault
from lstmcli.data.sources import source_name
from lstmcli.data.table_start import open_table, text_of
from lstmcli.data.words import check_counts, check_one_each, spell_out, words_of
from lstmcli.errors import DataError, Fault, Place
from lstmcli.records import Sequences, Targets, Task

Begin = Callable[[Layout], None]


@dataclass(frozen=True)
class Rows:
    """Consecutive rows of a table; its first and last sequence may go on in the rows around them.

    targets : one a step, or None
    file, numbers : where the rows of the steps are, int64[S]
    apart : no sequence goes on in other rows
    """

    sequences: Sequences
    targets: Targets | None
    layout: Layout
    file: str
    numbers: NDArray[np.int64]
    apart: bool = False


class Table:
    """One long table in one or more files with the same columns, read one file after the other.

    apart : where no column tells sequences apart, each text is one, and not each file
    left_out : where rows that cannot be read are counted; without it they raise their faults
    begin : is told the layout as soon as it is known, which may be before any row
    """

    def __init__(
        self,
        columns: DataSection,
        task: Task | None,
        apart: bool = True,
        left_out: LeftOut | None = None,
        begin: Begin | None = None,
    ):
        self.columns = columns
        self.task = task
        self.left_out = left_out
        self.begin = begin
        self.apart = apart and columns.words is not None
        self.texts = 0
        self.layout: Layout | None = None
        self.first = Place("")

    def read(
        self, path: str, stdin: BinaryIO | None, sequence_id: str | None = None
    ) -> Iterator[Rows | None]:
        """The rows of a file or of stdin (`-`) in blocks; all are one sequence if `sequence_id` is given.

        None comes where no row can go on with the last sequence. Raises DataError for what is wrong in the
        file, or if its columns are not those of the first file; without a task after the rows before that.
        """
        file = source_name(path)
        skip = self.left_out.skip if self.left_out is not None else None
        names, delimiter, pieces = open_table(path, stdin, self.columns, skip)
        if self.layout is not None and names != self.layout.names:
            help = f"there: {', '.join(self.layout.names)}; here: {', '.join(names)}"
            raise DataError(Fault(f"the columns are not those of {self.first.file}", Place(file, 1), help))
        if self.layout is None and self.columns.header and self.columns.features is not None:
            self.first = Place(file)
            self._begin(find_layout(names, (), self.first, delimiter, self.columns, self.task))
        empty = True
        for text, numbers in pieces:
            if self.layout is None:
                self.first = Place(file, int(numbers[0]))
                layout = self._find_layout(names, text, numbers, delimiter)
                if layout is None:
                    continue
                self._begin(layout)
            try:
                rows = self._sound_rows(text, numbers, delimiter, file, sequence_id)
            except DataError as error:
                yield from self._rows_before(error, text, numbers, delimiter, file, sequence_id)
                raise
            if rows is None:
                continue
            empty = False
            if self.left_out is not None:
                self.left_out.keep(file, rows.numbers)
            self.texts += len(numbers)
            yield rows
        if empty:
            faults = self.left_out.faults if self.left_out is not None else []
            # Those who were told of each row need not be told again.
            if not faults or self.left_out is None or self.left_out.tell is None:
                raise DataError(faults or Fault("the table has a header and no rows", Place(file)))
        if sequence_id is not None:
            yield None

    def _begin(self, layout: Layout) -> None:
        self.layout = layout
        if self.begin is not None:
            self.begin(layout)

    def _sound_rows(
        self, text: bytes, numbers: NDArray[np.int64], delimiter: str, file: str, sequence_id: str | None
    ) -> Rows | None:
        """The rows of a block; where rows may be left out those without a fault, None if all have one."""
        try:
            return self._rows(text, numbers, delimiter, file, sequence_id)
        except DataError:
            if self.left_out is None:
                raise
            assert self.layout is not None
            text, kept = self.left_out.sift(text, numbers, self.layout, delimiter, file)
            if len(kept) == len(numbers):
                raise
        return self._rows(text, kept, delimiter, file, sequence_id) if len(kept) else None

    def _rows_before(
        self,
        error: DataError,
        text: bytes,
        numbers: NDArray[np.int64],
        delimiter: str,
        file: str,
        sequence_id: str | None,
    ) -> Iterator[Rows | None]:
        """What can be answered of a block although it has faults: the rows before them."""
        sound = int(np.searchsorted(numbers, _first_row(error)))
        if self.task is not None or not sound:
            return
        lines = text.split(b"\n")
        rows = self._rows(b"\n".join(lines[:sound]), numbers[:sound], delimiter, file, sequence_id)
        yield rows
        column = rows.layout.sequence
        if column is None or sequence_id is not None:
            return
        # Whose row it is that has the fault can often be read.
        with suppress(DataError):
            cells = split_row(text_of(lines[sound]), delimiter, Place(file))
            if len(cells) == len(rows.layout.names) and cells[column].strip(BLANKS) != rows.sequences.ids[-1]:
                yield None

    def _find_layout(
        self, names: tuple[str, ...], text: bytes, numbers: NDArray[np.int64], delimiter: str
    ) -> Layout | None:
        """The layout by the first rows; None if rows may be left out, and they all are."""
        if self.left_out is not None:
            cells = first_values(text, len(names), delimiter)
            if cells is None:
                for row, line in zip(numbers.tolist(), text.split(b"\n"), strict=True):
                    self.left_out.skip(row_fault(line, len(names), delimiter, Place(self.first.file, row)))
                return None
        else:
            cells = split_row(text_of(text.partition(b"\n")[0]), delimiter, self.first)
            if len(cells) != len(names):
                raise DataError(ragged_fault(len(cells), len(names), self.first))
        if self.columns.header:
            cells = usual_cells(cells, text, delimiter)
        return find_layout(names, cells, self.first, delimiter, self.columns, self.task)

    def _rows(
        self, text: bytes, numbers: NDArray[np.int64], delimiter: str, file: str, sequence_id: str | None
    ) -> Rows:
        assert self.layout is not None
        values, responses, texts = parse_block(text, numbers, self.layout, delimiter, file)
        self.layout = layout = self._decide(texts)
        apart = False
        if sequence_id is None and layout.sequence is not None:
            ids = texts[layout.sequence]
            starts, names = [0], ids.texts
            if len(names) > 1:
                starts += (np.flatnonzero(ids.numbers[1:] != ids.numbers[:-1]) + 1).tolist()
                names = tuple([ids.texts[number] for number in ids.numbers.take(starts)])
        elif sequence_id is None and self.apart:
            apart, starts = True, list(range(len(numbers)))
            names = tuple(str(self.texts + number) for number in range(1, len(numbers) + 1))
        else:
            starts, names = [0], (sequence_id or "1",)
        sequences = Sequences(
            values=values,
            offsets=np.array([*starts, len(numbers)], np.int64),
            ids=names,
            channels=layout.channels,
            times=texts[layout.time].in_rows() if layout.time is not None else None,
            places=tuple(zip(repeat(file), numbers.take(starts).tolist(), strict=False)),
            unread=layout.unread,
        )
        targets = None
        if layout.labels is not None:
            assert self.task is not None
            column = layout.labels
            targets = class_targets(
                texts[column], self.task.classes, lambda step: layout.place(file, int(numbers[step]), column)
            )
        elif layout.responses:
            answers = tuple(layout.names[column] for column in layout.responses)
            targets = Targets(responses, answers, per_step=True)
        rows = Rows(sequences, targets, layout, file, numbers, apart)
        return rows if layout.words is None else self._spelt_out(rows, layout.words, texts[layout.words])

    def _spelt_out(self, rows: Rows, column: int, texts: Texts) -> Rows:
        """The rows with a step for each word; raises DataError as `check_counts` and `check_one_each` do."""
        words = words_of(texts, self.columns.tokenize)

        def place(row: int) -> Place:
            return rows.layout.place(rows.file, int(rows.numbers[row]), column)

        check_counts(words, place)
        if rows.targets is not None and self.task is not None and self.task.per_step:
            check_one_each(words, self.task, self.columns.tokenize, place)
        sequences, targets, steps = spell_out(rows.sequences, rows.targets, words)
        return replace(rows, sequences=sequences, targets=targets, numbers=rows.numbers[steps])

    def _decide(self, texts: dict[int, Texts]) -> Layout:
        """The layout without the undecided columns that prove to be text."""
        assert self.layout is not None
        undecided = []
        for column in self.layout.undecided:
            value = next((text for text in texts[column].texts if not is_missing(text)), None)
            if value is None:
                undecided.append(column)
            elif is_number(value):
                assert self.first.row is not None
                where = self.layout.place(self.first.file, self.first.row, column)
                raise DataError(missing_fault("", where, FILL_IN))
        if len(undecided) == len(self.layout.undecided):
            return self.layout
        return replace(self.layout, undecided=tuple(undecided))


def _first_row(error: DataError) -> int:
    """The first row that has a fault; 0 where one has no row."""
    return min(fault.where.row or 0 if isinstance(fault.where, Place) else 0 for fault in error.faults)
