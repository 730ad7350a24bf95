"""Weights go to their places in panels and back, some panels at a time, and nothing else is written."""

import numpy as np
import pytest

from lstmcli.kernels.compiled.gru_packing import pack_transposed, pack_weights, unpack_gradients
from lstmcli.kernels.layout import PANEL, UNITS

FILL = -7
SIZES = [(1, 1), (3, 17), (40, 16), (8, 33), (33, 100)]
problems = pytest.mark.parametrize(("C", "H", "dtype"), [(*s, t) for s in SIZES for t in ("f4", "f8")])
biases = pytest.mark.parametrize("biases", [1, 2])


def numbered(shape, dtype):
    """An array of different numbers, none of which is 0."""
    return 1 + np.arange(np.prod(shape), dtype=dtype).reshape(shape)


def parts(C, H, count, dtype):
    """W, R, b and, if there are two biases, b of R."""
    rows = numbered((3 * H, C + H + count), dtype)
    return rows[:, :C].copy(), rows[:, C : C + H].copy(), rows[:, C + H :].T.reshape(-1).copy()


def blocks(matrix, columns):
    """[blocks, columns, N] of a matrix [H, N], zeros where the last block has fewer rows."""
    padded = np.pad(matrix, ((0, -len(matrix) % columns), (0, 0)))
    return padded.reshape(-1, columns, matrix.shape[1])


def columns_of(matrix):
    """Columns of a matrix [3H, N] by panels of the gates, and by those of the candidate: [panels, 32, N]."""
    r, z, n = np.split(matrix, 3)
    return np.concatenate([blocks(r, UNITS), blocks(z, UNITS)], axis=1), blocks(n, PANEL)


def packed(W, R, b):
    """All panels: the gates', W's of the candidate, R's of the candidate."""
    given, back = (b, 0 * b) if len(b) == len(W) else np.split(b, 2)
    both = np.where(np.arange(len(W)) < 2 * len(W) // 3, given + back, given)
    gates, _ = columns_of(np.column_stack([W, both, R]))
    _, inputs = columns_of(np.column_stack([W, given]))
    _, states = columns_of(np.column_stack([back, R]))
    return [panels.transpose(0, 2, 1).copy() for panels in (gates, inputs, states)]


def ranges(panels):
    """All panels, each alone, and none."""
    return [(0, panels), *((p, p + 1) for p in range(panels)), (panels, panels)]


@problems
@biases
def test_pack_weights(C, H, biases, dtype):
    W, R, b = parts(C, H, biases, dtype)
    wanted = packed(W, R, b)
    nb, pairs = len(wanted[0]), len(wanted[1])
    for first, last in ranges(nb + pairs):
        found = [np.full_like(panels, FILL) for panels in wanted]
        pack_weights(W, R, b, *found, first, last)
        for k, (panels, want) in enumerate(zip(found, wanted, strict=True)):
            place = np.arange(len(want)) + (nb if k else 0)
            inside = ((first <= place) & (place < last))[:, None, None]
            np.testing.assert_array_equal(panels, np.where(inside, want, FILL))


@problems
@pytest.mark.parametrize("begins", [False, True])
def test_pack_transposed(C, H, begins, dtype):
    W = numbered((3 * H, C), dtype)
    gates, candidate = (panels.reshape(-1, C) for panels in columns_of(W))
    rows = np.concatenate([candidate, gates] if begins else [gates, candidate])
    padded = np.pad(rows, ((0, 0), (0, -C % PANEL)))
    wanted = padded.reshape(len(rows), -1, PANEL).transpose(1, 0, 2)
    for first, last in ranges(len(wanted)):
        panels = np.full(wanted.shape, FILL, dtype)
        pack_transposed(W, panels, len(gates) // PANEL, begins, first, last)
        inside = np.arange(len(wanted))
        inside = ((first <= inside) & (inside < last))[:, None, None]
        np.testing.assert_array_equal(panels, np.where(inside, wanted, FILL))


@problems
@biases
def test_unpack_gradients(C, H, biases, dtype):
    """The gradient of a bias of both is that of each."""
    wanted = parts(C, H, biases, dtype)
    b = wanted[2].reshape(biases, 3, H)
    b[:, :2] = b[0, :2]
    doubled = wanted[2].copy().reshape(biases, 3, H)
    doubled[1:, :2] = 0
    panels = packed(*wanted[:2], doubled.ravel())
    nb, pairs = len(panels[0]), len(panels[1])
    units = np.arange(3 * H) % H
    panel_of_row = np.where(np.arange(3 * H) < 2 * H, units // UNITS, nb + units // PANEL)
    for first, last in ranges(nb + pairs):
        found = [np.full_like(a, FILL) for a in wanted]
        unpack_gradients(*panels, *found, first, last)
        inside = (first <= panel_of_row) & (panel_of_row < last)
        for k, (got, want) in enumerate(zip(found, wanted, strict=True)):
            own = np.tile(inside, biases) if k == 2 else inside[:, None]
            np.testing.assert_array_equal(got, np.where(own, want, FILL))
