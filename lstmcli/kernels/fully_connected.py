"""Fully connected layer: y = W x + b for every row x, each row on its own."""

from lstmcli.kernels import contiguous, jit
from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.product import multiply, multiply_transposed, pack
from lstmcli.records import Array


def fully_connected_forward(x: Array, W: Array, b: Array, memory: Memory) -> Array:
    """y[N, O] = x W' + b for x[N, I], W[O, I], b[O]."""
    outputs, inputs = W.shape
    panels = memory.take("panels", (-(-outputs // PANEL), inputs, PANEL), W.dtype)
    pack(W.T, panels)
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
        pack(W, panels)
        dx = memory.take("dx", x.shape, kind)
        multiply(dy, panels, memory.zeros("no bias", (inputs,), kind), dx)
    columns = -(-outputs // PANEL)
    panels = memory.take("dy", (columns, len(x), PANEL), kind)
    pack(dy, panels)
    dpanels = memory.take("dpanels", (columns, inputs, PANEL), kind)
    multiply_transposed(contiguous(x), inputs, panels, dpanels)
    dW, db = memory.take("dW", W.shape, kind), memory.take("db", (outputs,), kind)
    _unpack(dpanels, dW)
    _sum_rows(dy, db)
    return dx, dW, db


@jit
def _unpack(panels, matrix):  # type: ignore[no-untyped-def]
    """The matrix [N, K] whose transpose is in panels [P, K, 32]."""
    for n in range(matrix.shape[0]):
        for k in range(matrix.shape[1]):
            matrix[n, k] = panels[n // PANEL, k, n % PANEL]


@jit
def _sum_rows(a, out):  # type: ignore[no-untyped-def]
    out[:] = 0
    for m in range(a.shape[0]):
        for n in range(a.shape[1]):
            out[n] += a[m, n]
