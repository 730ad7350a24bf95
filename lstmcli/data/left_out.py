"""Rows of a text table that are left out: headers that come again, and rows with faults."""

from itertools import compress

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.sources import BYTE_ORDER_MARK
from lstmcli.errors import DataError, Place


def without_repeated_header(
    text: bytes, numbers: NDArray[np.int64], header: bytes | None
) -> tuple[bytes, NDArray[np.int64]]:
    """The rows that are not the header again (files joined by cat have it), and their numbers."""
    if header is None or header not in text:
        return text, numbers
    split = text.split(b"\n")
    repeats = {header, header + b"\r", BYTE_ORDER_MARK + header, BYTE_ORDER_MARK + header + b"\r"}
    keep = np.array([line not in repeats for line in split])
    return b"\n".join(line for line in split if line not in repeats), numbers[keep]


def first_row(error: DataError) -> int:
    """The first row that has a fault; 0 where one has no row."""
    return min(rows_of(error), default=0)


def rows_of(error: DataError) -> set[int]:
    """The rows that have the faults; none where one has no row."""
    rows = {fault.where.row or 0 if isinstance(fault.where, Place) else 0 for fault in error.faults}
    return set() if 0 in rows else rows


def without_rows(
    left_out: set[int], text: bytes, numbers: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64]]:
    """The rows but these, and their numbers."""
    keep = ~np.isin(numbers, list(left_out))
    return b"\n".join(compress(text.split(b"\n"), keep)), numbers[keep]
