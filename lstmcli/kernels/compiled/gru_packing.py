"""GRU weights to panels and back.

Every panel has two halves of 16 columns, each of one of the rows r z n of W[3H, C], R[3H, H] and b[3H]: panel
p of the gates has r and z of the hidden units 16 p ..., panel p of the candidate has n of the units 32 p ....
The gates are made of rows [x 1 h] at once, K = C + 1 + H numbers long; the candidate of [x 1], and of [1 h]
or, where h is reset before it is multiplied, [1 r*h]. A bias b[6H] is one of W below one of R.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row, copy_transposed, fill_row
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.layout import HALF, PANEL, UNITS

CANDIDATE = 2
"""The third of the rows of W, R and b."""


@jit
def pack_weights(W, R, b, gates, inputs, states, first, last):  # type: ignore[no-untyped-def]
    """Panels first ... last-1 of the gates [nb, K, 32], behind them those of the candidate, which are made
    of W in [P, C + 1, 32] and of R in [P, 1 + H, 32].
    """
    (nb, K, _), (_, C), H = gates.shape, W.shape, R.shape[1]
    w, r, both = flat(W), flat(R), len(b) == 6 * H
    to_gates, to_inputs, to_states = flat(gates), flat(inputs), flat(states)
    for panel in range(first, last):
        for half in range(2):
            row, units = _rows_of(panel, half, nb, H)
            if panel < nb:
                at = panel * K * PANEL + half * HALF
                _pack(w, row * C, units, C, to_gates, at)
                _pack(b, row, units, 1, to_gates, at + C * PANEL)
                for u in range(units if both else 0):
                    to_gates[at + C * PANEL + u] += b[3 * H + row + u]
                _pack(r, row * H, units, H, to_gates, at + (C + 1) * PANEL)
            else:
                at = (panel - nb) * (C + 1) * PANEL + half * HALF
                _pack(w, row * C, units, C, to_inputs, at)
                _pack(b, row, units, 1, to_inputs, at + C * PANEL)
                at = (panel - nb) * (1 + H) * PANEL + half * HALF
                _pack(b, 3 * H + row, units if both else 0, 1, to_states, at)
                _pack(r, row * H, units, H, to_states, at + PANEL)


@jit
def unpack_gradients(gates, inputs, states, dW, dR, db, first, last):  # type: ignore[no-untyped-def]
    """The gradients of W, R and b from those of the panels first ... last-1 that `pack_weights` fills."""
    (nb, K, _), (_, C), H = gates.shape, dW.shape, dR.shape[1]
    w, r, both = flat(dW), flat(dR), len(db) == 6 * H
    of_gates, of_inputs, of_states = flat(gates), flat(inputs), flat(states)
    for panel in range(first, last):
        for half in range(2):
            row, units = _rows_of(panel, half, nb, H)
            if panel < nb:
                at = panel * K * PANEL + half * HALF
                copy_transposed(of_gates, at, PANEL, C, units, w, row * C, C)
                copy_row(of_gates, at + C * PANEL, db, row, units)
                if both:
                    copy_row(of_gates, at + C * PANEL, db, 3 * H + row, units)
                copy_transposed(of_gates, at + (C + 1) * PANEL, PANEL, H, units, r, row * H, H)
            else:
                at = (panel - nb) * (C + 1) * PANEL + half * HALF
                copy_transposed(of_inputs, at, PANEL, C, units, w, row * C, C)
                copy_row(of_inputs, at + C * PANEL, db, row, units)
                at = (panel - nb) * (1 + H) * PANEL + half * HALF
                if both:
                    copy_row(of_states, at, db, 3 * H + row, units)
                copy_transposed(of_states, at + PANEL, PANEL, H, units, r, row * H, H)


@jit
def pack_transposed(W, panels, nb, begins, first, last):  # type: ignore[no-untyped-def]
    """Panels first ... last-1 of [PN, 32 (nb + P), 32], which map gradients of the gates and the candidate,
    panel by panel, to those of what W[3H, N] was multiplied by; `begins` says that the candidate does.
    """
    (_, depth, _), (rows, columns) = panels.shape, W.shape
    w, to, H = flat(W), flat(panels), rows // 3
    shift = nb * PANEL if begins else 0
    for panel in range(first, last):
        column = panel * PANEL
        count = min(PANEL, columns - column)
        for k in range(depth):
            term = (k + shift) % depth
            row, units = _rows_of(term // PANEL, term % PANEL // HALF, nb, H)
            real, at = count if term % HALF < units else 0, (panel * depth + k) * PANEL
            copy_row(w, (row + term % HALF) * columns + column, to, at, real)
            fill_row(to, at + real, PANEL - real, 0)


@jit
def _rows_of(panel, half, nb, H):  # type: ignore[no-untyped-def]
    """The first row of a half of a panel, and how many of the rows are real."""
    unit = panel * UNITS if panel < nb else (2 * (panel - nb) + half) * UNITS
    return (half if panel < nb else CANDIDATE) * H + unit, max(0, min(UNITS, H - unit))


@jit
def _pack(a, at, units, columns, to, to_at):  # type: ignore[no-untyped-def]
    """So many rows of a as columns of half a panel, zeros beside them."""
    for k in range(columns if units < HALF else 0):
        fill_row(to, to_at + k * PANEL, HALF, 0)
    copy_transposed(a, at, columns, units, columns, to, to_at, PANEL)
