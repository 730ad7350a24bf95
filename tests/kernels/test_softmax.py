import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.memory import Memory
from lstmcli.kernels.softmax import softmax, softmax_backward


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("N", "K"), [(1, 1), (27, 9), (3, 100)])
def test_against_naive(N, K, dtype):
    rng = np.random.default_rng([N, K])
    x, dy = (3 * rng.normal(size=(2, N, K))).astype(dtype)
    y = softmax(x, Memory())
    dx = softmax_backward(y, dy, Memory())
    assert y.dtype == dx.dtype == dtype
    np.testing.assert_allclose(y, naive.softmax(x), rtol=0, atol=5 * np.finfo(dtype).eps)
    wanted = naive.softmax_backward(naive.softmax(x), dy)
    np.testing.assert_allclose(dx, wanted, rtol=0, atol=50 * np.finfo(dtype).eps)


def test_large_arguments_do_not_overflow():
    y = softmax(np.array([[1e4, 1e4, -1e4], [-1e30, 0, 1e30]], np.float32), Memory())
    assert y.tolist() == [[0.5, 0.5, 0], [0, 0, 1]]


def test_nan_fills_its_row_only():
    x = np.zeros((3, 4), np.float32)
    x[1, 2] = np.nan
    assert np.isnan(softmax(x, Memory())).tolist() == [[False] * 4, [True] * 4, [False] * 4]


def test_gradient_by_numbers():
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 5, 7))
    directional_check(
        lambda x: float(np.sum(dy * softmax(x, Memory()))),
        [x],
        [softmax_backward(softmax(x, Memory()), dy, Memory())],
        rng,
    )
