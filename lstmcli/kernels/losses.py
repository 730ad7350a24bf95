"""Losses and their gradients. Sums are taken in float64, row by row in order."""

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous, jit
from lstmcli.records import Array


def cross_entropy(y: Array, t: NDArray[np.int32], w: Array) -> tuple[float, int, int]:
    """The sum of -w_t ln y_t over the rows that count, how many are right, and how many count.

    y : [N, K] probabilities; t : int32[N], the class, or -1 in a row that does not count; w : [K] class
    weights. A row is right if y_t is its largest element, the first of equals. ln is taken of at least
    the smallest normal number.
    """
    total, right, counted = _cross_entropy(contiguous(y), contiguous(t), contiguous(w))
    return float(total), int(right), int(counted)


def cross_entropy_gradient(y: Array, t: NDArray[np.int32], w: Array, scale: float) -> Array:
    """The gradient of scale * cross_entropy with respect to the argument of the softmax that gave y.

    scale w_t (y - e_t) with the unit vector e_t, 0 in rows that do not count.
    """
    dx = np.empty(y.shape, y.dtype)
    _cross_entropy_gradient(contiguous(y), contiguous(t), contiguous(w), float(scale), dx)
    return dx


def half_squared_error(y: Array, t: Array, weight: Array) -> float:
    """sum_n weight_n / 2 sum_j (y_nj - t_nj)^2 for y, t [N, R]; rows of weight 0 are not looked at."""
    return float(_half_squared_error(contiguous(y), contiguous(t), contiguous(weight)))


def half_squared_error_gradient(y: Array, t: Array, weight: Array) -> Array:
    """weight_n (y - t), 0 in rows of weight 0."""
    dy = np.empty(y.shape, y.dtype)
    _half_squared_error_gradient(contiguous(y), contiguous(t), contiguous(weight), dy)
    return dy


@jit
def _cross_entropy(y, t, w):  # type: ignore[no-untyped-def]
    N, K = y.shape
    smallest = np.finfo(y.dtype).tiny
    total, right, counted = 0.0, 0, 0
    for n in range(N):
        if t[n] >= 0:
            best = 0
            for k in range(1, K):
                if y[n, k] > y[n, best]:
                    best = k
            p = y[n, t[n]]
            # Not max(p, smallest): NaN must stay NaN.
            p = smallest if p < smallest else p
            total -= np.float64(w[t[n]]) * np.log(np.float64(p))
            right += best == t[n]
            counted += 1
    return total, right, counted


@jit
def _cross_entropy_gradient(y, t, w, scale, dx):  # type: ignore[no-untyped-def]
    N, K = y.shape
    one = y.dtype.type(1)
    for n in range(N):
        if t[n] >= 0:
            factor = y.dtype.type(scale * w[t[n]])
            for k in range(K):
                dx[n, k] = factor * y[n, k]
            dx[n, t[n]] = factor * (y[n, t[n]] - one)
        else:
            for k in range(K):
                dx[n, k] = 0


@jit
def _half_squared_error(y, t, weight):  # type: ignore[no-untyped-def]
    N, R = y.shape
    total = 0.0
    for n in range(N):
        if weight[n] != 0:
            squares = 0.0
            for j in range(R):
                error = np.float64(y[n, j]) - np.float64(t[n, j])
                squares += error * error
            total += np.float64(weight[n]) * 0.5 * squares
    return total


@jit
def _half_squared_error_gradient(y, t, weight, dy):  # type: ignore[no-untyped-def]
    N, R = y.shape
    for n in range(N):
        for j in range(R):
            dy[n, j] = weight[n] * (y[n, j] - t[n, j]) if weight[n] != 0 else 0
