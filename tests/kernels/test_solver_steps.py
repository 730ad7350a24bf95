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
    out = np.empty_like(w)
    assert solver_steps.sgdm(w, 2 * g, 0.5, velocity, 0.1, 10 * rates, 0.9, out)
    check([out, velocity], wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_rmsprop(size, dtype):
    (w, g, v), rates = matrices(3, size, dtype)
    v = abs(v)
    wanted = naive.rmsprop(*(a.astype(np.float64) for a in (w, g, v)), rates, 0.9, 1e-8)
    out = np.empty_like(w)
    assert solver_steps.rmsprop(w, 2 * g, 0.5, v, 0.1, 10 * rates, 0.9, 1e-8, out)
    check([out, v], wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_adam(size, dtype):
    (w, g, m, v), rates = matrices(4, size, dtype)
    v = abs(v)
    for iteration in (1, 2, 100_000):
        wanted = naive.adam(*(a.astype(np.float64) for a in (w, g, m, v)), rates, 0.9, 0.999, 1e-8, iteration)
        out = np.empty_like(w)
        assert solver_steps.adam(w, 2 * g, 0.5, m, v, 0.1, 10 * rates, 0.9, 0.999, 1e-8, iteration, out)
        check([out, m, v], wanted, dtype)


def test_the_first_adam_step_is_the_rate_against_the_sign():
    (w, g), _ = matrices(2, (3, 4), np.float64)
    m, v, out = np.zeros_like(w), np.zeros_like(w), np.empty_like(w)
    solver_steps.adam(w, g, 1.0, m, v, 0.1, np.array([1.0, 0, 2]), 0.9, 0.999, 1e-12, 1, out)
    np.testing.assert_allclose(out - w, -np.array([[0.1], [0], [0.2]]) * np.sign(g), atol=1e-8)


STEPS = {
    "sgdm": lambda w, g, out: solver_steps.sgdm(w, g, 1, 0 * g, 1, np.ones(len(w)), 0.9, out),
    "rmsprop": lambda w, g, out: solver_steps.rmsprop(w, g, 1, 0 * g, 1, np.ones(len(w)), 0.9, 1e-8, out),
    "adam": lambda w, g, out: solver_steps.adam(
        w, g, 1, 0 * g, 0 * g, 1, np.ones(len(w)), 0.9, 0.999, 1e-8, 1, out
    ),
}


@pytest.mark.parametrize("solver", STEPS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [(0, 0), (3, 16), (39, 12)])
def test_a_weight_that_is_not_finite_is_seen(solver, value, place):
    (w, g), _ = matrices(2, (40, 17), np.float32)
    out = np.empty_like(w)
    assert STEPS[solver](w, g, out)
    w[place] = value
    assert not STEPS[solver](w, g, out)


@pytest.mark.parametrize("dtype", DTYPES)
def test_clipping(dtype):
    (g,), _ = matrices(1, (7, 5), dtype)
    g[0, 0] = np.nan
    wanted = np.clip(g, -0.2, 0.2)
    solver_steps.clip_absolute(g, 0.2)
    assert np.isnan(g[0, 0])
    np.testing.assert_array_equal(g, wanted.astype(dtype))
    assert np.nanmax(g) == dtype(0.2)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (4, 4), (40, 13)])
def test_l2_and_the_sum_of_squares(size, dtype):
    (g, w), factors = matrices(2, size, dtype)
    wanted = g + (0.5 * factors[:, None]).astype(dtype) * w
    squares = solver_steps.regularize(w, g, 0.5, factors)
    check([g], [wanted], dtype)
    np.testing.assert_allclose(squares, np.sum(wanted.astype(np.float64) ** 2), rtol=1e-6)
    large, none = np.full((2, 100), 1e30, dtype), np.zeros(2)
    np.testing.assert_allclose(solver_steps.regularize(large, large, 1, none), 2e62, rtol=1e-6)
    g[0, 0] = np.nan
    assert np.isnan(solver_steps.regularize(w, g, 0, factors))
