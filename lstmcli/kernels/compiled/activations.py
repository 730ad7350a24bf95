"""Activation functions of gates and states, lane by lane; derivatives are taken from the output.

    code  SIGMOID 1 / (1 + exp(-x))    HARD_SIGMOID 0, 0.2 x + 0.5, 1 (bends at -2.5 and 2.5)
          TANH tanh x    SOFTSIGN x / (1 + |x|)    RELU max(x, 0)

In float32, with e = exp(-x) from a polynomial, sigmoid = 1 / (1 + e) and tanh = (1 - e^2) / (1 + e^2), where
1 - e^2 keeps its digits near 0: the worst absolute errors are 1.5e-7 for tanh and 9e-8 for sigmoid. In
float64 both are exact.
"""

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from lstmcli.kernels.activations import SIGMOID, SOFTSIGN, TANH
from lstmcli.kernels.compiled import OPTIONS, jit
from lstmcli.kernels.compiled.simd import Vector, lane_by_lane
from lstmcli.kernels.compiled.vectors import fma, magnitude, power_of_two, where, with_sign

# 2^f - 1 = f q(f) for |f| <= 1/2 with a relative error of 2e-9; the coefficients of q, lowest power first.
Q0, Q1, Q2, Q3, Q4, Q5 = np.array(
    [
        0.6931472062482696,
        0.24022651345915613,
        0.055503277911522236,
        0.009618003890040874,
        0.0013400269670140047,
        0.00015476300178615243,
    ],
    np.float32,
)
# Added to a number of less than 2^22 it rounds it to a whole n and leaves n + 127, the exponent's bits of
# 2^n, in the lowest bits of the sum.
MAGIC = np.float32(3 * 2**22 + 127)
TANH_SCALE, SIGMOID_SCALE, EXPONENTIAL_SCALE = np.array([-2, -1, 1] / np.log(2), np.float32)
# Beyond these tanh and sigmoid no longer change; 2^n stays a normal number.
TANH_LIMIT, SIGMOID_LIMIT = np.array([10, 87], np.float32)
INLINE: Any = {**OPTIONS, "forceinline": True}

# Numbers that float32 holds exactly keep float32 in float32 and float64 in float64.
ZERO, HALF, ONE, TWO, BEND, FIVE = np.array([0, 0.5, 1, 2, 2.5, 5], np.float32)


def tanh(x: float) -> float:
    """tanh x, of numbers and vectors when called from a kernel."""
    return math.tanh(x)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), of numbers and vectors when called from a kernel."""
    return 1 / (1 + math.exp(-x))


def exponential(x: float) -> float:
    """exp(x) for x <= 0, and 0 below -87 in float32, of numbers and vectors when called from a kernel."""
    return math.exp(x)


@jit(inline=True)
def _exact_exponential(x):  # type: ignore[no-untyped-def]
    return math.exp(x)


@jit(inline=True)
def _exact_tanh(x):  # type: ignore[no-untyped-def]
    return math.tanh(x)


@jit(inline=True)
def _exact_sigmoid(x):  # type: ignore[no-untyped-def]
    return 1 / (1 + math.exp(-x))


@jit(inline=True)
def _power(x, scale):  # type: ignore[no-untyped-def]
    """s and s (2^f - 1), of which exp(x) is the sum: s = 2^n, n + f = x scale; float32 only."""
    shifted = fma(x, scale, MAGIC)
    f = fma(x, scale, MAGIC - shifted)
    s = power_of_two(shifted)
    q = fma(fma(fma(fma(fma(Q5, f, Q4), f, Q3), f, Q2), f, Q1), f, Q0)
    return s, s * (f * q)


def is_single(x: Any) -> bool:
    """Whether numbers of numba's type x, or its lanes, are float32."""
    return (x.scalar if isinstance(x, Vector) else x) == types.float32


# Comparisons are false for NaN, which therefore stays what it is.


@overload(tanh, jit_options=INLINE)
def _tanh(x):  # type: ignore[no-untyped-def]
    def single(x):  # type: ignore[no-untyped-def]
        size = magnitude(x)
        s, rest = _power(where(size > TANH_LIMIT, TANH_LIMIT, size), TANH_SCALE)
        less = rest + (s - ONE)
        return with_sign(less / (less + TWO), x)

    if is_single(x):
        return single
    return lane_by_lane(_exact_tanh) if isinstance(x, Vector) else lambda x: _exact_tanh(x)


@overload(sigmoid, jit_options=INLINE)
def _sigmoid(x):  # type: ignore[no-untyped-def]
    def single(x):  # type: ignore[no-untyped-def]
        x = where(x > SIGMOID_LIMIT, SIGMOID_LIMIT, x)
        x = where(x < -SIGMOID_LIMIT, -SIGMOID_LIMIT, x)
        s, rest = _power(x, SIGMOID_SCALE)
        return ONE / (rest + (s + ONE))

    if is_single(x):
        return single
    return lane_by_lane(_exact_sigmoid) if isinstance(x, Vector) else lambda x: _exact_sigmoid(x)


@overload(exponential, jit_options=INLINE)
def _exponential(x):  # type: ignore[no-untyped-def]
    def single(x):  # type: ignore[no-untyped-def]
        s, rest = _power(where(x < -SIGMOID_LIMIT, -SIGMOID_LIMIT, x), EXPONENTIAL_SCALE)
        return where(x < -SIGMOID_LIMIT, ZERO, s + rest)

    if is_single(x):
        return single
    return lane_by_lane(_exact_exponential) if isinstance(x, Vector) else lambda x: _exact_exponential(x)


@jit(inline=True)
def gate_activation(code, x):  # type: ignore[no-untyped-def]
    """The gate activation of a code."""
    if code == SIGMOID:
        return sigmoid(x)
    ramp = x / FIVE + HALF
    ramp = where(x < -BEND, ZERO, ramp)
    return where(x > BEND, ONE, ramp)


@jit(inline=True)
def gate_slope(code, y):  # type: ignore[no-untyped-def]
    """dy/dx of y = gate_activation(code, x)."""
    if code == SIGMOID:
        return y * (ONE - y)
    ramp = (ONE + ZERO * y) / FIVE
    ramp = where(y <= ZERO, ZERO, ramp)
    return where(y >= ONE, ZERO, ramp)


@jit(inline=True)
def state_activation(code, x):  # type: ignore[no-untyped-def]
    """The state activation of a code."""
    if code == TANH:
        return tanh(x)
    if code == SOFTSIGN:
        return x / (ONE + where(x < ZERO, -x, x))
    return where(x < ZERO, ZERO, x)


@jit(inline=True)
def state_slope(code, y):  # type: ignore[no-untyped-def]
    """dy/dx of y = state_activation(code, x), 0 at the bend of relu."""
    if code == TANH:
        return fma(-y, y, ONE)
    if code == SOFTSIGN:
        rest = ONE - where(y < ZERO, -y, y)
        return rest * rest
    return where(y > ZERO, ONE, ZERO * y)
