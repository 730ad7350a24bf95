"""Columns of texts and numbers to rows of CSV."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from lstmcli.data.parse import Texts

# Making one searches for modules, and an interrupt that comes meanwhile is lost.
_COMMA = pa.scalar(",")


def csv_rows(columns: Sequence[Texts | NDArray[np.float32]]) -> list[str]:
    """The rows without their ends: texts in quotes where they need them, numbers in the fewest digits that
    read back the same.
    """
    rows: list[str] = compute.binary_join_element_wise(*map(_cells, columns), _COMMA).to_pylist()
    return rows


def quote(cell: str) -> str:
    """A cell of CSV, in quotes where it needs them (RFC 4180)."""
    if any(character in cell for character in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cells(column: Texts | NDArray[np.float32]) -> pa.Array:
    if isinstance(column, Texts):
        return pa.array(map(quote, column.texts), pa.string()).take(pa.array(column.numbers))
    return pa.array(np.ascontiguousarray(column)).cast(pa.string())
