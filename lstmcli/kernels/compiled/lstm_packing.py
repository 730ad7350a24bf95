"""LSTM weights to panels and back: [W b R] of 8 hidden units, their gates i f g o side by side.

W[4DH, C], R[4DH, H] and b[4DH] hold D directions below one another. A row of the forward product is
[x 1 h], of K = C + 1 + H numbers. Column 8 q + u of panel p belongs to gate q of hidden unit 8 p + u.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row, copy_transposed, fill_row
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.layout import BLOCK, GATES, PANEL


@jit
def pack_weights(W, R, b, panels, first, last):  # type: ignore[no-untyped-def]
    """Panels first ... last-1 of [D nb, K, 32], which map a row [x 1 h] to the gates of 8 units each."""
    (_, nb, K, _), C, H = panels.shape, W.shape[1], R.shape[1]
    w, r, to = flat(W), flat(R), flat(panels)
    for panel in range(first, last):
        unit, at = panel % nb * BLOCK, panel * K * PANEL
        units = min(BLOCK, H - unit)
        if units < BLOCK:
            fill_row(to, at, K * PANEL, 0)
        for q in range(GATES):
            row, column = (panel // nb * GATES + q) * H + unit, at + q * BLOCK
            copy_transposed(w, row * C, C, units, C, to, column, PANEL)
            copy_row(b, row, to, column + C * PANEL, units)
            copy_transposed(r, row * H, H, units, H, to, column + (C + 1) * PANEL, PANEL)


@jit
def pack_transposed(W, panels, first, last):  # type: ignore[no-untyped-def]
    """Panels first ... last-1 of [D P, 32 nb, 32], which map gradients of the gates, block by block, to those
    of what W[4DH, N] was multiplied by.
    """
    (D, P, depth, _), (rows, columns) = panels.shape, W.shape
    w, to, H = flat(W), flat(panels), rows // (GATES * D)
    for panel in range(first, last):
        column = panel % P * PANEL
        count = min(PANEL, columns - column)
        for k in range(depth):
            unit, at = k // PANEL * BLOCK + k % BLOCK, (panel * depth + k) * PANEL
            real = count if unit < H else 0
            row = (panel // P * GATES + k % PANEL // BLOCK) * H + unit
            copy_row(w, row * columns + column, to, at, real)
            fill_row(to, at + real, PANEL - real, 0)


@jit
def unpack_gradients(panels, dW, dR, db, first, last):  # type: ignore[no-untyped-def]
    """The gradients dW[4DH, C], dR[4DH, H], db[4DH] from those of the panels first ... last-1 of
    [D nb, K, 32].
    """
    (_, nb, K, _), C, H = panels.shape, dW.shape[1], dR.shape[1]
    w, r, source = flat(dW), flat(dR), flat(panels)
    for panel in range(first, last):
        unit, at = panel % nb * BLOCK, panel * K * PANEL
        units = min(BLOCK, H - unit)
        for q in range(GATES):
            row, column = (panel // nb * GATES + q) * H + unit, at + q * BLOCK
            copy_transposed(source, column, PANEL, C, units, w, row * C, C)
            copy_row(source, column + C * PANEL, db, row, units)
            copy_transposed(source, column + (C + 1) * PANEL, PANEL, H, units, r, row * H, H)
