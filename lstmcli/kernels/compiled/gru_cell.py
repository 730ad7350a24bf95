"""The GRU cell of some observations at one step, 16 hidden units, forward and backward.

A row of the gates' arguments, or of their gradients, is 32 numbers: r, then z, of 16 units; a row of the
candidate's, a, is 16 of 32. All arrays are flat, with the place where the first row begins; rows of r z, of
the candidate and of gradients of h are those of panels, 32 numbers apart, rows of h as far as `h_step` says.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import gate_activation, gate_slope, state_activation, state_slope
from lstmcli.kernels.compiled.vectors import fma, lanes, load, store
from lstmcli.kernels.layout import PANEL, UNITS

R, Z = 0, UNITS
"""Where each gate begins in a row."""


@jit(inline=True)
def gates_forward(gate, rows, gates, rz):  # type: ignore[no-untyped-def]
    """Arguments become activated gates r and z."""
    for m in range(rows):
        for k in range(rz + m * PANEL, rz + (m + 1) * PANEL, lanes(gates)):
            store(gates, k, gate_activation(gate, load(gates, k)))


@jit(inline=True)
def reset_forward(rows, gates, rz, h, h_at, h_step, reset, reset_at, reset_step):  # type: ignore[no-untyped-def]
    """The hidden state is reset before it is multiplied: r h."""
    for m in range(rows):
        for u in range(0, UNITS, lanes(gates)):
            r = load(gates, rz + m * PANEL + R + u)
            store(reset, reset_at + m * reset_step + u, r * load(h, h_at + m * h_step + u))


@jit(inline=True)
def candidate_forward(state, resets_state, rows, gates, rz, n_at, p_at, h, before, after, h_step):  # type: ignore[no-untyped-def]
    """The candidate n in the place of its argument a = W x + b, and the h after from the h before.

    n = s(a + r p) for the product p = R h + b; n = s(a) if r `resets_state`, whose product a has got already.
    """
    for m in range(rows):
        for u in range(0, UNITS, lanes(gates)):
            row = m * PANEL + u
            a, z = load(gates, n_at + row), load(gates, rz + row + Z)
            if not resets_state:
                a = fma(load(gates, rz + row + R), load(gates, p_at + row), a)
            n = state_activation(state, a)
            store(gates, n_at + row, n)
            store(h, after + m * h_step + u, fma(z, load(h, before + m * h_step + u) - n, n))


@jit(inline=True)
def candidate_backward(gate, state, resets_state, rows, gates, rz, n_at, p_at, h, before, h_step, dh, dh_at):  # type: ignore[no-untyped-def]
    """The gradients of the arguments of z and n, in their place, from that of h, which becomes the part of
    the h before that comes through z; and those of r's argument and of p, unless r `resets_state`.
    """
    for m in range(rows):
        for u in range(0, UNITS, lanes(gates)):
            row = m * PANEL + u
            z, n = load(gates, rz + row + Z), load(gates, n_at + row)
            dhu = load(dh, dh_at + row)
            dz = dhu * (load(h, before + m * h_step + u) - n) * gate_slope(gate, z)
            da = (dhu - dhu * z) * state_slope(state, n)
            store(gates, rz + row + Z, dz)
            store(gates, n_at + row, da)
            store(dh, dh_at + row, dhu * z)
            if not resets_state:
                r, p = load(gates, rz + row + R), load(gates, p_at + row)
                store(gates, rz + row + R, da * p * gate_slope(gate, r))
                store(gates, p_at + row, da * r)


@jit(inline=True)
def reset_backward(gate, rows, gates, rz, h, before, h_step, dreset, dh, at):  # type: ignore[no-untyped-def]
    """The gradient of r's argument in its place, from that of r h; the part of the h before is added."""
    for m in range(rows):
        for u in range(0, UNITS, lanes(gates)):
            row = m * PANEL + u
            r, d = load(gates, rz + row + R), load(dreset, at + row)
            store(gates, rz + row + R, d * load(h, before + m * h_step + u) * gate_slope(gate, r))
            store(dh, at + row, fma(d, r, load(dh, at + row)))
