"""LSTM weights to panels and back: [R W b] of 16 hidden units, their gates i f g o side by side.

A row of the forward product is [h x 1], with h padded by zeros to whole blocks of 16: width
K = Hp + C + 1, Hp = 16 nb. Column 16 q + u of panel p belongs to gate q of hidden unit 16 p + u.
"""

import numpy as np

from lstmcli.kernels import jit
from lstmcli.kernels.product import BLOCK, PANEL


@jit
def pack_weights(W, R, b):  # type: ignore[no-untyped-def]
    """Panels [nb, K, 64] that map a row [h x 1] to the gates of 16 hidden units each."""
    H, C = R.shape[1], W.shape[1]
    blocks = -(-H // BLOCK)
    Hp = blocks * BLOCK
    panels = np.zeros((blocks, Hp + C + 1, PANEL), W.dtype)
    for p in range(blocks):
        for n in range(PANEL):
            unit = p * BLOCK + n % BLOCK
            if unit < H:
                row = n // BLOCK * H + unit
                for k in range(H):
                    panels[p, k, n] = R[row, k]
                for k in range(C):
                    panels[p, Hp + k, n] = W[row, k]
                panels[p, Hp + C, n] = b[row]
    return panels


@jit
def pack_transposed(W, R, columns):  # type: ignore[no-untyped-def]
    """Panels [P, 64 nb, 64] that map gradients of the gates, block by block, to columns of [dh dx]."""
    H = R.shape[1]
    blocks = -(-H // BLOCK)
    Hp = blocks * BLOCK
    panels = np.zeros((-(-columns // PANEL), blocks * PANEL, PANEL), W.dtype)
    for k in range(blocks * PANEL):
        unit = k // PANEL * BLOCK + k % BLOCK
        if unit < H:
            row = k % PANEL // BLOCK * H + unit
            for n in range(H):
                panels[n // PANEL, k, n % PANEL] = R[row, n]
            for n in range(Hp, columns):
                panels[n // PANEL, k, n % PANEL] = W[row, n - Hp]
    return panels


@jit
def unpack_gradients(panels, dW, dR, db):  # type: ignore[no-untyped-def]
    """The gradients dW[4H, C], dR[4H, H], db[4H] from those of the panels [nb, K, 64]."""
    H, C = dR.shape[1], dW.shape[1]
    Hp = panels.shape[0] * BLOCK
    for row in range(4 * H):
        unit = row % H
        p, n = unit // BLOCK, row // H * BLOCK + unit % BLOCK
        for k in range(H):
            dR[row, k] = panels[p, k, n]
        for k in range(C):
            dW[row, k] = panels[p, Hp + k, n]
        db[row] = panels[p, Hp + C, n]
