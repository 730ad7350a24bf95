"""Long short-term memory, one direction or both, forward and backward through time.

    i = g(W_i x + R_i h + b_i)    f, o likewise    g = s(W_g x + R_g h + b_g)
    c = f c + i g                 h = o s(c)

With peepholes the gates see the cell, too: p_i c and p_f c of the cell before are in the sums of i and f,
p_o c of the cell after in that of o (Gers and Schmidhuber 2000).

Directions, observations and, where these are few, hidden units are divided over the threads.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.division import divide
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import BLOCK, CELL, GATES, HALF, PANEL, PEEPHOLES, TOGETHER
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.product import multiply_transposed
from lstmcli.kernels.recurrent import SMALL, input_gradient
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

FORWARD, BACKWARD = Kernel("lstm_forward", "forward_part"), Kernel("lstm_backward", "backward_part")
PACK, UNPACK = Kernel("lstm_packing", "pack_transposed"), Kernel("lstm_packing", "unpack_gradients")


class Saved(NamedTuple):
    """What `lstm_backward` needs of a forward pass; D directions, blocks of 8 hidden units, nb of them.

    Observations are in the order of `division`.
    rows : [D, T + 1, B, C + 1 + 8 nb], the input of step s, 1, and the hidden state before it
    gates : [D, nb, T, B, 32], the activated gates of step s
    cells : [D, nb, T + 1, B, 16], rows of `lstm_cell` after step s - 1
    peepholes : [D, nb, 24], those of i f o of each block, or [0] without any
    dpeepholes : [D, nb, B, 24], or [0]: in `lstm_backward` the gradients of each observation
    """

    W: Array
    R: Array
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    gate: int
    state: int
    rows: Array
    gates: Array
    cells: Array
    peepholes: Array
    dpeepholes: Array


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
    steps: bool,
    saves: bool,
    memory: Memory,
    packs: bool = True,
    p: Array | None = None,
) -> tuple[Array, Array, Array, Saved | None]:
    """Outputs h[T, B, DH], the last states h[B, DH] and c[B, DH], and what `lstm_backward` needs, if it
    `saves`.

    x : [T, B, C]; W : [4DH, C], R : [4DH, H], b : [4DH], gates in the order i f g o; h0, c0 : [B, DH]
    D : 1, or 2 for a second direction from step T-1 to step 0, whose part of every array follows the first's
    start, stop : int32[B]; at steps outside start <= t < stop the states stay as they are, the output
        is 0 and x is not looked at
    gate, state : codes of `activations`; steps : the outputs are wanted; h is [0, B, DH] if not
    packs : the weights are not those of the last call with this memory
    p : [3DH], the peephole weights of the gates i f o, if there are any
    """
    (T, B, C), H, kind = x.shape, R.shape[1], x.dtype
    D = len(R) // (GATES * H)
    x, W, R, b = contiguous(x), contiguous(W), contiguous(R), contiguous(b)
    start, stop = contiguous(start), contiguous(stop)
    blocks, slots, depth = -(-H // BLOCK), T + 1 if saves else 2, C + 1 + H
    order, items, shares, meeting = divide(start, stop, D, blocks, depth, 1)
    panels = memory.take("panels", (D, blocks, depth, PANEL), kind)
    rows = memory.take("rows", (D, slots, B, C + 1 + blocks * BLOCK), kind)
    places = (D, blocks, T, B) if saves else (len(items), 1, 1, max(B, TOGETHER))
    gates = memory.take("gates", (*places, PANEL), kind)
    cells = memory.take("cells", (D, blocks, slots, B, CELL), kind)
    h = memory.take("h", (T if steps else 0, B, D * H), kind)
    hT, cT = np.array(h0, order="C"), np.array(c0, order="C")
    peepholes = np.empty(0, kind) if p is None else _in_blocks(p, D, blocks, packs, memory)
    weights = (W, R, b, panels, packs, saves, peepholes)
    arguments = (x, start, stop, order, gate, state, *weights, rows, gates, cells, h, hT, cT, items, meeting)
    run(FORWARD, (*arguments, len(shares) - 1), shares)
    if not saves:
        return h, hT, cT, None
    dpeepholes = peepholes if p is None else memory.take("dpeepholes", (D, blocks, B, PEEPHOLES), kind)
    return h, hT, cT, Saved(W, R, start, stop, gate, state, rows, gates, cells, peepholes, dpeepholes)


def lstm_backward(
    saved: Saved,
    dh: Array | None,
    dhT: Array,
    dcT: Array,
    need_dx: bool,
    need_states: bool,
    memory: Memory,
) -> tuple[Array | None, Array, Array, Array, Array, Array]:
    """Gradients dx[T, B, C] (None unless needed), dW, dR, db, dh0[B, DH], dc0[B, DH]; uses `saved` up.

    dh : [T, B, DH], with respect to the outputs, or None for zeros; not looked at in skipped steps
    dhT, dcT : [B, DH], with respect to the last states
    need_states : dh0 and dc0 are those of the first states, and not anything
    """
    W, R, start, stop, gate, state, rows, gates, cells, peepholes, dpeepholes = saved
    (D, blocks, T, B, _), H, C, kind = gates.shape, R.shape[1], W.shape[1], rows.dtype
    K = C + 1 + H
    order, items, shares, meeting = divide(start, stop, D, blocks, blocks * PANEL, HALF // BLOCK)
    panels = memory.take("transposed", (D, -(-H // PANEL), blocks * PANEL, PANEL), kind)
    dh = np.empty((0, B, D * H), kind) if dh is None else contiguous(dh)
    tile = memory.take("tile", (D, panels.shape[1], B, PANEL), kind)
    dc = memory.take("dc", (D, blocks, B, BLOCK), kind)
    dh0, dc0 = np.array(dhT, order="C"), np.array(dcT, order="C")
    grads = (R, panels, peepholes, gates, cells, tile, dc, dh0, dc0, dpeepholes, need_states)
    run(BACKWARD, (dh, start, stop, order, gate, state, *grads, items, meeting, len(shares) - 1), shares)
    dx = None
    if need_dx:
        inputs = memory.take("inputs", (D, -(-C // PANEL), blocks * PANEL, PANEL), kind)
        run(PACK, (W, inputs), equal_shares(D * inputs.shape[1], W.size > SMALL))
        dx = input_gradient(gates, order, inputs, C, memory)
    dpanels = memory.take("dpanels", (D, blocks, K, PANEL), kind)
    multiply_transposed(rows.reshape(D, (T + 1) * B, -1), 0, gates.reshape(D, blocks, T * B, PANEL), dpanels)
    dW, dR = memory.take("dW", W.shape, kind), memory.take("dR", R.shape, kind)
    db = memory.take("db", (len(W),), kind)
    run(UNPACK, (dpanels, dW, dR, db), equal_shares(D * blocks, R.size > SMALL))
    return dx, dW, dR, db, dh0, dc0


def peephole_gradient(saved: Saved) -> Array:
    """dp[3DH], after `lstm_backward` of the same pass."""
    (D, blocks, _), H = saved.peepholes.shape, saved.R.shape[1]
    gates = saved.dpeepholes.sum(axis=2).reshape(D, blocks, -1, BLOCK).swapaxes(1, 2)
    return np.ascontiguousarray(gates.reshape(D, -1, blocks * BLOCK)[:, :, :H]).reshape(-1)


def look_inside(saved: Saved) -> Array:
    """i f g o c h after each step, [6, T, B, DH]; not after `lstm_backward`."""
    (D, blocks, T, B, _), H, C = saved.gates.shape, saved.R.shape[1], saved.W.shape[1]
    found = np.empty((GATES + 2, T, B, D, blocks, BLOCK), saved.gates.dtype)
    order = divide(saved.start, saved.stop, D, blocks, 1, 1).order
    gates = saved.gates.reshape(D, blocks, T, B, GATES, BLOCK)
    found[:GATES, :, order] = gates.transpose(4, 2, 3, 0, 1, 5)
    found[GATES, :, order] = saved.cells[:, :, 1:, :, :BLOCK].transpose(3, 2, 0, 1, 4)
    h = saved.rows[:, 1:, :, C + 1 :].reshape(D, T, B, blocks, BLOCK)
    found[GATES + 1, :, order] = h.transpose(2, 1, 0, 3, 4)
    # The second direction has run from the last step to the first.
    found[:, :, :, 1:] = found[:, ::-1, :, 1:].copy()
    return found.reshape(GATES + 2, T, B, D, blocks * BLOCK)[..., :H].reshape(GATES + 2, T, B, D * H)


def _in_blocks(p: Array, D: int, blocks: int, packs: bool, memory: Memory) -> Array:
    """p[3DH] as [D, nb, 24], zeros beyond the last unit; as it was packed before unless it `packs`."""
    peepholes: Array = memory.take("peepholes", (D, blocks, PEEPHOLES), p.dtype)
    if packs:
        gates = p.reshape(D, PEEPHOLES // BLOCK, -1)
        padded = np.zeros((*gates.shape[:2], blocks * BLOCK), p.dtype)
        padded[:, :, : gates.shape[2]] = gates
        peepholes.reshape(D, blocks, -1, BLOCK)[...] = padded.reshape(D, -1, blocks, BLOCK).swapaxes(1, 2)
    return peepholes
