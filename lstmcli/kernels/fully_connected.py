"""Fully connected layer: y = W x + b for every row x, each row on its own."""

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.product import multiply, multiply_matrices
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

PACK, PACK_TRANSPOSED = Kernel("fully_connected", "pack"), Kernel("fully_connected", "pack_transposed")
SUM_ROWS = Kernel("fully_connected", "sum_rows")
STRIP = 16
"""Columns that one thread sums."""
SMALL = 2**17
"""Elements that one thread copies or sums sooner than it could wake another."""


def fully_connected_forward(x: Array, W: Array, b: Array, memory: Memory, packs: bool = True) -> Array:
    """y[N, O] = x W' + b for x[N, I], W[O, I], b[O].

    packs : W is not that of the last call with this memory
    """
    outputs, inputs = W.shape
    panels = memory.take("panels", (-(-outputs // PANEL), inputs, PANEL), W.dtype)
    if packs:
        run(PACK_TRANSPOSED, (contiguous(W), panels), equal_shares(len(panels), W.size > SMALL))
    y: Array = memory.take("y", (len(x), outputs), x.dtype)
    multiply(contiguous(x), panels, contiguous(b), y)
    return y


def fully_connected_backward(
    x: Array, W: Array, dy: Array, need_dx: bool, memory: Memory
) -> tuple[Array | None, Array, Array]:
    """dx = dy W (None unless needed), dW = dy' x, db = sum of the rows of dy[N, O]."""
    dy, (outputs, inputs), kind = contiguous(dy), W.shape, x.dtype
    dx = None
    if need_dx:
        panels = memory.take("transposed", (-(-inputs // PANEL), outputs, PANEL), kind)
        run(PACK, (contiguous(W), panels), equal_shares(len(panels), W.size > SMALL))
        dx = memory.take("dx", x.shape, kind)
        multiply(dy, panels, memory.zeros("no bias", (inputs,), kind), dx)
    dW, db = memory.take("dW", W.shape, kind), memory.take("db", (outputs,), kind)
    multiply_matrices(dy, contiguous(x), dW)
    run(SUM_ROWS, (dy, db), equal_shares(-(-outputs // STRIP), dy.size > SMALL))
    return dx, dW, db
