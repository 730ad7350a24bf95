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
    # A draw of 53 bits is below this where it is below the probability as a share of 2^53.
    bound = np.uint64(np.ceil(probability * 2.0**53))
    # Keys that are near each other must not give the same numbers one place apart.
    origin = _mix(np.uint64(key))
    for k in range(first, last):
        draw = _mix(origin + np.uint64(k) * STEP) >> SHIFT11
        y[k] = none if draw < bound else x[k] * kept


@jit(inline=True)
def _mix(z):  # type: ignore[no-untyped-def]
    z = (z ^ (z >> SHIFT30)) * FACTOR1
    z = (z ^ (z >> SHIFT27)) * FACTOR2
    return z ^ (z >> SHIFT31)
