"""The LSTM cell of some observations at one step, 8 hidden units, forward and backward.

A row of the gates' arguments z, or of their gradients, is 32 numbers: i f g o, 8 each; rows follow one
another. A row of a cell is 16: the cell state c, then s(c). All arrays are flat, with the place where the
first row begins. With peepholes the gates see the cell: i and f the one before, o the one after; a row of
their weights p is 24 numbers: i f o.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import gate_activation, gate_slope, state_activation, state_slope
from lstmcli.kernels.compiled.vectors import fma, lanes, load_rows, store_rows
from lstmcli.kernels.layout import BLOCK, CELL, PANEL, PEEPHOLES

I, F, G, O = (k * BLOCK for k in range(4))  # noqa: E741
"""Where each gate begins in a row."""
P_I, P_F, P_O = (k * BLOCK for k in range(3))
"""Where the peephole of each gate begins in a row."""
SQUASHED = BLOCK
"""Where s(c) begins in a row of a cell."""


@jit(inline=True)
def cell_forward(  # type: ignore[no-untyped-def]
    gate, state, rows, gates, gates_at, cells, before, after, h, h_at, h_step, peephole, p, p_at
):
    """Arguments z become activated gates; the cell after and h from the cell before.

    peephole : whether there are peephole weights, in a row of p
    """
    together = 2 if lanes(gates) > BLOCK else 1
    for m in range(0, rows, together):
        # The last of an odd number of rows stands for both halves of a vector.
        next_row = 1 if m + 1 < rows else 0
        g_step, c_step, out_step = next_row * PANEL, next_row * CELL, next_row * h_step
        for u in range(0, BLOCK, lanes(gates)):
            z = gates_at + m * PANEL + u
            i, f = load_rows(gates, z + I, g_step), load_rows(gates, z + F, g_step)
            g, o = load_rows(gates, z + G, g_step), load_rows(gates, z + O, g_step)
            if peephole:
                c_before = load_rows(cells, before + m * CELL + u, c_step)
                i = fma(load_rows(p, p_at + P_I + u, 0), c_before, i)
                f = fma(load_rows(p, p_at + P_F + u, 0), c_before, f)
            i, f, g = gate_activation(gate, i), gate_activation(gate, f), state_activation(state, g)
            c = fma(f, load_rows(cells, before + m * CELL + u, c_step), i * g)
            if peephole:
                o = fma(load_rows(p, p_at + P_O + u, 0), c, o)
            o = gate_activation(gate, o)
            squashed = state_activation(state, c)
            store_rows(gates, z + I, g_step, i)
            store_rows(gates, z + F, g_step, f)
            store_rows(gates, z + G, g_step, g)
            store_rows(gates, z + O, g_step, o)
            store_rows(cells, after + m * CELL + u, c_step, c)
            store_rows(cells, after + m * CELL + SQUASHED + u, c_step, squashed)
            store_rows(h, h_at + m * h_step + u, out_step, o * squashed)


@jit(inline=True)
def cell_backward(  # type: ignore[no-untyped-def]
    gate,
    state,
    rows,
    gates,
    gates_at,
    cells,
    before,
    after,
    dh,
    dh_at,
    dc,
    dc_at,
    peephole,
    p,
    p_at,
    dp,
    dp_at,
):
    """Gates become gradients dz, from those of this step's h and c; dc becomes that of the c before.

    Rows of dh have the length of a panel, rows of dc that of a block; a row of dp, as of p, grows by what
    this step gives.
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
            c_before = load_rows(cells, before + cell, c_step)
            dzo = dhu * squashed * gate_slope(gate, o)
            if peephole:
                dcu = fma(dzo, load_rows(p, p_at + P_O + u, 0), dcu)
            dzi, dzf = dcu * g * gate_slope(gate, i), dcu * c_before * gate_slope(gate, f)
            store_rows(gates, z + I, g_step, dzi)
            store_rows(gates, z + F, g_step, dzf)
            store_rows(gates, z + G, g_step, dcu * i * state_slope(state, g))
            store_rows(gates, z + O, g_step, dzo)
            dc_before = dcu * f
            if peephole:
                dc_before = fma(dzi, load_rows(p, p_at + P_I + u, 0), dc_before)
                dc_before = fma(dzf, load_rows(p, p_at + P_F + u, 0), dc_before)
                own, p_step = dp_at + m * PEEPHOLES + u, next_row * PEEPHOLES
                _add_product(dp, own + P_I, p_step, dzi, c_before)
                _add_product(dp, own + P_F, p_step, dzf, c_before)
                _add_product(dp, own + P_O, p_step, dzo, load_rows(cells, after + cell, c_step))
            store_rows(dc, dc_at + m * BLOCK + u, dc_step, dc_before)


@jit(inline=True)
def _add_product(a, at, step, x, y):  # type: ignore[no-untyped-def]
    store_rows(a, at, step, fma(x, y, load_rows(a, at, step)))
