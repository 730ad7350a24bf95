import numpy as np
import pytest

from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.product import multiply, multiply_transposed, pack, product


def packed(matrix):
    panels = np.empty((-(-matrix.shape[1] // PANEL), len(matrix), PANEL), matrix.dtype)
    pack(matrix, panels)
    return panels


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("depth", [1, 3, 4, 9])
@pytest.mark.parametrize("blocks", [1, 3])
@pytest.mark.parametrize("count", [1, 4, 6])
@pytest.mark.parametrize("rows", [0, 1, 5, 6, 7, 12, 13, 25])
def test_product(rows, count, blocks, depth, dtype):
    """Panels with rows of a matrix and, beside them, of its transpose; nothing else is written."""
    rng = np.random.default_rng([rows, depth])
    a = rng.normal(size=(blocks, rows, depth)).astype(dtype)
    b = rng.normal(size=(count, blocks, depth, PANEL)).astype(dtype)
    wanted = np.einsum("qmk,pqkn->mpn", a.astype(np.float64), b)
    for flat, steps in ((a.ravel(), (depth, 1)), (a.transpose(0, 2, 1).ravel(), (1, rows))):
        shifted = np.concatenate([np.full(2, np.nan, dtype), flat]), np.append(dtype(np.nan), b.ravel())
        result = np.full(6 + wanted.size, 7, dtype)
        place = (result, 3, count * PANEL, PANEL)
        panels = (shifted[1], 1, blocks * depth * PANEL, count)
        product(rows, shifted[0], 2, *steps, blocks, rows * depth, depth, *panels, *place)
        np.testing.assert_allclose(
            result[3:-3].reshape(wanted.shape), wanted, rtol=0, atol=100 * np.finfo(dtype).eps
        )
        assert (result[[0, 1, 2, -3, -2, -1]] == 7).all()


@pytest.mark.parametrize("rows", [2, 7, 13, 25])
def test_a_row_has_the_same_bits_alone(rows):
    rng = np.random.default_rng(rows)
    a = rng.normal(size=(rows, 37)).astype(np.float32)
    panels = rng.normal(size=5 * 37 * PANEL).astype(np.float32)

    def run(a):
        c = np.empty((len(a), 5, PANEL), np.float32)
        fixed = (1, 1, 0, 37, panels, 0, 37 * PANEL, 5)
        product(len(a), a.ravel(), 0, 37, *fixed, c.reshape(-1), 0, 5 * PANEL, PANEL)
        return c

    together = run(a)
    for row in range(rows):
        assert run(a[row : row + 1]).tobytes() == together[row].tobytes()


def test_pack_of_columns():
    matrix = np.arange(3 * 66, dtype=np.float32).reshape(3, 66)
    panels = packed(matrix)
    assert panels.shape == (3, 3, PANEL)
    np.testing.assert_array_equal(panels.transpose(1, 0, 2).reshape(3, -1)[:, :66], matrix)
    assert not panels[2, :, 2:].any()


@pytest.mark.parametrize(("N", "K", "M"), [(1, 1, 1), (70, 5, 3), (65, 300, 130), (130, 1300, 40)])
def test_products_of_matrices(N, K, M):
    rng = np.random.default_rng(0)
    a, b, start = rng.normal(size=(N, K)), rng.normal(size=(K, M)), rng.normal(size=M)
    out = np.empty((N, M))
    multiply(a, packed(b), start, out)
    np.testing.assert_allclose(out, a @ b + start, rtol=0, atol=1e-12)
    transposed = np.full((-(-M // PANEL), N, PANEL), np.nan)
    multiply_transposed(np.ascontiguousarray(a.T), N, packed(b), transposed)
    np.testing.assert_allclose(transposed.transpose(1, 0, 2).reshape(N, -1)[:, :M], a @ b, rtol=0, atol=1e-12)
