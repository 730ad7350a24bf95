"""Softmax of some rows, and its gradient; see `softmax`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import exponential
from lstmcli.kernels.compiled.rows import copy_row
from lstmcli.kernels.compiled.vectors import lanes, load, store
from lstmcli.kernels.compiled.views import flat, scratch

STRIP = 64
"""Rows whose exponentials are taken together."""
MOST = 16
"""Lanes of the widest vector."""


@jit
def softmax(x, y, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of y."""
    K = x.shape[1]
    for begin in range(first, last, STRIP):
        end = min(begin + STRIP, last)
        for n in range(begin, end):
            largest = x[n, 0]
            for k in range(1, K):
                largest = max(largest, x[n, k])
            for k in range(K):
                y[n, k] = x[n, k] - largest
        _exponentials(flat(y), begin * K, end * K)
        for n in range(begin, end):
            total = x.dtype.type(0)
            for k in range(K):
                total += y[n, k]
            for k in range(K):
                y[n, k] /= total


@jit
def softmax_backward(y, dy, dx, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of dx."""
    for n in range(first, last):
        mean = y.dtype.type(0)
        for k in range(y.shape[1]):
            mean += y[n, k] * dy[n, k]
        for k in range(y.shape[1]):
            dx[n, k] = y[n, k] * (dy[n, k] - mean)


@jit
def _exponentials(a, first, last):  # type: ignore[no-untyped-def]
    """a[k] becomes its exponential for first <= k < last."""
    whole = last - (last - first) % lanes(a)
    for at in range(first, whole, lanes(a)):
        store(a, at, exponential(load(a, at)))
    edge = scratch(a, MOST)
    for k in range(MOST):
        edge[k] = 0
    copy_row(a, whole, edge, 0, last - whole)
    store(edge, 0, exponential(load(edge, 0)))
    copy_row(edge, 0, a, whole, last - whole)
