"""LSTM weights to panels and back: [W b R] of 8 hidden units, their gates i f g o side by side.

A row of the forward product is [x 1 h], of K = C + 1 + H numbers. Column 8 q + u of panel p belongs to
gate q of hidden unit 8 p + u.
"""

from lstmcli.kernels import jit
from lstmcli.kernels.layout import BLOCK, PANEL


@jit
def pack_weights(W, R, b, panels):  # type: ignore[no-untyped-def]
    """Panels [nb, K, 32] that map a row [x 1 h] to the gates of 8 hidden units each."""
    H, C = R.shape[1], W.shape[1]
    for p in range(panels.shape[0]):
        for n in range(PANEL):
            unit = p * BLOCK + n % BLOCK
            if unit < H:
                row = n // BLOCK * H + unit
                for k in range(C):
                    panels[p, k, n] = W[row, k]
                panels[p, C, n] = b[row]
                for k in range(H):
                    panels[p, C + 1 + k, n] = R[row, k]
            else:
                panels[p, :, n] = 0


@jit
def pack_transposed(W, R, columns, panels):  # type: ignore[no-untyped-def]
    """Panels [P, 32 nb, 32] that map gradients of the gates, block by block, to so many columns of [dh dx].

    dh is padded to whole blocks.
    """
    H = R.shape[1]
    Hp = -(-H // BLOCK) * BLOCK
    panels[:] = 0
    for k in range(panels.shape[1]):
        unit = k // PANEL * BLOCK + k % BLOCK
        if unit < H:
            row = k % PANEL // BLOCK * H + unit
            for n in range(H):
                panels[n // PANEL, k, n % PANEL] = R[row, n]
            for n in range(Hp, columns):
                panels[n // PANEL, k, n % PANEL] = W[row, n - Hp]


@jit
def unpack_gradients(panels, dW, dR, db):  # type: ignore[no-untyped-def]
    """The gradients dW[4H, C], dR[4H, H], db[4H] from those of the panels [nb, K, 32]."""
    H, C = dR.shape[1], dW.shape[1]
    for row in range(4 * H):
        unit = row % H
        p, n = unit // BLOCK, row // H * BLOCK + unit % BLOCK
        for k in range(C):
            dW[row, k] = panels[p, k, n]
        db[row] = panels[p, C, n]
        for k in range(H):
            dR[row, k] = panels[p, C + 1 + k, n]
