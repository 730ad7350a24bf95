import itertools

import numpy as np
import pytest

from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.layout import DEPTH, HALF, PANEL
from lstmcli.kernels.product import multiply, multiply_matrices, multiply_transposed

THREADS = (1, 2, 3)


def packed(matrix):
    """The columns of a matrix [K, N] in panels [P, K, 32], zeros beyond the last one."""
    K, N = matrix.shape
    padded = np.pad(matrix, ((0, 0), (0, -N % PANEL)))
    return np.ascontiguousarray(padded.reshape(K, -(-N // PANEL), PANEL).transpose(1, 0, 2))


def unpacked(panels, columns):
    """The first columns of the matrix [K, N] in panels [P, K, 32]."""
    return panels.transpose(1, 0, 2).reshape(panels.shape[1], -1)[:, :columns]


def column_ranges(panels):
    """All columns, all but half a panel at either end, and none."""
    last = panels * PANEL
    return [(0, last), (HALF, last), (0, last - HALF), (last - HALF, last), (HALF, HALF)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("depth", [1, 3, 4, 9])
@pytest.mark.parametrize("blocks", [1, 3])
@pytest.mark.parametrize("count", [1, 4, 6])
@pytest.mark.parametrize("rows", [0, 1, 5, 6, 7, 12, 13, 25])
def test_product(rows, count, blocks, depth, dtype):
    """Some columns of panels with rows of a matrix and of its transpose, on top of what is there or not;
    nothing else is read or written.
    """
    rng, nan, gap, width = np.random.default_rng([rows, depth]), dtype(np.nan), 3, count * PANEL
    a = rng.normal(size=(blocks, rows, depth)).astype(dtype)
    b = rng.normal(size=(count, blocks, depth, PANEL)).astype(dtype)
    wanted = np.einsum("qmk,pqkn->mpn", a.astype(np.float64), b).reshape(rows, width)
    spread = np.pad(b, ((0, 0), (0, 0), (0, 0), (0, gap)), constant_values=nan)
    panels, row_step = np.append(nan, spread.ravel()), PANEL + gap
    before = rng.normal(size=6 + rows * width).astype(dtype)
    for flat, steps in ((a.ravel(), (depth, 1)), (a.transpose(0, 2, 1).ravel(), (1, rows))):
        factor = Factor(np.concatenate([[nan, nan], flat]), 2, *steps, blocks, rows * depth, depth)
        for (first, last), adds in itertools.product(column_ranges(count), (False, True)):
            result, expected = before.copy(), before.copy()
            own = expected[3:-3].reshape(rows, width)[:, first:last]
            own[:] = wanted[:, first:last] + adds * own
            columns = Panels(panels, 1, blocks * depth * row_step, row_step, first, last)
            product(rows, factor, columns, Place(result, 3, width, PANEL, adds))
            np.testing.assert_allclose(result, expected, rtol=0, atol=100 * np.finfo(dtype).eps)
            own[:], result[3:-3].reshape(rows, width)[:, first:last] = 0, 0
            assert result.tobytes() == expected.tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rows", [1, 2, 7, 13, 25])
def test_an_element_has_the_same_bits_alone(rows, dtype):
    """Its row alone, its columns alone, and the sum in two pieces."""
    rng, depth, count = np.random.default_rng(rows), 37, 5
    a = rng.normal(size=(rows, depth)).astype(dtype)
    panels = rng.normal(size=count * depth * PANEL).astype(dtype)

    def run(rows, row=0, first=0, last=count * PANEL, split=0):
        c = np.empty((rows, count * PANEL), dtype)
        for k, end in ((0, split), (split, depth)) if split else ((0, depth),):
            factor = Factor(a.reshape(-1), row * depth + k, depth, 1, 1, 0, end - k)
            columns = Panels(panels, k * PANEL, depth * PANEL, PANEL, first, last)
            product(rows, factor, columns, Place(c.reshape(-1), 0, count * PANEL, PANEL, k > 0))
        return c[:, first:last]

    together = run(rows)
    for row in range(rows):
        assert run(1, row).tobytes() == together[row].tobytes()
    for first, last in column_ranges(count):
        assert run(rows, first=first, last=last).tobytes() == together[:, first:last].tobytes()
    assert run(rows, split=11).tobytes() == together.tobytes()


def test_pack_of_columns():
    matrix = np.arange(3 * 66, dtype=np.float32).reshape(3, 66)
    panels = packed(matrix)
    assert panels.shape == (3, 3, PANEL)
    np.testing.assert_array_equal(unpacked(panels, 66), matrix)
    assert not panels[2, :, 2:].any()


SIZES = [(1, 1, 1), (70, 5, 3), (65, 300, 130), (7, DEPTH + 1, 64), (130, 2 * DEPTH + 9, 40)]


@pytest.mark.parametrize(("M", "K", "N"), [*SIZES, (0, 5, 3)])
def test_multiply(M, K, N, on_threads):
    rng = np.random.default_rng(0)
    a, b, start = rng.normal(size=(M, K)), rng.normal(size=(K, N)), rng.normal(size=N)

    def run():
        out = np.full((M, N), np.nan)
        multiply(a, packed(b), start, out)
        return out

    first, *others = on_threads(run, THREADS)
    np.testing.assert_allclose(first, a @ b + start, rtol=0, atol=1e-12)
    assert all(out.tobytes() == first.tobytes() for out in others)


@pytest.mark.parametrize("N", [1, 32, 50])
def test_multiply_starts_each_sum_from_the_start(N):
    """Terms that are lost in a sum that is 1, one by one, but not all together."""
    a, b = np.full((2, 64), 2.0**-24, np.float32), np.ones((64, N), np.float32)
    out = np.empty((2, N), np.float32)
    multiply(a, packed(b), np.ones(N, np.float32), out)
    assert (out == 1).all()


@pytest.mark.parametrize("D", [1, 2, 3])
@pytest.mark.parametrize(("M", "K", "N"), [*SIZES, (5, 0, 40)])
def test_multiply_transposed(M, K, N, D, on_threads):
    """Rows and columns beyond those of the product are not looked at."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(D, K, M)), rng.normal(size=(D, K, N))
    wide = np.pad(a, ((0, 0), (0, 2), (4, 3)), constant_values=np.nan)
    panels = np.stack([packed(matrix) for matrix in b])

    def run():
        out = np.full((D, panels.shape[1], M, PANEL), np.nan)
        multiply_transposed(wide, 4, panels, out)
        return out

    first, *others = on_threads(run, THREADS)
    for d in range(D):
        np.testing.assert_allclose(unpacked(first[d], N), a[d].T @ b[d], rtol=0, atol=1e-12)
    assert all(out.tobytes() == first.tobytes() for out in others)


@pytest.mark.parametrize(("M", "K", "N"), [*SIZES, (5, 0, 40)])
def test_multiply_matrices(M, K, N, on_threads):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(K, M)), rng.normal(size=(K, N))

    def run():
        out = np.full((M, N), np.nan)
        multiply_matrices(a, b, out)
        return out

    first, *others = on_threads(run, THREADS)
    np.testing.assert_allclose(first, a.T @ b, rtol=0, atol=1e-12)
    assert all(out.tobytes() == first.tobytes() for out in others)
