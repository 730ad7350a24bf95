"""Convolution of images: y[i, j] = b + the sum over all taps of W x, for each window (i, j).

No copy of an image for each tap is made: rows and terms of the products lie in the images at distances that
`convolution_layout` knows. Every element of y and dx is one chain of sums, whatever other images there are.
"""

import numpy as np

from lstmcli.kernels import contiguous
from lstmcli.kernels.convolution_layout import (
    Pair,
    Sweep,
    Windows,
    backward_layout,
    forward_layout,
    gradient_layout,
)
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import DEPTH, HALF, PANEL
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.padding import ZEROS, pad_images
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

PACK, PACK_TRANSPOSED = Kernel("convolution", "pack"), Kernel("convolution", "pack_transposed")
SWEEP = Kernel("convolution", "sweep")
WEIGHT_GRADIENT = Kernel("convolution_gradient", "weight_gradient")
SUM_CHUNKS = Kernel("convolution_gradient", "sum_chunks")
SMALL = 2**17
"""Multiply-adds that one thread does sooner than it could wake another, and elements that it copies."""


def convolution_forward(
    x: Array, W: Array, b: Array, windows: Windows, memory: Memory, packs: bool = True
) -> Array:
    """y[n, w', h', N] of images x[n, w, h, C], for W[h, w, C, N] and b[N].

    packs : W and b are not those of the last call with this memory
    """
    layout, taps = forward_layout(windows, x.shape), _taps(W)
    panels = memory.take("panels", (-(-len(b) // PANEL), taps.shape[0] * taps.shape[1], PANEL), W.dtype)
    bias = memory.take("bias", (_padded(len(b)),), b.dtype)
    if packs:
        run(PACK, (taps, layout.order, panels), equal_shares(len(panels), W.size > SMALL))
        bias[: len(b)], bias[len(b) :] = b, 0
    y: Array = memory.take("y", (len(x), *layout.counts, len(b)), x.dtype)
    _sweep(x, panels, bias, y, layout.sweep)
    return y


def convolution_backward(
    x: Array, W: Array, dy: Array, windows: Windows, inside: tuple[Pair, Pair] | None, memory: Memory
) -> tuple[Array | None, Array, Array]:
    """dx at the pixels `inside` these ranges of width and height (None if there are none), dW and db."""
    dy, taps = contiguous(dy), _taps(W)
    dx = None if inside is None else _input_gradient(taps, dy, windows, inside, memory)
    dW, db = _weight_gradient(x, taps, dy, windows, memory)
    return dx, dW.reshape(W.shape), db


def _input_gradient(
    taps: Array, dy: Array, windows: Windows, inside: tuple[Pair, Pair], memory: Memory
) -> Array:
    """At each pixel the sum over the windows that see it: a convolution of dy with W upside down."""
    _, C, N = taps.shape
    layout = backward_layout(windows, dy.shape, inside, C)
    panels = memory.take("transposed", (-(-C // PANEL), len(taps) * N, PANEL), taps.dtype)
    run(PACK_TRANSPOSED, (taps, layout.order, panels), equal_shares(len(panels), taps.size > SMALL))
    around = pad_images(dy, layout.padding, ZEROS, memory.part("dy")).data
    dx: Array = memory.take("dx", (len(dy), *(end - begin for begin, end in inside), C), dy.dtype)
    bias = memory.zeros("no bias", (_padded(C),), dy.dtype)
    for sweep in layout.sweeps:
        _sweep(around, panels, bias, dx, sweep)
    return dx


def _sweep(x: Array, panels: Array, bias: Array, y: Array, sweep: Sweep) -> None:
    worth = sweep.products * len(bias) > SMALL
    run(SWEEP, (x, panels, bias, y, sweep.loops), equal_shares(sweep.units, worth))


def _weight_gradient(
    x: Array, taps: Array, dy: Array, windows: Windows, memory: Memory
) -> tuple[Array, Array]:
    """dW in the form of the taps, db: the rows of one array."""
    count, C, N = taps.shape
    kind, rows, padded = dy.dtype, count * C + 1, _padded(N)
    if dy.size == 0:
        return np.zeros((rows - 1, N), kind), np.zeros(N, kind)
    layout = gradient_layout(windows, x.shape, N)
    sums = memory.take("sums", (layout.chunks, rows, padded), kind)
    arguments = (x, dy, _tail(dy, memory), np.ones(1, kind), sums, layout.loops)
    run(WEIGHT_GRADIENT, arguments, equal_shares(layout.chunks * layout.parts, dy.size * rows > SMALL))
    if layout.chunks == 1 and padded == N and 1 in windows.size:
        found = sums[0]
    else:
        found = memory.take("gradients", (rows, N), kind)
        order = forward_layout(windows, x.shape).order
        run(SUM_CHUNKS, (sums, order, C, found), equal_shares(rows, sums.size > SMALL))
    return found[:-1], found[-1]


def _tail(dy: Array, memory: Memory) -> Array:
    """The last windows of dy, as many as a piece has and those whose panel's columns go on behind them."""
    N = dy.shape[-1]
    windows = dy.reshape(-1, N)[-DEPTH - HALF :]
    tail: Array = memory.take("tail", (windows.size + PANEL,), dy.dtype)
    if _padded(N) > N:
        tail[: windows.size], tail[windows.size :] = windows.reshape(-1), 0
    return tail


def _taps(W: Array) -> Array:
    """W[h w, C, N]."""
    return contiguous(W).reshape(-1, *W.shape[2:])


def _padded(columns: int) -> int:
    return -(-columns // HALF) * HALF
