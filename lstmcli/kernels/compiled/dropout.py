"""Dropout of some elements; see `dropout`."""

import numpy as np

from lstmcli.kernels.compiled import jit

# splitmix64 (Steele, Lea, Flood 2014)
STEP, FACTOR1, FACTOR2 = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], np.uint64)
SHIFT30, SHIFT27, SHIFT31, SHIFT11 = np.array([30, 27, 31, 11], np.uint64)


@jit
def dropout(x, probability, key, y, first, last):  # type: ignore[no-untyped-def]
    """Elements first ... last-1."""
    kept, none = x.dtype.type(1 / (1 - probability)), x.dtype.type(0)
    origin, bound = origin_of(key), bound_of(probability)
    for k in range(first, last):
        y[k] = none if is_dropped(k, origin, bound) else x[k] * kept


@jit(inline=True)
def origin_of(key):  # type: ignore[no-untyped-def]
    """Where a key's draws begin: keys near each other must not give the same numbers one place apart."""
    return _mix(np.uint64(key))


@jit(inline=True)
def bound_of(probability):  # type: ignore[no-untyped-def]
    """What a draw of 53 bits is below where it is below the probability as a share of 2^53."""
    return np.uint64(np.ceil(probability * 2.0**53))


@jit(inline=True)
def is_dropped(k, origin, bound):  # type: ignore[no-untyped-def]
    """Whether the element at place k is dropped."""
    return _mix(origin + np.uint64(k) * STEP) >> SHIFT11 < bound


@jit(inline=True)
def _mix(z):  # type: ignore[no-untyped-def]
    z = (z ^ (z >> SHIFT30)) * FACTOR1
    z = (z ^ (z >> SHIFT27)) * FACTOR2
    return z ^ (z >> SHIFT31)
