"""A block of a text table parsed: numbers and texts of the columns that are used, or its faults."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from lstmcli.data.cells import BLANKS, MISSING, ends_open, missing_fault, number_fault, split_row
from lstmcli.data.layout import Layout
from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place, counted
from lstmcli.thread_count import thread_count

PIECE = 1 << 19
"""Bytes that one thread parses, where there are several."""
FEW = 32
"""Rows that are parsed without a reader of CSV, for which one row would wait longer than for all else."""
LEAVE_OUT = "leave the row out"
"""The help for a text of nothing."""
_WITHOUT_TIMES = "fill it in, or read without times: `time: none`, and `features` without that column"
_OF_NUMBERS = "0123456789.eE+-"
_LEAST, _MOST = 2.0**-126, 2.0**127
"""Between these float32 has all its digits, and room for more."""
_BEYOND, _HALF = 0x1FFF_FFFF, 0x1000_0000
"""The bits of a float64 that float32 has not, and what they are halfway between two of its numbers."""


class Texts(NamedTuple):
    """A column of text: the number of each row's text, and the distinct texts in order of their first row."""

    numbers: NDArray[np.int32]
    texts: tuple[str, ...]

    def in_rows(self) -> NDArray[np.object_]:
        """The text of each row."""
        return np.array(self.texts, object)[self.numbers]


class Block(NamedTuple):
    """The columns of some rows that are used.

    features, responses : float32[n, F] and float32[n, R], in the order of the layout
    texts : by the positions of their columns
    """

    features: NDArray[np.float32]
    responses: NDArray[np.float32]
    texts: dict[int, Texts]


def parse_block(text: bytes, rows: NDArray[np.int64], layout: Layout, delimiter: str, file: str) -> Block:
    """The numbers and the texts of some rows.

    text : n lines, the last without its end; rows : their numbers in the file
    Raises DataError for ragged rows, missing values, and values that are no finite numbers.
    """
    table = None
    if is_plain(text):
        if len(rows) <= FEW and (few := _parse_few(text, layout, delimiter)):
            return few
        table = _parse_with_threads(text, layout, delimiter) or parse_table(text, layout, delimiter)
    if table is None:
        raise DataError(find_faults(text, rows, layout, delimiter, file))
    numbers, texts = {}, {}
    sound = table.num_rows == len(rows)
    for column in layout.numbers:
        values = table[str(column)].combine_chunks()
        sound = sound and values.null_count == 0
        numbers[column] = values.to_numpy(zero_copy_only=False)
        sound = sound and bool(np.isfinite(numbers[column]).all())
    for column in layout.texts:
        coded = table[str(column)].combine_chunks()
        texts[column] = _without_blanks(coded.indices.to_numpy(), coded.dictionary.to_pylist())
        sound = sound and not missing_texts(layout, column).intersection(texts[column].texts)
    if not sound:
        raise DataError(find_faults(text, rows, layout, delimiter, file))
    features = _side_by_side(numbers, layout.features, len(rows))
    return Block(features, _side_by_side(numbers, layout.responses, len(rows)), texts)


def _side_by_side(
    values: dict[int, NDArray[np.float32]], columns: tuple[int, ...], rows: int
) -> NDArray[np.float32]:
    out = np.empty((rows, len(columns)), np.float32)
    for channel, column in enumerate(columns):
        out[:, channel] = values[column]
    return out


def _parse_few(text: bytes, layout: Layout, delimiter: str) -> Block | None:
    """The same of a few rows that are as they should be beyond doubt; None if it takes a closer look."""
    # A field with quotes may hold the delimiter.
    if b'"' in text or b"\r" in text:
        return None
    lines = [line.split(delimiter) for line in text.decode().split("\n")]
    if any([len(cells) != len(layout.names) for cells in lines]):
        return None
    features, responses = (_numbers(lines, columns) for columns in (layout.features, layout.responses))
    if features is None or responses is None:
        return None
    texts = {}
    for column in layout.texts:
        cells = [line[column].strip(BLANKS) for line in lines]
        if not missing_texts(layout, column).isdisjoint(cells):
            return None
        distinct = {cell: number for number, cell in enumerate(dict.fromkeys(cells))}
        texts[column] = Texts(np.array([distinct[cell] for cell in cells], np.int32), tuple(distinct))
    return Block(features, responses, texts)


def _numbers(lines: list[list[str]], columns: tuple[int, ...]) -> NDArray[np.float32] | None:
    """The float32 nearest to each cell; None if one may be no number, or another one by way of float64."""
    if not columns:
        return np.empty((len(lines), 0), np.float32)
    cells = [line[column] for line in lines for column in columns]
    # Python knows more ways to write a number.
    if "".join(cells).strip(_OF_NUMBERS):
        return None
    try:
        numbers = list(map(float, cells))
    except ValueError:
        return None
    if not all([_LEAST <= abs(number) <= _MOST or number == 0 for number in numbers]):
        return None
    values = np.array(numbers, np.float64)
    if _HALF in (values.view(np.int64) & _BEYOND).tolist():
        return None
    return values.astype(np.float32).reshape(len(lines), -1)


