import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.losses import (
    cross_entropy,
    cross_entropy_gradient,
    half_squared_error,
    half_squared_error_gradient,
)
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.softmax import softmax

DTYPES = [np.float32, np.float64]


def classes(N, K, dtype, rng):
    x = rng.normal(size=(N, K)).astype(dtype)
    t = rng.integers(-1, K, N).astype(np.int32)
    return x, t, rng.uniform(0.5, 2, K).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("N", "K"), [(1, 1), (60, 9), (40, 2)])
def test_cross_entropy_against_naive(N, K, dtype):
    x, t, w = classes(N, K, dtype, np.random.default_rng([N, K]))
    y = softmax(x, Memory())
    (total, *counts), (wanted, *wanted_counts) = cross_entropy(y, t, w), naive.cross_entropy(y, t, w)
    np.testing.assert_allclose(total, wanted, rtol=1e-13, atol=1e-13)
    assert counts == wanted_counts
    dx = cross_entropy_gradient(y, t, w, 0.25)
    assert dx.dtype == dtype
    wanted = naive.cross_entropy_gradient(y, t, w, 0.25)
    np.testing.assert_allclose(dx, wanted, rtol=0, atol=5 * np.finfo(dtype).eps)
    assert not dx[t == -1].any()


def test_cross_entropy_gradient_by_numbers():
    rng = np.random.default_rng(1)
    x, t, w = classes(30, 5, np.float64, rng)
    gradient = cross_entropy_gradient(softmax(x, Memory()), t, w, 0.5)
    directional_check(lambda x: 0.5 * cross_entropy(softmax(x, Memory()), t, w)[0], [x], [gradient], rng)


@pytest.mark.parametrize("dtype", DTYPES)
def test_cross_entropy_at_the_edges(dtype):
    w = np.ones(3, dtype)
    t = np.array([0, 0, -1], np.int32)
    y = np.array([[0.5, 0.5, 0], [0.5, 0.5, 0], [np.nan] * 3], dtype)
    total, right, counted = cross_entropy(y, t, w)
    np.testing.assert_allclose(total, 2 * np.log(2))
    assert (right, counted) == (2, 2), "the first of equals wins; a row of -1 is not looked at"
    zero = cross_entropy(np.array([[0, 1, 0]], dtype), t[:1], w)[0]
    np.testing.assert_allclose(zero, -np.log(np.float64(np.finfo(dtype).tiny)))
    assert np.isnan(cross_entropy(np.full((1, 3), np.nan, dtype), t[:1], w)[0])
    assert cross_entropy(y[2:], t[2:], w) == (0, 0, 0)
    assert cross_entropy_gradient(y[2:], t[2:], w, 1).tolist() == [[0, 0, 0]]
    assert cross_entropy(y[3:], t[3:], w) == (0, 0, 0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("N", "R"), [(1, 1), (60, 3)])
def test_half_squared_error_against_naive(N, R, dtype):
    rng = np.random.default_rng([N, R])
    y, t = rng.normal(size=(2, N, R)).astype(dtype)
    weight = (rng.uniform(0.5, 2, N) * rng.integers(0, 2, N)).astype(dtype)
    y[weight == 0] = np.nan
    np.testing.assert_allclose(
        half_squared_error(y, t, weight), naive.half_squared_error(y, t, weight), rtol=1e-13
    )
    dy = half_squared_error_gradient(y, t, weight)
    assert dy.dtype == dtype
    wanted = naive.half_squared_error_gradient(y, t, weight)
    np.testing.assert_allclose(dy, wanted, rtol=0, atol=10 * np.finfo(dtype).eps)
    assert not dy[weight == 0].any()


def test_half_squared_error_gradient_by_numbers():
    rng = np.random.default_rng(2)
    y, t = rng.normal(size=(2, 20, 3))
    weight = rng.uniform(0, 1, 20)
    gradient = half_squared_error_gradient(y, t, weight)
    directional_check(lambda y: half_squared_error(y, t, weight), [y], [gradient], rng)


def test_half_squared_error_shows_nan():
    assert np.isnan(half_squared_error(np.full((1, 1), np.nan), np.zeros((1, 1)), np.ones(1)))
