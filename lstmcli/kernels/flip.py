"""Sequences with their steps in the opposite order, each within the steps that count."""

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

FLIP = Kernel("flip", "flip_steps")
SMALL = 2**14
"""Elements that one thread copies sooner than it could wake another."""


def flip_steps(x: Array, start: NDArray[np.int32], stop: NDArray[np.int32], memory: Memory) -> Array:
    """y[T, B, C], of observation b x[start + stop - 1 - t] at step t where start <= t < stop, else x[t].

    x : [T, B, C]; start, stop : int32[B]
    """
    y: Array = memory.take("flipped", x.shape, x.dtype)
    run(FLIP, (contiguous(x), start, stop, y), equal_shares(x.shape[0], x.size > SMALL))
    return y
