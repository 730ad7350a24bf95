"""Rows of a text table whose quoted fields have line breaks, put on one line each."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.cells import ends_open
from lstmcli.data.sources import Lines

NumberedRows = tuple[bytes, NDArray[np.int64]]
"""Rows on one line each, the last without its end, and the number of the line that each begins on."""


def lines_as_rows(blocks: Iterable[Lines]) -> Iterator[NumberedRows]:
    """Each line as a row."""
    for block in blocks:
        yield block.text, np.arange(block.first, block.first + block.total)


def join_broken_rows(blocks: Iterable[Lines], delimiter: str) -> Iterator[NumberedRows]:
    """Rows with a blank for each line break in a quoted field, as soon as their last line is there.

    A row that does not end before the text does comes as it is.
    """
    begun: list[bytes] = []
    first = 0
    for block in blocks:
        if not begun and b'"' not in block.text:
            yield from lines_as_rows([block])
            continue
        rows, numbers = [], []
        for number, line in enumerate(block.text.split(b"\n"), block.first):
            first = first if begun else number
            if _goes_on(line, delimiter, bool(begun)):
                begun.append(line.removesuffix(b"\r"))
            else:
                rows.append(b" ".join([*begun, line]))
                numbers.append(first)
                begun = []
        if rows:
            yield b"\n".join(rows), np.array(numbers)
    if begun:
        yield b" ".join(begun), np.array([first])


def _goes_on(line: bytes, delimiter: str, inside: bool) -> bool:
    """Whether a line ends within a quoted field, if it begins inside of one or not."""
    if b'"' not in line:
        return inside
    return ends_open(f'"{line.decode()}' if inside else line.decode(), delimiter)
