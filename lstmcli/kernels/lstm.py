"""Long short-term memory, one direction, forward and backward through time.

    i = g(W_i x + R_i h + b_i)    f, o likewise    g = s(W_g x + R_g h + b_g)
    c = f c + i g                 h = o s(c)

Observations are divided over the threads; each thread runs all steps of its observations.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous, jit
from lstmcli.kernels.lstm_cell import CELL
from lstmcli.kernels.lstm_packing import pack_transposed, pack_weights, unpack_gradients
from lstmcli.kernels.lstm_steps import backward_part, forward_part
from lstmcli.kernels.product import BLOCK, PANEL, multiply_transposed
from lstmcli.records import Array


class Saved(NamedTuple):
    """What `lstm_backward` needs of a forward pass; blocks of 16 hidden units, nb of them, Hp = 16 nb.

    rows : [T + 1, B, Hp + C + 1], the hidden state before step s, its input, and 1
    cells : [nb, T + 1, B, 96], the blocks of `lstm_cell` after step s - 1
    """

    W: Array
    R: Array
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    gate: int
    state: int
    reverse: bool
    rows: Array
    cells: Array


def lstm_forward(
    x: Array,
    W: Array,
    R: Array,
    b: Array,
    h0: Array,
    c0: Array,
    start: NDArray[np.int32],
    stop: NDArray[np.int32],
    gate: int,
    state: int,
    reverse: bool,
    saves: bool,
) -> tuple[Array, Array, Array, Saved | None]:
    """Outputs h[T, B, H], the last states h[B, H] and c[B, H], and what `lstm_backward` needs, if it `saves`.

    x : [T, B, C]; W : [4H, C], R : [4H, H], b : [4H], gates in the order i f g o; h0, c0 : [B, H]
    start, stop : int32[B]; at steps outside start <= t < stop the states stay as they are, the output
        is 0 and x is not looked at
    gate, state : codes of `activations`; reverse : from step T-1 to step 0
    """
    (T, B, C), H = x.shape, R.shape[1]
    x, W, R = contiguous(x), contiguous(W), contiguous(R)
    start, stop = contiguous(start), contiguous(stop)
    panels = pack_weights(W, R, contiguous(b))
    blocks = len(panels)
    steps = T + 1 if saves else 2
    rows = np.empty((steps, B, blocks * BLOCK + C + 1), x.dtype)
    cells = np.empty((blocks, steps, B, CELL), x.dtype)
    h, hT, cT = np.empty((T, B, H), x.dtype), np.array(h0, order="C"), np.array(c0, order="C")
    chunks = min(B, numba.get_num_threads())
    _forward(x, start, stop, gate, state, reverse, panels, rows, cells, h, hT, cT, chunks)
    return h, hT, cT, Saved(W, R, start, stop, gate, state, reverse, rows, cells) if saves else None


def lstm_backward(
    saved: Saved, dh: Array | None, dhT: Array, dcT: Array, need_dx: bool
) -> tuple[Array | None, Array, Array, Array, Array, Array]:
    """Gradients dx[T, B, C] (None unless needed), dW, dR, db, dh0[B, H], dc0[B, H].

    dh : [T, B, H], with respect to the outputs, or None for zeros; not looked at in skipped steps
    dhT, dcT : [B, H], with respect to the last states
    """
    W, R, start, stop, gate, state, reverse, rows, cells = saved
    T, B, K = len(rows) - 1, rows.shape[1], rows.shape[2]
    H, C, kind = R.shape[1], W.shape[1], rows.dtype
    panels = pack_transposed(W, R, K - 1 if need_dx else K - 1 - C)
    dh = np.empty((0, B, H), kind) if dh is None else contiguous(dh)
    dx = np.empty((T if need_dx else 0, B, C), kind)
    dh0, dc0 = np.array(dhT, order="C"), np.array(dcT, order="C")
    dz = np.empty((len(cells), T * B, PANEL), kind)
    chunks = min(B, numba.get_num_threads())
    _backward(start, stop, gate, state, reverse, panels, cells, dh, dx, dz, dh0, dc0, chunks)
    dpanels = np.zeros((len(cells), K, PANEL), kind)
    multiply_transposed(rows[:T].reshape(T * B, K), dz, dpanels)
    dW, dR, db = np.empty_like(W), np.empty_like(R), np.empty(4 * H, kind)
    unpack_gradients(dpanels, dW, dR, db)
    return dx if need_dx else None, dW, dR, db, dh0, dc0


@jit(parallel=True)
def _forward(x, start, stop, gate, state, reverse, panels, rows, cells, h, hT, cT, chunks):  # type: ignore[no-untyped-def]
    B = x.shape[1]
    if chunks == 1:
        forward_part(x, start, stop, gate, state, reverse, panels, rows, cells, h, hT, cT, 0, B)
        return
    for n in numba.prange(chunks):
        part = (B * n // chunks, B * (n + 1) // chunks)
        forward_part(x, start, stop, gate, state, reverse, panels, rows, cells, h, hT, cT, *part)


@jit(parallel=True)
def _backward(start, stop, gate, state, reverse, panels, cells, dh, dx, dz, dh0, dc0, chunks):  # type: ignore[no-untyped-def]
    B = dh0.shape[0]
    if chunks == 1:
        backward_part(start, stop, gate, state, reverse, panels, cells, dh, dx, dz, dh0, dc0, 0, B)
        return
    for n in numba.prange(chunks):
        part = (B * n // chunks, B * (n + 1) // chunks)
        backward_part(start, stop, gate, state, reverse, panels, cells, dh, dx, dz, dh0, dc0, *part)
