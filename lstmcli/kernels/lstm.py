"""Long short-term memory, one direction, forward and backward through time.

    i = g(W_i x + R_i h + b_i)    f, o likewise    g = s(W_g x + R_g h + b_g)
    c = f c + i g                 h = o s(c)

Observations are divided over the threads; each thread runs all steps of its observations.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous, thread_count
from lstmcli.kernels.layout import BLOCK, PANEL
from lstmcli.kernels.lstm_cell import CELL
from lstmcli.kernels.lstm_packing import pack_transposed, pack_weights, unpack_gradients
from lstmcli.kernels.lstm_steps import backward_part, forward_part
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.product import multiply_transposed
from lstmcli.kernels.threads import Edges
from lstmcli.kernels.vectors import WIDE
from lstmcli.records import Array


class Saved(NamedTuple):
    """What `lstm_backward` needs of a forward pass; blocks of 8 hidden units, nb of them.

    order : int64[B], the observation at each place of the arrays below
    rows : [T + 1, B, C + 1 + 8 nb], the input of step s, 1, and the hidden state before it
    gates : [nb, T, B, 32], the activated gates of step s
    cells : [nb, T + 1, B, 16], rows of `lstm_cell` after step s - 1
    shares : of the observations, a thread's each
    """

    W: Array
    R: Array
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    order: NDArray[np.int64]
    gate: int
    state: int
    reverse: bool
    rows: Array
    gates: Array
    cells: Array
    shares: Edges


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
    steps: bool,
    saves: bool,
    memory: Memory,
) -> tuple[Array, Array, Array, Saved | None]:
    """Outputs h[T, B, H], the last states h[B, H] and c[B, H], and what `lstm_backward` needs, if it `saves`.

    x : [T, B, C]; W : [4H, C], R : [4H, H], b : [4H], gates in the order i f g o; h0, c0 : [B, H]
    start, stop : int32[B]; at steps outside start <= t < stop the states stay as they are, the output
        is 0 and x is not looked at
    gate, state : codes of `activations`; reverse : from step T-1 to step 0
    steps : the outputs are wanted; h is [0, B, H] if not
    """
    (T, B, C), H, kind = x.shape, R.shape[1], x.dtype
    x, W, R = contiguous(x), contiguous(W), contiguous(R)
    start, stop = contiguous(start), contiguous(stop)
    # Sequences of like length beside one another: a step's are then one block of rows.
    order = np.lexsort((-stop, start))
    blocks, slots = -(-H // BLOCK), T + 1 if saves else 2
    panels = memory.take("panels", (blocks, C + 1 + H, PANEL), kind)
    pack_weights(W, R, contiguous(b), panels)
    rows = memory.take("rows", (slots, B, C + 1 + blocks * BLOCK), kind)
    gates = memory.take("gates", (blocks, T, B, PANEL) if saves else (WIDE, 1, B, PANEL), kind)
    cells = memory.take("cells", (blocks, slots, B, CELL), kind)
    h = memory.take("h", (T if steps else 0, B, H), kind)
    hT, cT = np.array(h0, order="C"), np.array(c0, order="C")
    arguments = (x, start, stop, order, gate, state, reverse, panels, rows, gates, cells, h, hT, cT)
    shares = _shares(start, stop, order)
    forward_part(arguments, shares)
    saved = (
        Saved(W, R, start, stop, order, gate, state, reverse, rows, gates, cells, shares) if saves else None
    )
    return h, hT, cT, saved


def lstm_backward(
    saved: Saved,
    dh: Array | None,
    dhT: Array,
    dcT: Array,
    need_dx: bool,
    need_states: bool,
    memory: Memory,
) -> tuple[Array | None, Array, Array, Array, Array, Array]:
    """Gradients dx[T, B, C] (None unless needed), dW, dR, db, dh0[B, H], dc0[B, H]; uses `saved` up.

    dh : [T, B, H], with respect to the outputs, or None for zeros; not looked at in skipped steps
    dhT, dcT : [B, H], with respect to the last states
    need_states : dh0 and dc0 are those of the first states, and not anything
    """
    W, R, start, stop, order, gate, state, reverse, rows, gates, cells, shares = saved
    (blocks, T, B, _), H, C, kind = gates.shape, R.shape[1], W.shape[1], rows.dtype
    columns = blocks * BLOCK + C if need_dx else H
    panels = memory.take("transposed", (-(-columns // PANEL), blocks * PANEL, PANEL), kind)
    pack_transposed(W, R, columns, panels)
    dh = np.empty((0, B, H), kind) if dh is None else contiguous(dh)
    dx = memory.take("dx", (T if need_dx else 0, B, C), kind)
    tile = memory.take("tile", (len(panels), B, PANEL), kind)
    dc = memory.take("dc", (blocks, B, BLOCK), kind)
    dh0, dc0 = np.array(dhT, order="C"), np.array(dcT, order="C")
    grads = (panels, gates, cells, tile, dc, dx, dh0, dc0, need_states)
    backward_part((dh, start, stop, order, gate, state, reverse, *grads), shares)
    dpanels = memory.take("dpanels", (blocks, C + 1 + H, PANEL), kind)
    multiply_transposed(rows[:T].reshape(T * B, -1), C + 1 + H, gates.reshape(blocks, T * B, PANEL), dpanels)
    dW, dR = memory.take("dW", W.shape, kind), memory.take("dR", R.shape, kind)
    db = memory.take("db", (4 * H,), kind)
    unpack_gradients(dpanels, dW, dR, db)
    return dx if need_dx else None, dW, dR, db, dh0, dc0


def _shares(start: NDArray[np.int32], stop: NDArray[np.int32], order: NDArray[np.int64]) -> Edges:
    """Shares of the observations with equal work for each thread."""
    count = max(1, min(len(order), thread_count()))
    done = np.cumsum((stop - start)[order] + 1)
    edges: Edges = np.searchsorted(done, done[-1] * np.arange(count + 1) / count, side="right")
    return edges
