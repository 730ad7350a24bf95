"""Matrices transposed, each by itself. Threads divide them."""

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

TRANSPOSE = Kernel("transposition", "transpose_matrices")
SMALL = 2**14
"""Elements that one thread copies sooner than it could wake another."""


def transpose_matrices(x: Array, memory: Memory, name: str = "transposed") -> Array:
    """y[N, J, I] of x[N, I, J]; x itself in another shape where there is nothing to move.

    name : of the result in the memory
    """
    N, I, J = x.shape  # noqa: E741
    if I == 1 or J == 1:
        return x.reshape(N, J, I)
    y: Array = memory.take(name, (N, J, I), x.dtype)
    run(TRANSPOSE, (contiguous(x), y), equal_shares(N, x.size > SMALL))
    return y
