import numpy as np
import pytest

from lstmcli.kernels.product import PANEL, multiply, multiply_transposed, pack, product


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("depth", [0, 1, 3, 4, 9])
@pytest.mark.parametrize("rows", [0, 1, 5, 6, 13])
def test_product_adds_to_what_is_there(rows, depth, dtype):
    rng = np.random.default_rng([rows, depth])
    a, b, c = (rng.normal(size=s).astype(dtype) for s in ((rows, depth), (depth, PANEL), (rows, PANEL)))
    wanted = c.astype(np.float64) + a.astype(np.float64) @ b
    for steps, flat in (((depth, 1), a.ravel()), ((1, rows), a.T.ravel())):
        result = np.concatenate([np.full(3, 7, dtype), c.ravel(), np.full(3, 7, dtype)])
        shifted = [
            np.concatenate([np.full(2, np.nan, dtype), flat]),
            np.concatenate([[dtype(np.nan)], b.ravel()]),
        ]
        product(rows, shifted[0], 2, *steps, shifted[1], 1, result, 3, depth)
        np.testing.assert_allclose(
            result[3:-3].reshape(c.shape), wanted, rtol=0, atol=50 * np.finfo(dtype).eps
        )
        assert (result[[0, 1, 2, -3, -2, -1]] == 7).all()


def test_pack_of_columns():
    matrix = np.arange(3 * 130, dtype=np.float32).reshape(3, 130)
    panels = pack(matrix)
    assert panels.shape == (3, 3, PANEL)
    np.testing.assert_array_equal(panels.transpose(1, 0, 2).reshape(3, -1)[:, :130], matrix)
    assert not panels[2, :, 2:].any()


@pytest.mark.parametrize(("N", "K", "M"), [(1, 1, 1), (70, 5, 3), (65, 300, 130)])
def test_products_of_matrices(N, K, M):
    rng = np.random.default_rng(0)
    a, b, start = rng.normal(size=(N, K)), rng.normal(size=(K, M)), rng.normal(size=M)
    out = np.empty((N, M))
    multiply(a, pack(b), start, out)
    np.testing.assert_allclose(out, a @ b + start, rtol=0, atol=1e-12)
    transposed = np.zeros((-(-M // PANEL), N, PANEL))
    multiply_transposed(np.ascontiguousarray(a.T), pack(b), transposed)
    np.testing.assert_allclose(transposed.transpose(1, 0, 2).reshape(N, -1)[:, :M], a @ b, rtol=0, atol=1e-12)
