"""Columns of texts and numbers to rows of CSV."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from lstmcli.data.parse import FEW, Texts

Column = Texts | NDArray[Any]
"""Texts, or whole numbers, float32 or float64."""
# Making one searches for modules, and an interrupt that comes meanwhile is lost.
_COMMA, _STRING = pa.scalar(","), pa.string()
_IN_QUOTES = re.compile('[,"\\r\\n]')
FEW_NUMBERS = 32
"""Numbers that are written without an array of Arrow's, for which one number would wait longer than for all
else."""


def csv_rows(columns: Sequence[Column]) -> list[str]:
    """The rows without their ends: texts in quotes where they need them, numbers in the fewest digits that
    read back the same; of float64, in which figures are, what is no number is an empty cell.
    """
    first = columns[0]
    few = len(first.numbers if isinstance(first, Texts) else first) <= FEW
    if few and all(isinstance(column, Texts) or column.dtype == np.float32 for column in columns):
        return _few_rows(columns)
    joined = compute.binary_join_element_wise(
        *map(_cells, columns), _COMMA, null_handling="replace", null_replacement=""
    )
    rows: list[str] = joined.to_pylist()
    return rows


def _few_rows(columns: Sequence[Column]) -> list[str]:
    """The same of a few answers: a column of Arrow's for each would take longer than all the rest."""
    numbers = [column for column in columns if not isinstance(column, Texts)]
    written = iter(_number_texts(np.concatenate(numbers)) if numbers else ())
    cells = [
        [quote(column.texts[number]) for number in column.numbers]
        if isinstance(column, Texts)
        else list(islice(written, len(column)))
        for column in columns
    ]
    return list(map(",".join, zip(*cells, strict=True)))


def _number_texts(values: NDArray[np.float32]) -> list[str]:
    """Each number in the fewest digits that read back the same."""
    # NumPy writes an exponent below 1e-4 and from 1e6 on, Arrow below 1e-6 and from 1e10 on.
    short = (1e-4 <= abs(value) < 1e6 or value == 0 for value in values.tolist())
    if len(values) <= FEW_NUMBERS and all(short):
        return [str(value).removesuffix(".0") for value in values]
    texts: list[str] = pa.array(values).cast(_STRING).to_pylist()
    return texts


def each(
    texts: Sequence[str] | NDArray[np.object_], counts: int | NDArray[np.int64] | Sequence[int] = 1
) -> Texts:
    """A column of these texts, each in one row, or in so many below one another."""
    return Texts(np.arange(len(texts), dtype=np.int32).repeat(counts), tuple(texts))


def quote(cell: str) -> str:
    """A cell of CSV, in quotes where it needs them (RFC 4180)."""
    if _IN_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cells(column: Column) -> pa.Array:
    if isinstance(column, Texts):
        return pa.array(map(quote, column.texts), _STRING).take(pa.array(column.numbers))
    figures = column.dtype == np.float64
    return pa.array(np.ascontiguousarray(column), from_pandas=figures).cast(_STRING)
