"""What the first rows of a table tell of its columns, where some rows cannot be read."""

from collections.abc import Iterator, Sequence

from lstmcli.data.cells import is_missing, is_number, split_row
from lstmcli.data.table_start import text_of
from lstmcli.errors import DataError, Place

TRIED = 1000
"""Rows in which the first value of a column is looked for."""
LOOKED_AT = 50
"""Rows, most of which tell what a column is."""


def rows_of(text: bytes, columns: int, delimiter: str, most: int) -> Iterator[list[str]]:
    """The cells of the first rows, at most so many, without those that have other numbers of columns or
    cannot be read.
    """
    for line in text.split(b"\n", most)[:most]:
        try:
            cells = split_row(text_of(line), delimiter, Place(""))
        except DataError:
            continue
        if len(cells) == columns:
            yield cells


def first_values(text: bytes, columns: int, delimiter: str) -> list[str] | None:
    """The first cell of each column that is not missing, of rows with so many; None if no row has."""
    found: list[str] | None = None
    for cells in rows_of(text, columns, delimiter, TRIED):
        pairs = zip(found or cells, cells, strict=True)
        found = [new if is_missing(old) else old for old, new in pairs]
        if not any(map(is_missing, found)):
            break
    return found


def usual_cells(cells: Sequence[str], text: bytes, delimiter: str) -> list[str]:
    """The first cells of columns, but a number for a text in a column of numbers: it is at fault, not all of
    them.

    text : the first rows
    """
    columns = zip(*rows_of(text, len(cells), delimiter, LOOKED_AT), strict=True)
    usual = list(cells)
    for number, column in enumerate(columns):
        values = [cell for cell in column if not is_missing(cell)]
        numbers = [cell for cell in values if is_number(cell)]
        if not is_missing(usual[number]) and 2 * len(numbers) > len(values):
            usual[number] = numbers[0]
    return usual
