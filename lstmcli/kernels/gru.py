"""Gated recurrent unit, forward and backward through time.

    r = g(W_r x + R_r h + b_r)    z likewise    h = (1 - z) n + z h
    n = s(W_n x + b_n + r (R_n h + b'_n))    or, where r resets the state,    n = s(W_n x + b_n + R_n (r h))

Observations and, where these are few, hidden units are divided over the threads.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.division import Division, divide
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import PANEL, UNITS
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.product import multiply_transposed
from lstmcli.kernels.recurrent import SMALL, input_gradient
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

FORWARD, BACKWARD = Kernel("gru_forward", "forward_part"), Kernel("gru_backward", "backward_part")
PACK, UNPACK = Kernel("gru_packing", "pack_transposed"), Kernel("gru_packing", "unpack_gradients")
GATES = 3
"""Rows of hidden units in the weights: r z n."""


class Saved(NamedTuple):
    """What `gru_backward` needs of a forward pass; nb blocks of 16 hidden units, P pairs of them.

    Observations are in the order of `division`.
    rows : [T + 1, B, C + 1 + 16 nb], the input of step t, 1, and the hidden state before it
    reset : [T, B, 1 + 16 nb], 1 and r h, if r resets the state
    gates : [P + nb + P, T, B, 32], n, then r z, then R_n h + b'_n, unless r resets the state, of step t
    """

    W: Array
    R: Array
    biases: int
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    gate: int
    state: int
    resets_state: bool
    rows: Array
    reset: Array
    gates: Array


def gru_forward(
    x: Array,
    W: Array,
    R: Array,
    b: Array,
    h0: Array,
    start: NDArray[np.int32],
    stop: NDArray[np.int32],
    gate: int,
    state: int,
    resets_state: bool,
    steps: bool,
    saves: bool,
    memory: Memory,
    packs: bool = True,
) -> tuple[Array, Array, Saved | None]:
    """Outputs h[T, B, H], the last states h[B, H], and what `gru_backward` needs, if it `saves`.

    x : [T, B, C]; W : [3H, C], R : [3H, H], gates in the order r z n; h0 : [B, H]
    b : [3H], or [6H], those of W, then those of R: b'_n is the last of these, or 0
    start, stop : int32[B]; at steps outside start <= t < stop the state stays as it is, the output
        is 0 and x is not looked at
    gate, state : codes of `activations`; resets_state : r multiplies the hidden state, not the product of it
    steps : the outputs are wanted; h is [0, B, H] if not
    packs : the weights are not those of the last call with this memory
    """
    (T, B, C), H, kind = x.shape, R.shape[1], x.dtype
    x, W, R, b = contiguous(x), contiguous(W), contiguous(R), contiguous(b)
    start, stop = contiguous(start), contiguous(stop)
    nb, pairs = _blocks(H)
    order, items, shares, meeting = _divide(start, stop, H, 3 * (C + 1 + H) // 2)
    panels = memory.take("panels", (nb, C + 1 + H, PANEL), kind)
    inputs = memory.take("inputs of the candidate", (pairs, C + 1, PANEL), kind)
    states = memory.take("states of the candidate", (pairs, 1 + H, PANEL), kind)
    rows = memory.take("rows", (T + 1 if saves else 2, B, C + 1 + nb * UNITS), kind)
    reset = memory.take("reset", ((T if saves else 1) if resets_state else 0, B, 1 + nb * UNITS), kind)
    kinds = pairs + nb + (0 if resets_state else pairs)
    gates = memory.take("gates", (1 if saves else len(items), kinds, T if saves else 1, B, PANEL), kind)
    h, hT = memory.take("h", (T if steps else 0, B, H), kind), np.array(h0, order="C")
    weights = (W, R, b, panels, inputs, states, packs, saves)
    arguments = (x, start, stop, order, gate, state, resets_state, *weights, rows, reset, gates, h, hT, items)
    run(FORWARD, (*arguments, meeting, len(shares) - 1), shares)
    how = (len(b), start, stop, gate, state, resets_state)
    return h, hT, Saved(W, R, *how, rows, reset, gates[0]) if saves else None


def gru_backward(
    saved: Saved, dh: Array | None, dhT: Array, need_dx: bool, need_states: bool, memory: Memory
) -> tuple[Array | None, Array, Array, Array, Array]:
    """Gradients dx[T, B, C] (None unless needed), dW, dR, db, dh0[B, H]; uses `saved` up.

    dh : [T, B, H], with respect to the outputs, or None for zeros; not looked at in skipped steps
    dhT : [B, H], with respect to the last states
    need_states : dh0 is that of the first states, and not anything
    """
    W, R, biases, start, stop, gate, state, resets_state, rows, reset, gates = saved
    B, H, C, kind = gates.shape[2], R.shape[1], W.shape[1], rows.dtype
    nb, pairs = _blocks(H)
    order, items, shares, meeting = _divide(start, stop, H, (nb + pairs) * PANEL)
    panels = memory.take("transposed", (-(-H // PANEL), (nb + pairs) * PANEL, PANEL), kind)
    dh, dh0 = np.empty((0, B, H), kind) if dh is None else contiguous(dh), np.array(dhT, order="C")
    tile = memory.take("tile", (pairs, B, PANEL), kind)
    dreset = memory.take("gradient of reset", tile.shape, kind)
    grads = (R, panels, rows, gates, tile, dreset, dh0, need_states, items, meeting, len(shares) - 1)
    run(BACKWARD, (dh, start, stop, order, gate, state, resets_state, *grads), shares)
    dx = None
    if need_dx:
        inputs = memory.take("inputs", (1, -(-C // PANEL), (nb + pairs) * PANEL, PANEL), kind)
        run(PACK, (W, inputs[0], nb, True), equal_shares(inputs.shape[1], W.size > SMALL))
        dx = input_gradient(gates[None, : pairs + nb], order, inputs, C, memory)
    dW, dR = memory.take("dW", W.shape, kind), memory.take("dR", R.shape, kind)
    db = memory.take("db", (biases,), kind)
    dpanels = _panel_gradients(rows, reset, gates, C, H, resets_state, memory)
    run(UNPACK, (*dpanels, dW, dR, db), equal_shares(nb + pairs, R.size > SMALL))
    return dx, dW, dR, db, dh0


def look_inside(saved: Saved) -> Array:
    """r z n h after each step, [4, T, B, H]; not after `gru_backward`."""
    (_, T, B, _), H, C = saved.gates.shape, saved.R.shape[1], saved.W.shape[1]
    nb, pairs = _blocks(H)
    found = np.empty((GATES + 1, T, B, H), saved.gates.dtype)
    order = _divide(saved.start, saved.stop, H, 1).order
    rz = saved.gates[pairs : pairs + nb].reshape(nb, T, B, 2, UNITS).transpose(3, 1, 2, 0, 4)
    found[:2, :, order] = rz.reshape(2, T, B, nb * UNITS)[..., :H]
    found[2, :, order] = saved.gates[:pairs].transpose(2, 1, 0, 3).reshape(B, T, pairs * PANEL)[..., :H]
    found[3, :, order] = saved.rows[1:, :, C + 1 : C + 1 + H].swapaxes(0, 1)
    return found


def _panel_gradients(
    rows: Array, reset: Array, gates: Array, C: int, H: int, resets_state: bool, memory: Memory
) -> tuple[Array, Array, Array]:
    """Of the panels that the forward pass multiplies rows by."""
    (count, T, B, _), (nb, pairs), kind = gates.shape, _blocks(H), rows.dtype
    flat = gates.reshape(1, count, T * B, PANEL)
    n, rz, products = np.split(flat, [pairs, pairs + nb], axis=1)
    dgates = memory.take("gradients of the gates", (1, nb, C + 1 + H, PANEL), kind)
    dinputs = memory.take("gradients of inputs", (1, pairs, C + 1, PANEL), kind)
    dstates = memory.take("gradients of states", (1, pairs, 1 + H, PANEL), kind)
    rows = rows.reshape(1, -1, rows.shape[2])
    multiply_transposed(rows, 0, rz, dgates)
    multiply_transposed(rows, 0, n, dinputs)
    if resets_state:
        multiply_transposed(reset.reshape(1, T * B, reset.shape[2]), 0, n, dstates)
    else:
        multiply_transposed(rows, C, products, dstates)
    return dgates[0], dinputs[0], dstates[0]


def _blocks(H: int) -> tuple[int, int]:
    """Blocks of 16 hidden units, and pairs of them."""
    nb = -(-H // UNITS)
    return nb, -(-nb // 2)


def _divide(start: NDArray[np.int32], stop: NDArray[np.int32], H: int, depth: int) -> Division:
    """In pairs of blocks; depth : multiply-adds of a step for each of a block's 32 columns."""
    return divide(start, stop, 1, _blocks(H)[0], depth, 2)
