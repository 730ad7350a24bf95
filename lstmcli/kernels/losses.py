"""Losses and their gradients. Sums are taken in float64, in an order that only the number of rows decides."""

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

ENTROPY, ENTROPY_GRADIENT = Kernel("losses", "cross_entropy"), Kernel("losses", "cross_entropy_gradient")
SQUARES = Kernel("losses", "half_squared_error")
SQUARES_GRADIENT = Kernel("losses", "half_squared_error_gradient")

STRIP = 1024
"""Rows that are summed together, whatever the number of threads."""


def cross_entropy(y: Array, t: NDArray[np.int32], w: Array) -> tuple[float, int, int]:
    """The sum of -w_t ln y_t over the rows that count, how many are right, and how many count.

    y : [N, K] probabilities; t : int32[N], the class, or -1 in a row that does not count; w : [K] class
    weights. A row is right if y_t is its largest element, the first of equals. ln is taken of at least
    the smallest normal number.
    """
    found = np.empty((max(1, -(-len(y) // STRIP)), 3))
    run(ENTROPY, (contiguous(y), contiguous(t), contiguous(w), found), equal_shares(len(found)))
    total, right, counted = map(sum, zip(*found.tolist(), strict=True))
    return total, int(right), int(counted)


def cross_entropy_gradient(y: Array, t: NDArray[np.int32], w: Array, scale: float) -> Array:
    """The gradient of scale * cross_entropy with respect to the argument of the softmax that gave y.

    scale w_t (y - e_t) with the unit vector e_t, 0 in rows that do not count.
    """
    dx = np.empty(y.shape, y.dtype)
    arguments = (contiguous(y), contiguous(t), contiguous(w), float(scale), dx)
    run(ENTROPY_GRADIENT, arguments, equal_shares(len(y), len(y) > STRIP))
    return dx


def half_squared_error(y: Array, t: Array, weight: Array) -> float:
    """sum_n weight_n / 2 sum_j (y_nj - t_nj)^2 for y, t [N, R]; rows of weight 0 are not looked at."""
    found = np.empty(-(-len(y) // STRIP))
    run(SQUARES, (contiguous(y), contiguous(t), contiguous(weight), found), equal_shares(len(found)))
    return float(sum(found.tolist()))


def half_squared_error_gradient(y: Array, t: Array, weight: Array) -> Array:
    """weight_n (y - t), 0 in rows of weight 0."""
    dy = np.empty(y.shape, y.dtype)
    arguments = (contiguous(y), contiguous(t), contiguous(weight), dy)
    run(SQUARES_GRADIENT, arguments, equal_shares(len(y), y.size > 16 * STRIP))
    return dy
