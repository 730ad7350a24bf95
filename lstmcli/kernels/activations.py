"""Activation functions of gates and states, elementwise; derivatives are taken from the output.

    code  SIGMOID 1 / (1 + exp(-x))    HARD_SIGMOID 0, 0.2 x + 0.5, 1 (bends at -2.5 and 2.5)
          TANH tanh x    SOFTSIGN x / (1 + |x|)    RELU max(x, 0)

In float32 tanh is a rational function, which vectorizes, and sigmoid follows from it: errors below 3e-7
and 2e-7. In float64 both are exact.
"""

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from lstmcli.kernels import OPTIONS, jit

SIGMOID, HARD_SIGMOID = 0, 1
TANH, SOFTSIGN, RELU = 0, 1, 2

# tanh x = x p(x^2) / q(x^2) for |x| <= LIMIT, with Eigen's coefficients, highest power first. LIMIT is a
# number at which this is exactly 1, and below which it is at most 1, with and without fused operations.
LIMIT = np.float32(8.05118179321289)
P6, P5, P4, P3, P2, P1, P0 = np.array(
    [
        -2.76076847742355e-16,
        2.00018790482477e-13,
        -8.60467152213735e-11,
        5.12229709037114e-08,
        1.48572235717979e-05,
        6.37261928875436e-04,
        4.89352455891786e-03,
    ],
    np.float32,
)
Q3, Q2, Q1, Q0 = np.array(
    [1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03], np.float32
)
INLINE: Any = {**OPTIONS, "forceinline": True}

# Numbers that float32 holds exactly keep float32 in float32 and float64 in float64.
ZERO, HALF, ONE, BEND, FIVE = np.array([0, 0.5, 1, 2.5, 5], np.float32)


def tanh(x: float) -> float:
    """tanh x of one number, in its own precision when called from a kernel."""
    return math.tanh(x)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)) of one number, in its own precision when called from a kernel."""
    return 1 / (1 + math.exp(-x))


@overload(tanh, jit_options=INLINE)
def _tanh(x):  # type: ignore[no-untyped-def]
    def exact(x):  # type: ignore[no-untyped-def]
        return math.tanh(x)

    def rational(x):  # type: ignore[no-untyped-def]
        # Comparisons are false for NaN, which therefore stays what it is.
        x = LIMIT if x > LIMIT else x
        x = -LIMIT if x < -LIMIT else x
        y = x * x
        p = (((((P6 * y + P5) * y + P4) * y + P3) * y + P2) * y + P1) * y + P0
        q = ((Q3 * y + Q2) * y + Q1) * y + Q0
        return x * (p / q)

    return rational if x == types.float32 else exact


@overload(sigmoid, jit_options=INLINE)
def _sigmoid(x):  # type: ignore[no-untyped-def]
    def exact(x):  # type: ignore[no-untyped-def]
        return 1 / (1 + math.exp(-x))

    def from_tanh(x):  # type: ignore[no-untyped-def]
        return HALF * tanh(HALF * x) + HALF

    return from_tanh if x == types.float32 else exact


# Every variant is computed and one of them selected: a branch in a loop over units stops vectorization.


@jit(inline=True)
def gate_activation(code, x):  # type: ignore[no-untyped-def]
    """The gate activation of a code."""
    curve, ramp = sigmoid(x), x / FIVE + HALF
    ramp = ZERO if x < -BEND else ramp
    ramp = ONE if x > BEND else ramp
    return curve if code == SIGMOID else ramp


@jit(inline=True)
def gate_slope(code, y):  # type: ignore[no-untyped-def]
    """dy/dx of y = gate_activation(code, x)."""
    curve, ramp = y * (ONE - y), (ONE + ZERO * y) / FIVE
    ramp = ZERO if y <= ZERO else ramp
    ramp = ZERO if y >= ONE else ramp
    return curve if code == SIGMOID else ramp


@jit(inline=True)
def state_activation(code, x):  # type: ignore[no-untyped-def]
    """The state activation of a code."""
    curve, soft = tanh(x), x / (ONE + abs(x))
    positive = ZERO if x < ZERO else x
    rest = soft if code == SOFTSIGN else positive
    return curve if code == TANH else rest


@jit(inline=True)
def state_slope(code, y):  # type: ignore[no-untyped-def]
    """dy/dx of y = state_activation(code, x), 0 at the bend of relu."""
    curve, soft = ONE - y * y, (ONE - abs(y)) * (ONE - abs(y))
    step = ONE if y > ZERO else ZERO
    rest = soft if code == SOFTSIGN else step
    return curve if code == TANH else rest
