"""The LSTM cell of some observations at one step, 8 hidden units, forward and backward.

A row of the gates' arguments z, or of their gradients, is 32 numbers: i f g o, 8 each; rows follow one
another. A row of a cell is 16: the cell state c, then s(c). All arrays are flat, with the place where the
first row begins.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import gate_activation, gate_slope, state_activation, state_slope
from lstmcli.kernels.compiled.vectors import fma, lanes, load_rows, store_rows
from lstmcli.kernels.layout import BLOCK, CELL, PANEL

I, F, G, O = (k * BLOCK for k in range(4))  # noqa: E741
"""Where each gate begins in a row."""
SQUASHED = BLOCK
"""Where s(c) begins in a row of a cell."""


@jit(inline=True)
def cell_forward(gate, state, rows, gates, gates_at, cells, before, after, h, h_at, h_step):  # type: ignore[no-untyped-def]
    """Arguments z become activated gates; the cell after and h from the cell before."""
    together = 2 if lanes(gates) > BLOCK else 1
    for m in range(0, rows, together):
        # The last of an odd number of rows stands for both halves of a vector.
        next_row = 1 if m + 1 < rows else 0
        g_step, c_step, out_step = next_row * PANEL, next_row * CELL, next_row * h_step
        for u in range(0, BLOCK, lanes(gates)):
            z = gates_at + m * PANEL + u
            i = gate_activation(gate, load_rows(gates, z + I, g_step))
            f = gate_activation(gate, load_rows(gates, z + F, g_step))
            g = state_activation(state, load_rows(gates, z + G, g_step))
            o = gate_activation(gate, load_rows(gates, z + O, g_step))
            c = fma(f, load_rows(cells, before + m * CELL + u, c_step), i * g)
            squashed = state_activation(state, c)
            store_rows(gates, z + I, g_step, i)
            store_rows(gates, z + F, g_step, f)
            store_rows(gates, z + G, g_step, g)
            store_rows(gates, z + O, g_step, o)
            store_rows(cells, after + m * CELL + u, c_step, c)
            store_rows(cells, after + m * CELL + SQUASHED + u, c_step, squashed)
            store_rows(h, h_at + m * h_step + u, out_step, o * squashed)


@jit(inline=True)
def cell_backward(gate, state, rows, gates, gates_at, cells, before, after, dh, dh_at, dc, dc_at):  # type: ignore[no-untyped-def]
    """Gates become gradients dz, from those of this step's h and c; dc becomes that of the c before.

    Rows of dh have the length of a panel, rows of dc that of a block.
    """
    together = 2 if lanes(gates) > BLOCK else 1
    for m in range(0, rows, together):
        next_row = 1 if m + 1 < rows else 0
        g_step, c_step, dc_step = next_row * PANEL, next_row * CELL, next_row * BLOCK
        for u in range(0, BLOCK, lanes(gates)):
            z, cell = gates_at + m * PANEL + u, m * CELL + u
            i, f = load_rows(gates, z + I, g_step), load_rows(gates, z + F, g_step)
            g, o = load_rows(gates, z + G, g_step), load_rows(gates, z + O, g_step)
            squashed = load_rows(cells, after + cell + SQUASHED, c_step)
            dhu = load_rows(dh, dh_at + m * PANEL + u, g_step)
            dcu = fma(dhu * o, state_slope(state, squashed), load_rows(dc, dc_at + m * BLOCK + u, dc_step))
            store_rows(gates, z + I, g_step, dcu * g * gate_slope(gate, i))
            store_rows(
                gates, z + F, g_step, dcu * load_rows(cells, before + cell, c_step) * gate_slope(gate, f)
            )
            store_rows(gates, z + G, g_step, dcu * i * state_slope(state, g))
            store_rows(gates, z + O, g_step, dhu * squashed * gate_slope(gate, o))
            store_rows(dc, dc_at + m * BLOCK + u, dc_step, dcu * f)
