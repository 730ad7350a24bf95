"""How a text table begins: its delimiter, the names of its columns, and its rows from the first one on."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.cells import is_number, split_row
from lstmcli.data.declaration import DataSection
from lstmcli.data.layout import DELIMITERS, column_names, find_delimiter
from lstmcli.data.line_breaks import NumberedRows, join_broken_rows, lines_as_rows
from lstmcli.data.sources import Lines, Skip, line_blocks, source_name
from lstmcli.errors import DataError, Place


class Start(NamedTuple):
    """A table that has been opened.

    names : of its columns
    pieces : its rows, one at least, and the numbers of their lines, as soon as they are there; without those
        that are the header again, as files joined by cat have it
    """

    names: tuple[str, ...]
    delimiter: str
    pieces: Iterator[NumberedRows]


def open_table(path: str, stdin: BinaryIO | None, columns: DataSection, skip: Skip | None = None) -> Start:
    """The beginning of a file or of stdin (`-`); raises DataError as what it is made of does.

    skip : takes the fault of each line that is no text in UTF-8, which is then left out
    """
    file = source_name(path)
    blocks = line_blocks(path, stdin, skip)
    start = next(blocks)
    wanted = columns.features if columns.header else None
    # Names that are known tell the delimiter, too: the first row may be long in coming.
    if start.total == 1 and not wanted and (following := next(blocks, None)):
        start = Lines(1, 1 + following.total, start.text + b"\n" + following.text)
    first, *second = map(text_of, start.text.split(b"\n", 2)[:2])
    delimiter = find_delimiter(first, *second) if second or not wanted else _delimiter_of(first, wanted)
    blocks = chain([start], blocks)
    # Looking for quotes would make the reading of numbers slow.
    broken = columns.words is not None
    pieces = join_broken_rows(blocks, delimiter) if broken else lines_as_rows(blocks)
    text, numbers = next(pieces)
    first_line, _, rest = text.partition(b"\n")
    names = column_names(split_row(text_of(first_line), delimiter, Place(file, 1)), columns.header, file)
    header = None
    if columns.header:
        text, numbers = rest, numbers[1:]
        # A row of numbers cannot be told from a row of data.
        header = None if all(map(is_number, names)) else first_line.removesuffix(b"\r")
    return Start(names, delimiter, _rows(chain([(text, numbers)], pieces), header))


def _delimiter_of(header: str, wanted: Collection[str]) -> str:
    """The delimiter by which a header has these columns, the most frequent if none has."""
    for delimiter in DELIMITERS:
        with suppress(DataError):
            if {name.strip() for name in split_row(header, delimiter, Place(""))}.issuperset(wanted):
                return delimiter
    return find_delimiter(header)


def text_of(line: bytes) -> str:
    """A line without its end."""
    return line.decode().removesuffix("\r")


def _rows(pieces: Iterator[NumberedRows], header: bytes | None) -> Iterator[NumberedRows]:
    for piece in pieces:
        text, numbers = _without_repeated_header(*piece, header)
        if len(numbers):
            yield text, numbers


def _without_repeated_header(
    text: bytes, numbers: NDArray[np.int64], header: bytes | None
) -> tuple[bytes, NDArray[np.int64]]:
    """The rows that are not the header again, and their numbers."""
    if header is None or header not in text:
        return text, numbers
    split = text.split(b"\n")
    repeats = {header, header + b"\r"}
    keep = np.array([line not in repeats for line in split])
    return b"\n".join(line for line in split if line not in repeats), numbers[keep]
