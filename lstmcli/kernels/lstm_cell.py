"""The LSTM cell of one observation at one step, 16 hidden units at a time, forward and backward.

A block of the gates' arguments z, or of their gradients, is 64 numbers: i f g o, 16 each. A block of a
cell is 96: the activated gates i f g o, then the cell state c, then s(c). All arrays are flat, with the
place where the block begins; loops are long and touch few arrays, or they are not vectorized.
"""

from lstmcli.kernels import jit
from lstmcli.kernels.activations import gate_activation, gate_slope, state_activation, state_slope
from lstmcli.kernels.product import BLOCK, at

I, F, G, O, STATE, SQUASHED = (k * BLOCK for k in range(6))  # noqa: E741
"""Where each part of a block begins."""
CELL = 6 * BLOCK
"""Numbers in a block of a cell."""


@jit
def cell_forward(gate, state, z, z_at, cells, before, now, rows, h_at):  # type: ignore[no-untyped-def]
    """One step from arguments z and the cell before to the cell now and to h."""
    for u in range(BLOCK):
        i = gate_activation(gate, z[at(z_at + I + u)])
        f = gate_activation(gate, z[at(z_at + F + u)])
        g = state_activation(state, z[at(z_at + G + u)])
        o = gate_activation(gate, z[at(z_at + O + u)])
        c = f * cells[at(before + STATE + u)] + i * g
        squashed = state_activation(state, c)
        cells[at(now + I + u)] = i
        cells[at(now + F + u)] = f
        cells[at(now + G + u)] = g
        cells[at(now + O + u)] = o
        cells[at(now + STATE + u)] = c
        cells[at(now + SQUASHED + u)] = squashed
        rows[at(h_at + u)] = o * squashed


@jit
def cell_backward(gate, state, cells, before, now, dh, dh_at, dc, dc_at, dz, dz_at):  # type: ignore[no-untyped-def]
    """Gradients dz from those of this step's h and c; dc becomes that of the c before."""
    for u in range(BLOCK):
        i, f = cells[at(now + I + u)], cells[at(now + F + u)]
        g, o = cells[at(now + G + u)], cells[at(now + O + u)]
        squashed = cells[at(now + SQUASHED + u)]
        dhu = dh[at(dh_at + u)]
        dcu = dc[at(dc_at + u)] + dhu * o * state_slope(state, squashed)
        dz[at(dz_at + I + u)] = dcu * g * gate_slope(gate, i)
        dz[at(dz_at + F + u)] = dcu * cells[at(before + STATE + u)] * gate_slope(gate, f)
        dz[at(dz_at + G + u)] = dcu * i * state_slope(state, g)
        dz[at(dz_at + O + u)] = dhu * squashed * gate_slope(gate, o)
        dc[at(dc_at + u)] = dcu * f
