"""The functions that activations are made of: their worst errors, and that float64 is exact."""

import math

import naive
import numpy as np
import pytest

from lstmcli.kernels.compiled import jit, special_functions
from lstmcli.kernels.compiled.special_functions import (
    exponential_less_one,
    logarithm_of_one_more,
    normal_distribution,
)
from lstmcli.kernels.compiled.vectors import lanes, load, store


@jit
def all_normal(x, y):
    for k in range(0, x.size, lanes(x)):
        store(y, k, normal_distribution(load(x, k)))


@jit
def all_logarithms(x, y):
    for k in range(0, x.size, lanes(x)):
        store(y, k, logarithm_of_one_more(load(x, k)))


@jit
def all_exponentials(x, y):
    for k in range(0, x.size, lanes(x)):
        store(y, k, exponential_less_one(load(x, k)))


CASES = {
    "normal distribution": (all_normal, naive.normal_distribution, (-20, 20), 1e-7),
    "logarithm": (all_logarithms, np.log1p, (0, 1), 1.1e-7),
    "exponential": (all_exponentials, np.expm1, (-20, 0), 6e-8),
}
"""Kernel, what it should be, from where to where, the worst error in float32."""
every_case = pytest.mark.parametrize(("kernel", "exact", "ends", "bound"), CASES.values(), ids=list(CASES))


def floats(ends, step):
    """Float32s between two numbers, one of `step`, as many as fill vectors."""
    sides = [np.array(end, np.float32) for end in ends if end]
    own = [
        np.copysign(np.arange(0, abs(end).view(np.uint32) + 1, step, np.uint32).view(np.float32), end)
        for end in sides
    ]
    x = np.concatenate(own)
    return np.resize(x, -(-x.size // 64) * 64)


def result(kernel, x):
    y = np.empty_like(x)
    kernel(x, y)
    return y


@every_case
def test_float32(kernel, exact, ends, bound):
    x = floats(ends, 99_733)
    error = np.abs(result(kernel, x) - exact(x.astype(np.float64)))
    assert error.max() <= bound


@every_case
def test_float64_is_exact(kernel, exact, ends, bound):
    x = np.linspace(*ends, 1024)
    np.testing.assert_allclose(result(kernel, x), exact(x), rtol=1e-13)


def test_the_error_function_is_within_two_in_ten_millions():
    x = floats((-20, 20), 99_733)
    wanted = np.vectorize(math.erf)(x.astype(np.float64) / math.sqrt(2))
    assert np.abs(2 * result(all_normal, x).astype(np.float64) - 1 - wanted).max() < 2e-7


def test_small_numbers_keep_their_digits():
    x = np.resize(np.float32(10.0) ** np.arange(-36, -1, dtype=np.float32), 64)
    for kernel, exact, sign in ((all_logarithms, np.log1p, 1), (all_exponentials, np.expm1, -1)):
        np.testing.assert_allclose(result(kernel, sign * x), exact(sign * x.astype(np.float64)), rtol=2e-7)


def test_the_tail_of_the_normal_distribution_keeps_its_digits():
    x = -np.linspace(0, 12, 1024, dtype=np.float32)
    np.testing.assert_allclose(
        result(all_normal, x), naive.normal_distribution(x.astype(np.float64)), rtol=1e-5
    )


@every_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_comes_out_as_nan(kernel, exact, ends, bound, dtype):
    assert np.isnan(result(kernel, np.full(64, np.nan, dtype))).all()


def test_called_from_python_they_are_those_of_the_system():
    for name, x, wanted in (("normal_distribution", 0, 0.5), ("logarithm_of_one_more", 1, math.log(2))):
        assert getattr(special_functions, name)(x) == pytest.approx(wanted, rel=1e-15)
    assert special_functions.exponential_less_one(-1e-20) == -1e-20
