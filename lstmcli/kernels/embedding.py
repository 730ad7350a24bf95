"""Vectors of words: columns of a matrix taken by number, and the sums of what comes back for each.

Neighbours in a column are a whole row of the matrix apart. So each distinct word's column is read and written
once, in the order of the columns, and what is done for every word is done in a small table of rows between.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import ALONE, equal_shares, run
from lstmcli.records import Array

LOOK_UP, TAKE = Kernel("embedding", "look_up"), Kernel("embedding", "take")
SPREAD, GATHER = Kernel("embedding", "spread"), Kernel("embedding", "gather")
STRIP = 16
"""Rows of the matrix that are walked along together: a cache line of each row of the table."""
SMALL = 2**13
"""Elements that one thread copies sooner than it could wake another."""


class Found(NamedTuple):
    """Which columns numbers name: `columns`, int32[U], the distinct ones in their order; `places`, int32[N],
    each number's place among them, -1 for none.
    """

    columns: NDArray[np.int32]
    places: NDArray[np.int32]


def embedding_forward(x: Array, W: Array, words: int, memory: Memory) -> tuple[Array, Found]:
    """y[N, D], the column of W[D, M] that each number x[N] names, and which columns these are.

    A number is rounded; 1 ... words name the columns from the first on. All others, NaN as well, name the
    column behind those of the words, or where M = words none: zeros.
    """
    (D, width), N = W.shape, len(x)
    columns, places = memory.take("columns", (N,), np.int32), memory.take("places", (N,), np.int32)
    of_width, counted = memory.take("place of column", (width,), np.int32), np.zeros(1, np.int64)
    run(LOOK_UP, (contiguous(x), words, of_width, columns, places, counted), ALONE)
    distinct = columns[: counted.item()]
    table: Array = memory.take("table", (len(distinct), D), W.dtype)
    run(TAKE, (contiguous(W), distinct, table), equal_shares(len(distinct), table.size > SMALL))
    y: Array = memory.take("y", (N, D), W.dtype)
    run(SPREAD, (table, places, y), equal_shares(N, y.size > SMALL))
    return y, Found(distinct, places)


def embedding_backward(found: Found, dy: Array, width: int, memory: Memory) -> Array:
    """dW[D, width], in each column the sum of the rows of dy[N, D] that it was taken for, in their order.

    Threads divide the rows of dW.
    """
    D = dy.shape[1]
    dW: Array = memory.take("dW", (D, width), dy.dtype)
    sums = memory.take("sums", (len(found.columns), D), dy.dtype)
    shares = equal_shares(-(-D // STRIP), dy.size + dW.size > SMALL)
    run(GATHER, (*found, contiguous(dy), sums, dW), shares)
    return dW
