"""Softmax over the columns of each row, and its gradient. Threads divide the rows."""

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

FORWARD, BACKWARD = Kernel("softmax", "softmax"), Kernel("softmax", "softmax_backward")
SMALL = 2**13
"""Elements that one thread computes sooner than it could wake another."""


def softmax(x: Array, memory: Memory) -> Array:
    """y_k = exp(x_k) / sum_j exp(x_j) in each row of x[N, K]."""
    y: Array = memory.take("y", x.shape, x.dtype)
    run(FORWARD, (contiguous(x), y), equal_shares(len(x), x.size > SMALL))
    return y


def softmax_backward(y: Array, dy: Array, memory: Memory) -> Array:
    """dx_k = y_k (dy_k - sum_j y_j dy_j) in each row, for the output y[N, K]."""
    dx: Array = memory.take("dx", y.shape, y.dtype)
    run(BACKWARD, (contiguous(y), contiguous(dy), dx), equal_shares(len(y), y.size > SMALL))
    return dx
