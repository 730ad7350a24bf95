"""Columns of texts and numbers to rows of CSV."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from lstmcli.data.parse import FEW, Texts

# Making one searches for modules, and an interrupt that comes meanwhile is lost.
_COMMA, _STRING = pa.scalar(","), pa.string()


def csv_rows(columns: Sequence[Texts | NDArray[np.float32]]) -> list[str]:
    """The rows without their ends: texts in quotes where they need them, numbers in the fewest digits that
    read back the same.
    """
    first = columns[0]
    if len(first.numbers if isinstance(first, Texts) else first) <= FEW:
        return _few_rows(columns)
    rows: list[str] = compute.binary_join_element_wise(*map(_cells, columns), _COMMA).to_pylist()
    return rows


def _few_rows(columns: Sequence[Texts | NDArray[np.float32]]) -> list[str]:
    """The same of a few rows: a column of Arrow's for each would take longer than all the rest."""
    numbers = [column for column in columns if not isinstance(column, Texts)]
    written = iter(pa.array(np.concatenate(numbers)).cast(_STRING).to_pylist() if numbers else ())
    cells = [
        [quote(column.texts[number]) for number in column.numbers]
        if isinstance(column, Texts)
        else list(islice(written, len(column)))
        for column in columns
    ]
    return list(map(",".join, zip(*cells, strict=True)))


def quote(cell: str) -> str:
    """A cell of CSV, in quotes where it needs them (RFC 4180)."""
    if any(character in cell for character in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cells(column: Texts | NDArray[np.float32]) -> pa.Array:
    if isinstance(column, Texts):
        return pa.array(map(quote, column.texts), _STRING).take(pa.array(column.numbers))
    return pa.array(np.ascontiguousarray(column)).cast(_STRING)
