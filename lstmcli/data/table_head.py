"""The first rows of a table as texts, for whoever wants to know what its columns are."""

from pathlib import Path
from typing import BinaryIO, NamedTuple

from lstmcli.data.array_files import SUFFIX
from lstmcli.data.cells import BLANKS
from lstmcli.data.declaration import DataSection
from lstmcli.data.first_rows import rows_of
from lstmcli.data.folder import find_files
from lstmcli.data.reading import form_of
from lstmcli.data.table_start import open_table

ROWS = 2000
"""That are read, at most."""


class Head(NamedTuple):
    """The names of the columns, and of each its first cells without the blanks around them.

    delimiter : what stands between fields
    """

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    delimiter: str


def read_head(path: str, columns: DataSection, stdin: BinaryIO | None) -> Head | None:
    """The beginning of a table, or of the first one in a folder; None for other forms of data.

    Rows that cannot be read are passed over; raises DataError where there is no table at all.
    """
    form = form_of(path)
    if form == "folder":
        path = str(next(iter(find_files(Path(path)).values())))
    if form not in ("folder", "table") or path.lower().endswith(SUFFIX):
        return None
    names, delimiter, pieces = open_table(path, stdin, columns)
    text = next(pieces, (b"", []))[0]
    rows = [[cell.strip(BLANKS) for cell in cells] for cells in rows_of(text, len(names), delimiter, ROWS)]
    return Head(names, tuple(zip(*rows, strict=True)) or tuple(() for _ in names), delimiter)