def is_plain(text: bytes) -> bool:
    """Whether no row ends at a carriage return alone."""
    return text.count(b"\r") - text.endswith(b"\r") == text.count(b"\r\n")


def _parse_with_threads(text: bytes, layout: Layout, delimiter: str) -> pa.Table | None:
    """None where it is not worth it, or if there is a fault, or a line that is longer than a piece."""
    if thread_count() == 1 or len(text) <= PIECE:
        return None
    pa.set_cpu_count(thread_count())
    return parse_table(text, layout, delimiter, PIECE)


def parse_table(text: bytes, layout: Layout, delimiter: str, piece: int | None = None) -> pa.Table | None:
    """None if there is a fault. Columns go by position: names may be empty."""
    last = text[text.rfind(b"\n") + 1 :]
    # A field that does not end is one to pyarrow that ends with the text.
    if b'"' in last and ends_open(last.decode(), delimiter):
        return None
    number, coded = pa.float32(), pa.dictionary(pa.int32(), pa.string())
    types = {str(column): number for column in layout.numbers} | {str(c): coded for c in layout.texts}
    names = [str(column) for column in range(len(layout.names))]
    try:
        return csv.read_csv(
            pa.BufferReader(text),
            csv.ReadOptions(
                use_threads=piece is not None, block_size=piece or len(text) + 1, column_names=names
            ),
            csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=types, include_columns=list(types), null_values=sorted(MISSING), check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def parse_numbers(text: str) -> NDArray[np.float32] | None:
    """The numbers of a text that has one a line, float32[n]; None if one is missing or no finite number."""
    layout = Layout(names=("",), features=(0,))
    table = parse_table(text.encode(), layout, ",")
    if table is None:
        return None
    column = table["0"].combine_chunks()
    values: NDArray[np.float32] = column.to_numpy(zero_copy_only=False)
    return values if column.null_count == 0 and np.isfinite(values).all() else None


def _without_blanks(numbers: NDArray[np.int32], texts: list[str]) -> Texts:
    """A column without the blanks around its texts; what becomes equal is one text."""
    stripped = [text.strip(BLANKS) for text in texts]
    if stripped == texts:
        return Texts(numbers, tuple(texts))
    distinct = tuple(dict.fromkeys(stripped))
    number_of = {text: number for number, text in enumerate(distinct)}
    merged = np.array([number_of[text] for text in stripped], np.int32)
    return Texts(merged[numbers], distinct)


def missing_texts(layout: Layout, column: int) -> frozenset[str]:
    """What no cell of a column of text may be: `NA` is Namibia as the name of a sequence, but no class."""
    if column in layout.undecided:
        return frozenset()
    return MISSING if column == layout.labels else frozenset([""])


def find_faults(
    text: bytes, rows: NDArray[np.int64], layout: Layout, delimiter: str, file: str
) -> list[Fault]:
    """The faults of a block that could not be parsed, cell by cell: one at least, and not all of many."""
    faults: list[Fault] = []
    for row, line in zip(rows.tolist(), text.decode().split("\n"), strict=True):
        try:
            cells = split_row(line.removesuffix("\r"), delimiter, Place(file, row))
        except DataError as error:
            faults += error.faults
            cells = []
        else:
            if len(cells) != len(layout.names):
                faults.append(ragged_fault(len(cells), len(layout.names), Place(file, row)))
                cells = []
        for column, cell in enumerate(cells):
            where = layout.place(file, row, column)
            if column in layout.numbers and (fault := number_fault(cell, where, delimiter)):
                faults.append(fault)
            elif column in layout.texts and cell.strip(BLANKS) in missing_texts(layout, column):
                help = {layout.words: LEAVE_OUT, layout.time: _WITHOUT_TIMES}.get(column)
                faults.append(missing_fault(cell.strip(BLANKS), where, help))
        if len(faults) > MOST_FAULTS:
            break
    return faults or [Fault("the rows from here on cannot be read", Place(file, int(rows[0])))]


def row_fault(line: bytes, columns: int, delimiter: str, where: Place) -> Fault:
    """The fault of a row that is none of a table with so many columns."""
    try:
        cells = split_row(line.decode().removesuffix("\r"), delimiter, where)
    except DataError as error:
        return error.faults[0]
    return ragged_fault(len(cells), columns, where)


def ragged_fault(fields: int, expected: int, where: Place) -> Fault:
    """The fault of a row with another number of fields than the table has columns."""
    if fields == 0:
        return Fault("the row is empty", where)
    has, wanted = counted(fields, "field"), counted(expected, "column")
    return Fault(f"the row has {has}, but the table has {wanted}", where)
