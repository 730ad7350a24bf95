"""Losses of strips of rows, and their gradients; see `losses`."""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.losses import STRIP


@jit
def cross_entropy(y, t, w, found, first, last):  # type: ignore[no-untyped-def]
    """found[strip] = sum of losses, how many rows are right, and how many count, for some strips."""
    smallest = np.finfo(y.dtype).tiny
    for strip in range(first, last):
        total, right, counted = 0.0, 0, 0
        for n in range(strip * STRIP, min((strip + 1) * STRIP, len(y))):
            if t[n] >= 0:
                best = 0
                for k in range(1, y.shape[1]):
                    if y[n, k] > y[n, best]:
                        best = k
                p = y[n, t[n]]
                # Not max(p, smallest): NaN must stay NaN.
                p = smallest if p < smallest else p
                total -= np.float64(w[t[n]]) * np.log(np.float64(p))
                right += best == t[n]
                counted += 1
        found[strip, 0], found[strip, 1], found[strip, 2] = total, right, counted


@jit
def cross_entropy_gradient(y, t, w, scale, dx, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of dx."""
    one = y.dtype.type(1)
    for n in range(first, last):
        if t[n] >= 0:
            factor = y.dtype.type(scale * w[t[n]])
            for k in range(y.shape[1]):
                dx[n, k] = factor * y[n, k]
            dx[n, t[n]] = factor * (y[n, t[n]] - one)
        else:
            for k in range(y.shape[1]):
                dx[n, k] = 0


@jit
def half_squared_error(y, t, weight, found, first, last):  # type: ignore[no-untyped-def]
    """found[strip] = sum of losses, for some strips."""
    for strip in range(first, last):
        total = 0.0
        for n in range(strip * STRIP, min((strip + 1) * STRIP, len(y))):
            if weight[n] != 0:
                squares = 0.0
                for j in range(y.shape[1]):
                    error = np.float64(y[n, j]) - np.float64(t[n, j])
                    squares += error * error
                total += np.float64(weight[n]) * 0.5 * squares
        found[strip] = total


@jit
def half_squared_error_gradient(y, t, weight, dy, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of dy."""
    for n in range(first, last):
        for j in range(y.shape[1]):
            dy[n, j] = weight[n] * (y[n, j] - t[n, j]) if weight[n] != 0 else 0
