"""Activation functions of layers: errors of values and slopes, shares, tails, special values."""

import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels import elementwise
from lstmcli.kernels.elementwise import elementwise_backward, elementwise_forward
from lstmcli.kernels.memory import Memory

TWENTY = int(np.array(20, np.float32).view(np.uint32))
NUMBERS = {"leaky_relu": 0.01, "clipped_relu": 3.0, "elu": 1.5}
"""What stands for the function's number, where it has one."""
BOUNDS = {
    "leaky_relu": (1e-8, 0),
    "elu": (1.3e-7, 1.8e-7),
    "gelu": (1.1e-7, 1.4e-7),
    "gelu_tanh": (1.7e-7, 2.1e-7),
    "swish": (1.6e-7, 1.9e-7),
    "tanh": (1.5e-7, 3e-7),
    "sigmoid": (9e-8, 9e-8),
    "softplus": (1.2e-7, 9e-8),
}
"""The worst errors in float32 over [-20, 20]: of y, relative to it where it is above 1, and of dy/dx. Who is
not listed makes none.
"""
every_function = pytest.mark.parametrize("name", naive.ELEMENTWISE)


def run(name, x, dy):
    """y and dx."""
    function, a = getattr(elementwise, name.upper()), NUMBERS.get(name, 0)
    memory = Memory()
    y, kept = elementwise_forward(function, x, a, memory)
    return y, elementwise_backward(function, kept, a, dy, memory)


def check_errors(name, bits):
    value, slope = naive.ELEMENTWISE[name]
    of_value, of_slope = BOUNDS.get(name, (0, 0))
    # A number is what it is in float32.
    a = float(np.float32(NUMBERS.get(name, 0)))
    for x in (bits.view(np.float32), -bits.view(np.float32)):
        y, slopes = run(name, x, np.ones_like(x))
        exact = x.astype(np.float64)
        want = value(exact, a)
        assert np.max(np.abs(y - want) / np.maximum(1, np.abs(want))) <= of_value
        assert np.max(np.abs(slopes - slope(exact, a))) <= of_slope


@every_function
def test_errors_on_a_sample_of_float32(name):
    check_errors(name, np.arange(0, TWENTY + 1, 99_733, dtype=np.uint32))


@pytest.mark.heavy
@every_function
def test_errors_on_every_hundredth_float32(name):
    for first in range(0, TWENTY + 1, 101 << 20):
        check_errors(name, np.arange(first, min(first + (101 << 20), TWENTY + 1), 101, dtype=np.uint32))


@every_function
def test_float64_is_exact(name):
    x = np.concatenate([np.linspace(-9, 9, 1001), [1e-9, -1e-9, 12, -12]])
    y, slopes = run(name, x, np.ones_like(x))
    value, slope = naive.ELEMENTWISE[name]
    a = NUMBERS.get(name, 0)
    np.testing.assert_allclose(y, value(x, a), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(slopes, slope(x, a), rtol=1e-13, atol=1e-15)


@every_function
def test_gradient_by_numbers(name):
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 3, 4, 7))
    directional_check(lambda x: float(np.sum(dy * run(name, x, dy)[0])), [x], [run(name, x, dy)[1]], rng)


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "tanh"])
def test_small_numbers_keep_their_digits(name):
    x = -(np.float32(10.0) ** np.arange(-36, -3, dtype=np.float32))
    y, _ = run(name, x, x)
    want = naive.ELEMENTWISE[name][0](x.astype(np.float64), NUMBERS.get(name, 0))
    np.testing.assert_allclose(y, want, rtol=3e-7)


@pytest.mark.parametrize("name", ["gelu", "gelu_tanh", "swish", "softplus"])
def test_large_negative_numbers_keep_their_digits(name):
    x = -np.linspace(2, 8, 1001, dtype=np.float32)
    y, _ = run(name, x, x)
    np.testing.assert_allclose(y, naive.ELEMENTWISE[name][0](x.astype(np.float64), 0), rtol=3e-5)


