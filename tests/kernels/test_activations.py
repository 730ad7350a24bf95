import naive
import numpy as np
import pytest

from lstmcli.kernels import activations
from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import (
    gate_activation,
    gate_slope,
    sigmoid,
    state_activation,
    state_slope,
    tanh,
)
from lstmcli.kernels.compiled.vectors import lanes, load, store

TWENTY = int(np.array(20, np.float32).view(np.uint32))


@jit
def _all_tanh(x, y):
    for k in range(0, x.size, lanes(x)):
        store(y, k, tanh(load(x, k)))


@jit
def _all_sigmoid(x, y):
    for k in range(0, x.size, lanes(x)):
        store(y, k, sigmoid(load(x, k)))


@jit
def _all_gates(code, x, y, slopes):
    for k in range(0, x.size, lanes(x)):
        value = gate_activation(code, load(x, k))
        store(y, k, value)
        store(slopes, k, gate_slope(code, value))


@jit
def _all_states(code, x, y, slopes):
    for k in range(0, x.size, lanes(x)):
        value = state_activation(code, load(x, k))
        store(y, k, value)
        store(slopes, k, state_slope(code, value))


def of_any_size(kernel):
    """The kernel for arrays that are no whole number of vectors; the first comes in, the others go out."""

    def run(*arguments):
        codes = [a for a in arguments if not isinstance(a, np.ndarray)]
        arrays = [a for a in arguments if isinstance(a, np.ndarray)]
        whole = [np.resize(a, -(-a.size // 64) * 64) for a in arrays]
        kernel(*codes, *whole)
        for array, result in zip(arrays[1:], whole[1:], strict=True):
            array[:] = result[: array.size]

    return run


all_tanh, all_sigmoid = of_any_size(_all_tanh), of_any_size(_all_sigmoid)
all_gates, all_states = of_any_size(_all_gates), of_any_size(_all_states)


def check_errors(bits):
    for x in (bits.view(np.float32), -bits.view(np.float32)):
        for kernel, exact, bound in ((all_tanh, np.tanh, 1.6e-7), (all_sigmoid, naive.sigmoid, 1e-7)):
            y = np.empty_like(x)
            kernel(x, y)
            assert np.max(np.abs(y - exact(x.astype(np.float64)))) <= bound
            assert np.max(np.abs(y)) <= 1


def test_tanh_and_sigmoid_of_a_sample_of_float32():
    check_errors(np.arange(0, TWENTY + 1, 9973, dtype=np.uint32))


@pytest.mark.heavy
def test_tanh_and_sigmoid_of_every_float32():
    for first in range(0, TWENTY + 1, 1 << 24):
        check_errors(np.arange(first, min(first + (1 << 24), TWENTY + 1), dtype=np.uint32))


def test_tanh_keeps_small_numbers():
    x = np.float32(10.0) ** np.arange(-38, -3, dtype=np.float32)
    y = np.empty_like(x)
    all_tanh(x, y)
    np.testing.assert_allclose(y, x, rtol=3e-7)


CODES = [(all_gates, code, naive.GATES[code], naive.GATE_SLOPES[code]) for code in naive.GATES]
CODES += [(all_states, code, naive.STATES[code], naive.STATE_SLOPES[code]) for code in naive.STATES]


@pytest.mark.parametrize(("kernel", "code", "function", "slope"), CODES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 4e-7), (np.float64, 1e-14)])
def test_activations_and_slopes(kernel, code, function, slope, dtype, tolerance):
    x = np.concatenate([np.linspace(-6, 6, 1000), [0.1, -30, 30]]).astype(dtype)
    y, slopes = np.empty_like(x), np.empty_like(x)
    kernel(code, x, y, slopes)
    np.testing.assert_allclose(y, function(x.astype(np.float64)), rtol=0, atol=tolerance)
    np.testing.assert_allclose(slopes, slope(x.astype(np.float64)), rtol=0, atol=2 * tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("kernel", "code"), [entry[:2] for entry in CODES])
def test_nan_comes_out_as_nan(kernel, code, dtype):
    x = np.full(33, np.nan, dtype)
    y = np.zeros_like(x)
    kernel(code, x, y, np.empty_like(x))
    assert np.isnan(y).all()


def test_tanh_ends_at_exactly_one():
    x = np.array([-np.inf, -20, -9, 9, 20, np.inf], np.float32)
    y = np.empty_like(x)
    all_tanh(x, y)
    assert y.tolist() == [-1, -1, -1, 1, 1, 1]


def test_the_ends_of_the_ramp_and_infinities():
    x = np.array([-np.inf, -2.5000002, 2.5000002, np.inf], np.float32)
    y, slopes = np.empty_like(x), np.empty_like(x)
    all_gates(activations.HARD_SIGMOID, x, y, slopes)
    assert y.tolist() == [0, 0, 1, 1]
    assert slopes.tolist() == [0, 0, 0, 0]
    all_gates(activations.SIGMOID, x[::3].copy(), y, slopes)
    np.testing.assert_allclose(y[:2], [0, 1], atol=2e-7)
