"""Sequences that lie one below the other, put side by side."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous, jit

Numbers = NDArray[np.int64]


def side_by_side(
    values: NDArray[Any], first: Numbers, count: Numbers, start: Numbers, out: NDArray[Any]
) -> None:
    """out[start_b + s, b] = values[first_b + s] for s < count_b; the rest of out[T, B, ...] stays.

    out has four bytes a number.
    """
    rows = contiguous(values.astype(out.dtype, copy=False)).reshape(len(values), -1)
    target = out.reshape(*out.shape[:2], -1)
    _side_by_side(rows.view(np.int32), first, count, start, target.view(np.int32))


@jit
def _side_by_side(values, first, count, start, out):  # type: ignore[no-untyped-def]
    columns = values.shape[1]
    for b in range(first.size):
        for s in range(count[b]):
            for k in range(columns):
                out[start[b] + s, b, k] = values[first[b] + s, k]
