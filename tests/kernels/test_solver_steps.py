import naive
import numpy as np
import pytest

from lstmcli.kernels import solver_steps

DTYPES = [np.float32, np.float64]
SIZES = [(1, 1), (9, 1), (40, 13)]


def matrices(count, size, dtype, seed=0):
    rng = np.random.default_rng(seed)
    return [*rng.normal(size=(count, *size)).astype(dtype)], rng.uniform(0, 0.1, size[0])


def check(results, wanted, dtype):
    for result, want in zip(results, wanted, strict=True):
        assert result.dtype == dtype
        np.testing.assert_allclose(result, want, rtol=20 * np.finfo(dtype).eps, atol=20 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_sgdm(size, dtype):
    (w, g, velocity), rates = matrices(3, size, dtype)
    wanted = naive.sgdm(*(a.astype(np.float64) for a in (w, g, velocity)), rates, 0.9)
    solver_steps.sgdm(w, g, velocity, rates, 0.9)
    check([w, velocity], wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_rmsprop(size, dtype):
    (w, g, v), rates = matrices(3, size, dtype)
    v = abs(v)
    wanted = naive.rmsprop(*(a.astype(np.float64) for a in (w, g, v)), rates, 0.9, 1e-8)
    solver_steps.rmsprop(w, g, v, rates, 0.9, 1e-8)
    check([w, v], wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_adam(size, dtype):
    (w, g, m, v), rates = matrices(4, size, dtype)
    v = abs(v)
    for iteration in (1, 2, 100_000):
        wanted = naive.adam(*(a.astype(np.float64) for a in (w, g, m, v)), rates, 0.9, 0.999, 1e-8, iteration)
        solver_steps.adam(w, g, m, v, rates, 0.9, 0.999, 1e-8, iteration)
        check([w, m, v], wanted, dtype)


def test_the_first_adam_step_is_the_rate_against_the_sign():
    (w, g), _ = matrices(2, (3, 4), np.float64)
    before, m, v = w.copy(), np.zeros_like(w), np.zeros_like(w)
    solver_steps.adam(w, g, m, v, np.array([0.1, 0, 0.2]), 0.9, 0.999, 1e-12, 1)
    np.testing.assert_allclose(w - before, -np.array([[0.1], [0], [0.2]]) * np.sign(g), atol=1e-8)


@pytest.mark.parametrize("dtype", DTYPES)
def test_l2_scale_and_clipping(dtype):
    (g, w), factors = matrices(2, (7, 5), dtype)
    wanted = g + factors[:, None].astype(dtype) * w
    solver_steps.add_l2(g, w, factors)
    check([g], [wanted], dtype)
    wanted = g * dtype(0.3)
    solver_steps.scale(g, 0.3)
    check([g], [wanted], dtype)
    g[0, 0] = np.nan
    wanted = np.clip(g, -0.2, 0.2)
    solver_steps.clip_absolute(g, 0.2)
    assert np.isnan(g[0, 0])
    np.testing.assert_array_equal(g, wanted.astype(dtype))
    assert np.nanmax(g) == dtype(0.2)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (4, 4), (40, 13)])
def test_sum_of_squares(size, dtype):
    (g,), _ = matrices(1, size, dtype)
    np.testing.assert_allclose(solver_steps.sum_of_squares(g), np.sum(g.astype(np.float64) ** 2), rtol=1e-13)
    large = np.full((2, 100), 1e30, dtype)
    np.testing.assert_allclose(solver_steps.sum_of_squares(large), 2e62, rtol=1e-6)
    g[0, 0] = np.nan
    assert np.isnan(solver_steps.sum_of_squares(g))
