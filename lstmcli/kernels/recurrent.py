"""What the kernels of recurrent layers share."""

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

INPUT = Kernel("recurrent_gradients", "input_part")
SMALL = 2**12
"""Weights that one thread copies sooner than it could wake another."""


def input_gradient(gates: Array, order: NDArray[np.int64], panels: Array, C: int, memory: Memory) -> Array:
    """dx[T, B, C] from the gradients of the gates [D, P, T, B, 32], observations in running order, and the
    weights that map these to x, in panels [D, PC, 32 P, 32].
    """
    T, B = gates.shape[2:4]
    dx: Array = memory.take("dx", (T, B, C), gates.dtype)
    run(INPUT, (gates, order, panels, dx), equal_shares(T))
    return dx
