"""Functions that activation functions of layers are made of, lane by lane, beside those of `activations`.

In float32 they are polynomials and a ratio of two, fitted for the smallest worst error; in float64 they are
exact, from the system's mathematics. The worst absolute errors in float32:

    normal_distribution    9.8e-8, and therefore 2e-7 for erf(x / sqrt 2) = 2 Phi(x) - 1
    logarithm_of_one_more  1.1e-7        exponential_less_one  6e-8
"""

import math

import numpy as np
from numba import types
from numba.extending import overload

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import HALF, INLINE, ONE, ZERO, exponential, is_single
from lstmcli.kernels.compiled.simd import Vector, lane_by_lane
from lstmcli.kernels.compiled.vectors import fma, magnitude, where

# Phi(-z) exp(z^2 / 2) = 1/2 - z A(z) / B(z) for z >= 0, within 2.3e-8 where it is large: the form keeps the
# digits of 1/2 near 0, and exp those of the small numbers far from it. Coefficients, lowest power first.
A0, A1, A2, A3 = np.array(
    [0.39894178701840544, 0.3240108547403844, 0.10958278820974986, 0.01528002497030332], np.float32
)
B1, B2, B3, B4 = np.array(
    [1.4388158017688526, 0.8430663657055121, 0.24350576325940935, 0.03056113141187304], np.float32
)
# From here on Phi(-z) is 0 in float32, which z^3 still is not too large for.
NORMAL_LIMIT = np.float32(14)
# log(1 + x) / x within 4.8e-9 for 0 <= x <= 1.
L0, L1, L2, L3, L4, L5, L6, L7, L8, L9 = np.array(
    [
        0.9999999952872058,
        -0.4999990242254423,
        0.33329962410479025,
        -0.24954133593240946,
        0.19675938936586096,
        -0.15305591648143368,
        0.10603653322816108,
        -0.05695951886181999,
        0.01985145416782481,
        -0.0032440233594279275,
    ],
    np.float32,
)
# (exp(x) - 1) / x within 1.4e-9 for -1/2 <= x <= 0.
E0, E1, E2, E3, E4, E5 = np.array(
    [
        0.9999999986263928,
        0.49999980746047923,
        0.1666622408179194,
        0.041629089089631546,
        0.008187385885420343,
        0.0011216348312898558,
    ],
    np.float32,
)


def like(x: float, number: float) -> float:
    """The number in the precision of x, which may be a vector, when called from a kernel."""
    return number


def normal_distribution(x: float) -> float:
    """Phi(x) = (1 + erf(x / sqrt 2)) / 2, of numbers and vectors when called from a kernel."""
    return math.erfc(-x * math.sqrt(0.5)) / 2


def logarithm_of_one_more(x: float) -> float:
    """log(1 + x) for 0 <= x <= 1, of numbers and vectors when called from a kernel."""
    return math.log1p(x)


def exponential_less_one(x: float) -> float:
    """exp(x) - 1 for x <= 0, of numbers and vectors when called from a kernel."""
    return math.expm1(x)


@jit(inline=True)
def _exact_normal(x):  # type: ignore[no-untyped-def]
    return math.erfc(-x * math.sqrt(0.5)) / 2


@jit(inline=True)
def _exact_logarithm(x):  # type: ignore[no-untyped-def]
    return math.log1p(x)


@jit(inline=True)
def _exact_exponential(x):  # type: ignore[no-untyped-def]
    return math.expm1(x)


@overload(like, jit_options=INLINE)
def _like(x, number):  # type: ignore[no-untyped-def]
    # Vectors see to it themselves.
    if isinstance(x, Vector) or x == types.float64:
        return lambda x, number: number
    return lambda x, number: np.float32(number)


# Comparisons are false for NaN, which therefore stays what it is.


@overload(normal_distribution, jit_options=INLINE)
def _normal(x):  # type: ignore[no-untyped-def]
    def single(x):  # type: ignore[no-untyped-def]
        z = magnitude(x)
        z = where(z > NORMAL_LIMIT, NORMAL_LIMIT, z)
        a = fma(fma(fma(A3, z, A2), z, A1), z, A0)
        b = fma(fma(fma(fma(B4, z, B3), z, B2), z, B1), z, ONE)
        tail = exponential(-HALF * z * z) * fma(-z, a / b, HALF)
        return where(x < ZERO, tail, ONE - tail)

    if is_single(x):
        return single
    return lane_by_lane(_exact_normal) if isinstance(x, Vector) else lambda x: _exact_normal(x)


@overload(logarithm_of_one_more, jit_options=INLINE)
def _logarithm(x):  # type: ignore[no-untyped-def]
    def single(x):  # type: ignore[no-untyped-def]
        high = fma(fma(fma(fma(L9, x, L8), x, L7), x, L6), x, L5)
        return x * fma(fma(fma(fma(fma(high, x, L4), x, L3), x, L2), x, L1), x, L0)

    if is_single(x):
        return single
    return lane_by_lane(_exact_logarithm) if isinstance(x, Vector) else lambda x: _exact_logarithm(x)


@overload(exponential_less_one, jit_options=INLINE)
def _less_one(x):  # type: ignore[no-untyped-def]
    def single(x):  # type: ignore[no-untyped-def]
        near = x * fma(fma(fma(fma(fma(E5, x, E4), x, E3), x, E2), x, E1), x, E0)
        return where(x < -HALF, exponential(x) - ONE, near)

    if is_single(x):
        return single
    return lane_by_lane(_exact_exponential) if isinstance(x, Vector) else lambda x: _exact_exponential(x)
