"""Dropout: a mask that is a function of a key and the place of the element, so that it need not be kept."""

import numpy as np

from lstmcli.kernels import contiguous, jit
from lstmcli.kernels.threads import divided, equal_shares
from lstmcli.records import Array

SMALL = 16384
"""Elements that one thread draws sooner than it could wake another."""

# splitmix64 (Steele, Lea, Flood 2014)
STEP, FACTOR1, FACTOR2 = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], np.uint64)
SHIFT30, SHIFT27, SHIFT31, SHIFT11 = np.array([30, 27, 31, 11], np.uint64)


def dropout(x: Array, probability: float, key: np.uint64) -> Array:
    """x / (1 - p), or 0 with probability p, each element for itself.

    The same key drops the same elements of an array of the same shape: the gradient is this function of
    the gradient.
    """
    y = np.empty(x.shape, x.dtype)
    arguments = (contiguous(x).reshape(-1), float(probability), np.uint64(key), y.reshape(-1))
    _dropout(arguments, equal_shares(x.size, worth=x.size > SMALL))
    return y


@divided
@jit
def _dropout(x, probability, key, y, first, last):  # type: ignore[no-untyped-def]
    kept, none = x.dtype.type(1 / (1 - probability)), x.dtype.type(0)
    # Keys that are near each other must not give the same numbers one place apart.
    origin = _mix(key)
    for k in range(first, last):
        draw = np.float64(_mix(origin + np.uint64(k) * STEP) >> SHIFT11) * 2.0**-53
        y[k] = none if draw < probability else x[k] * kept


@jit(inline=True)
def _mix(z):  # type: ignore[no-untyped-def]
    z = (z ^ (z >> SHIFT30)) * FACTOR1
    z = (z ^ (z >> SHIFT27)) * FACTOR2
    return z ^ (z >> SHIFT31)
