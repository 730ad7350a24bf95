"""Weights go to their places in panels and back, some panels at a time, and nothing else is written."""

import numpy as np
import pytest

from lstmcli.kernels.compiled.lstm_packing import pack_transposed, pack_weights, unpack_gradients
from lstmcli.kernels.layout import BLOCK, GATES, PANEL

FILL = -7
SIZES = [(1, 1, 1), (3, 17, 2), (40, 16, 1), (8, 33, 2), (33, 100, 1)]
problems = pytest.mark.parametrize(("C", "H", "D", "dtype"), [(*s, t) for s in SIZES for t in ("f4", "f8")])


def numbered(shape, dtype):
    """An array of different numbers, none of which is 0."""
    return 1 + np.arange(np.prod(shape), dtype=dtype).reshape(shape)


def blocks_of_units(matrix, D):
    """[D, blocks, gates, BLOCK, N] of a matrix [4DH, N], zeros where a block has fewer units."""
    gates = matrix.reshape(D, GATES, -1, matrix.shape[1])
    blocks = -(-gates.shape[2] // BLOCK)
    padded = np.pad(gates, ((0, 0), (0, 0), (0, blocks * BLOCK - gates.shape[2]), (0, 0)))
    return padded.reshape(D, GATES, blocks, BLOCK, -1).transpose(0, 2, 1, 3, 4)


def ranges(panels):
    """All panels, each alone, and none."""
    return [(0, panels), *((p, p + 1) for p in range(panels)), (panels, panels)]


def check_panels(pack, wanted):
    """That pack(panels, first, last) fills just these."""
    D, count, *panel = wanted.shape
    for first, last in ranges(D * count):
        panels = np.full(wanted.shape, FILL, wanted.dtype)
        expected = panels.copy()
        expected.reshape(-1, *panel)[first:last] = wanted.reshape(-1, *panel)[first:last]
        pack(panels, first, last)
        np.testing.assert_array_equal(panels, expected)


@problems
def test_pack_weights(C, H, D, dtype):
    W, b, R = np.split(numbered((4 * D * H, C + 1 + H), dtype), [C, C + 1], axis=1)
    blocks = blocks_of_units(np.concatenate([W, b, R], axis=1), D)
    wanted = blocks.transpose(0, 1, 4, 2, 3).reshape(D, -1, C + 1 + H, PANEL)
    W, b, R = W.copy(), b.ravel(), R.copy()
    check_panels(lambda panels, first, last: pack_weights(W, R, b, panels, first, last), wanted)


@problems
def test_pack_transposed(C, H, D, dtype):
    W = numbered((4 * D * H, C), dtype)
    rows = blocks_of_units(W, D).reshape(D, -1, C)
    padded = np.pad(rows, ((0, 0), (0, 0), (0, -C % PANEL))).reshape(D, rows.shape[1], -1, PANEL)
    wanted = padded.transpose(0, 2, 1, 3)
    check_panels(lambda panels, first, last: pack_transposed(W, panels, first, last), wanted)


@problems
def test_unpack_gradients(C, H, D, dtype):
    K, units = C + 1 + H, np.arange(4 * D * H) % H
    panels = numbered((D, -(-H // BLOCK), K, PANEL), dtype)
    columns = panels.reshape(D, -1, K, GATES, BLOCK).transpose(0, 3, 1, 4, 2)
    wanted = columns.reshape(D, GATES, -1, K)[:, :, :H].reshape(-1, K)
    panel_of_row = np.repeat(np.arange(D), 4 * H) * panels.shape[1] + units // BLOCK
    for first, last in ranges(D * panels.shape[1]):
        dW, db, dR = (np.full((4 * D * H, n), FILL, dtype) for n in (C, 1, H))
        unpack_gradients(panels, dW, dR, db.reshape(-1), first, last)
        inside = ((first <= panel_of_row) & (panel_of_row < last))[:, None]
        found = np.concatenate([dW, db, dR], axis=1)
        np.testing.assert_array_equal(found, np.where(inside, wanted, FILL))