LEFT, RIGHT = {"elu": -1.5, "tanh": -1.0}, {"clipped_relu": 3.0, "tanh": 1.0, "sigmoid": 1.0}
"""Where y ends, if it is not 0 far to the left (leaky_relu has no end there) and x far to the right."""


@every_function
@pytest.mark.parametrize("far", [100, 1e4, 1e6, 1e20, 3e38])
def test_nothing_overflows_on_the_way_to_the_ends(name, far):
    x = np.array([-far, far], np.float32)
    y, slopes = run(name, x, np.ones_like(x))
    left = NUMBERS[name] if name == "leaky_relu" else 0.0
    wanted = [LEFT.get(name, left * float(x[0])), RIGHT.get(name, float(x[1]))]
    np.testing.assert_allclose(y, wanted, rtol=1e-6, atol=1e-37)
    np.testing.assert_allclose(slopes, [left, 0 if name in RIGHT else 1], rtol=1e-6, atol=1e-37)


@every_function
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_comes_out_as_nan(name, dtype):
    x = np.linspace(-1, 1, 50).astype(dtype)
    x[::7] = np.nan
    y, _ = run(name, x, x)
    assert (np.isnan(y) == np.isnan(x)).all()


@every_function
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_element_does_not_depend_on_its_place(name, dtype):
    """Nor does what lies behind the last one change."""
    x, dy = np.random.default_rng(0).normal(size=(2, 40)).astype(dtype)
    y, dx = (a.copy() for a in run(name, x, dy))
    for first in range(0, 40, 3):
        for count in range(1, 40 - first, 5):
            part = slice(first, first + count)
            own = run(name, x[part], dy[part])
            assert [a.tobytes() for a in own] == [y[part].tobytes(), dx[part].tobytes()]
    function, memory = getattr(elementwise, name.upper()), Memory()
    whole = memory.take("y", (40,), dtype)
    whole[:] = 7
    elementwise_forward(function, x[:21], NUMBERS.get(name, 0), memory)
    assert (whole[21:] == 7).all()
    assert (whole[:21] == y[:21]).all()


@every_function
def test_shares_are_right_and_the_same_for_any_number_of_threads(name, on_threads):
    x, dy = np.random.default_rng(0).normal(size=(2, 61, 53, 17)).astype(np.float32)
    assert x.size > 3 * elementwise.SMALL
    results = [
        b"".join(a.tobytes() for a in pair) for pair in on_threads(lambda: run(name, x, dy), (1, 2, 3))
    ]
    assert len(set(results)) == 1
    y, dx = run(name, x, dy)
    value, slope = naive.ELEMENTWISE[name]
    exact, a = x.astype(np.float64), NUMBERS.get(name, 0)
    np.testing.assert_allclose(y, value(exact, a), rtol=0, atol=1e-6)
    np.testing.assert_allclose(dx, slope(exact, a) * dy, rtol=0, atol=2e-6)


def test_a_second_pass_asks_for_no_memory():
    x, memory = np.ones((5, 3, 4), np.float32), Memory()
    places = set()
    for _ in range(3):
        y, kept = elementwise_forward(elementwise.SWISH, x, 0, memory)
        places.add((y.ctypes.data, elementwise_backward(elementwise.SWISH, kept, 0, x, memory).ctypes.data))
    assert len(places) == 1
    assert kept is x


def test_what_is_not_contiguous_is_taken_as_it_is():
    x = np.random.default_rng(0).normal(size=(6, 8)).astype(np.float32)
    y, dx = (a.copy() for a in run("gelu", np.ascontiguousarray(x[:, ::2]), np.ascontiguousarray(x[:, 1::2])))
    strided = run("gelu", x[:, ::2], x[:, 1::2])
    assert [a.tobytes() for a in strided] == [y.tobytes(), dx.tobytes()]
