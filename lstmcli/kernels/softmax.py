"""Softmax over the columns of each row, and its gradient."""

import numpy as np

from lstmcli.kernels import contiguous, jit
from lstmcli.records import Array


def softmax(x: Array) -> Array:
    """y_k = exp(x_k) / sum_j exp(x_j) in each row of x[N, K]."""
    y = np.empty(x.shape, x.dtype)
    _softmax(contiguous(x), y)
    return y


def softmax_backward(y: Array, dy: Array) -> Array:
    """dx_k = y_k (dy_k - sum_j y_j dy_j) in each row, for the output y[N, K]."""
    dx = np.empty(y.shape, y.dtype)
    _softmax_backward(contiguous(y), contiguous(dy), dx)
    return dx


@jit
def _softmax(x, y):  # type: ignore[no-untyped-def]
    N, K = x.shape
    for n in range(N):
        largest = x[n, 0]
        for k in range(1, K):
            largest = max(largest, x[n, k])
        total = x.dtype.type(0)
        for k in range(K):
            y[n, k] = np.exp(x[n, k] - largest)
            total += y[n, k]
        for k in range(K):
            y[n, k] /= total


@jit
def _softmax_backward(y, dy, dx):  # type: ignore[no-untyped-def]
    N, K = y.shape
    for n in range(N):
        mean = y.dtype.type(0)
        for k in range(K):
            mean += y[n, k] * dy[n, k]
        for k in range(K):
            dx[n, k] = y[n, k] * (dy[n, k] - mean)
