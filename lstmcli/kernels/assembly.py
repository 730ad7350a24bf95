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

    values[S, ...] and out are of one kind, of four bytes a number.
    """
    _side_by_side(_words(contiguous(values)), first, count, start, _words(out).reshape(*out.shape[:2], -1))


def _words(a: NDArray[Any]) -> NDArray[np.int32]:
    """The same memory as rows of whole numbers, whatever its bytes mean."""
    return a.reshape(len(a), -1).view(np.int32)


@jit
def _side_by_side(values, first, count, start, out):  # type: ignore[no-untyped-def]
    columns = values.shape[1]
    for b in range(first.size):
        for s in range(count[b]):
            for k in range(columns):
                out[start[b] + s, b, k] = values[first[b] + s, k]
