"""Dropout of whole channels of an observation. Threads divide the time steps of observations."""

import numpy as np

from lstmcli.kernels import contiguous
from lstmcli.kernels.dropout import dropout
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

SCALE_CHANNELS = Kernel("spatial_dropout", "scale_channels")
SMALL = 2**14
"""Elements that one thread scales sooner than it could wake another."""


def spatial_dropout(x: Array, probability: float, key: np.uint64, memory: Memory) -> Array:
    """x / (1 - p), or 0 with probability p, each channel c of an observation b of x[T, B, P, C] for itself.

    The mask is that of `dropout` with the same key for an array [B, C]. The gradient is this function of the
    gradient.
    """
    T, B, _, C = x.shape
    ones = memory.take("ones", (B, C), x.dtype)
    ones[...] = 1
    y: Array = memory.take("y", x.shape, x.dtype)
    arguments = (contiguous(x), dropout(ones, probability, key), y)
    run(SCALE_CHANNELS, arguments, equal_shares(T * B, x.size > SMALL))
    return y
