"""Solver steps on one learnable, in place, in the precision of the arrays.

Learnables and their gradients are matrices [rows, columns], contiguous and writable; rates and factors
are float[rows], one a row.
"""

import numpy as np

from lstmcli.kernels import contiguous, jit
from lstmcli.records import Array

LANES = 16


def add_l2(g: Array, w: Array, factors: Array) -> None:
    """g += factor w: the gradient of L2 regularization; factors include its lambda."""
    _add_l2(g, w, _like(factors, w))


def sum_of_squares(g: Array) -> float:
    """The sum of all g^2, in float64, in an order that depends on the size of g only."""
    return float(_sum_of_squares(g.reshape(-1)))


def scale(g: Array, s: float) -> None:
    """g *= s."""
    _scale(g.reshape(-1), float(s))


def clip_absolute(g: Array, threshold: float) -> None:
    """Every element beyond -threshold ... threshold becomes the nearer of the two; NaN stays."""
    _clip_absolute(g.reshape(-1), float(threshold))


def sgdm(w: Array, g: Array, velocity: Array, rates: Array, momentum: float) -> None:
    """velocity = momentum velocity - rate g; w += velocity."""
    _sgdm(w, g, velocity, _like(rates, w), float(momentum))


def rmsprop(w: Array, g: Array, v: Array, rates: Array, decay: float, epsilon: float) -> None:
    """v = decay v + (1 - decay) g^2; w -= rate g / (sqrt(v) + epsilon)."""
    _rmsprop(w, g, v, _like(rates, w), float(decay), float(epsilon))


def adam(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    rates: Array,
    beta1: float,
    beta2: float,
    epsilon: float,
    iteration: int,
) -> None:
    """m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w -= rate' m / (sqrt(v) + epsilon).

    rate' = rate sqrt(1 - beta2^l) / (1 - beta1^l) in iteration l = 1, 2, ... (Kingma, Ba 2015, section 2).
    """
    correction = np.sqrt(1 - beta2**iteration) / (1 - beta1**iteration)
    rates = _like(np.asarray(rates, np.float64) * correction, w)
    _adam(w, g, m, v, rates, float(beta1), float(beta2), float(epsilon))


def _like(factors: Array, w: Array) -> Array:
    return contiguous(np.asarray(factors, w.dtype))


@jit
def _add_l2(g, w, factors):  # type: ignore[no-untyped-def]
    rows, columns = g.shape
    for r in range(rows):
        for k in range(columns):
            g[r, k] += factors[r] * w[r, k]


@jit
def _sum_of_squares(g):  # type: ignore[no-untyped-def]
    # Partial sums side by side are vectorized without a change of order.
    lanes = np.zeros(LANES)
    whole = g.size - g.size % LANES
    for k in range(0, whole, LANES):
        for lane in range(LANES):
            x = np.float64(g[k + lane])
            lanes[lane] += x * x
    total = 0.0
    for lane in range(LANES):
        total += lanes[lane]
    for k in range(whole, g.size):
        total += np.float64(g[k]) * np.float64(g[k])
    return total


@jit
def _scale(g, s):  # type: ignore[no-untyped-def]
    s_like = g.dtype.type(s)
    for k in range(g.size):
        g[k] *= s_like


@jit
def _clip_absolute(g, threshold):  # type: ignore[no-untyped-def]
    bound = g.dtype.type(threshold)
    for k in range(g.size):
        x = g[k]
        x = bound if x > bound else x
        g[k] = -bound if x < -bound else x


@jit
def _sgdm(w, g, velocity, rates, momentum):  # type: ignore[no-untyped-def]
    rows, columns = w.shape
    kept = w.dtype.type(momentum)
    for r in range(rows):
        for k in range(columns):
            step = kept * velocity[r, k] - rates[r] * g[r, k]
            velocity[r, k] = step
            w[r, k] += step


@jit
def _rmsprop(w, g, v, rates, decay, epsilon):  # type: ignore[no-untyped-def]
    rows, columns = w.shape
    kept, new, small = w.dtype.type(decay), w.dtype.type(1 - decay), w.dtype.type(epsilon)
    for r in range(rows):
        for k in range(columns):
            square = kept * v[r, k] + new * g[r, k] * g[r, k]
            v[r, k] = square
            w[r, k] -= rates[r] * g[r, k] / (np.sqrt(square) + small)


@jit
def _adam(w, g, m, v, rates, beta1, beta2, epsilon):  # type: ignore[no-untyped-def]
    rows, columns = w.shape
    kept1, new1 = w.dtype.type(beta1), w.dtype.type(1 - beta1)
    kept2, new2 = w.dtype.type(beta2), w.dtype.type(1 - beta2)
    small = w.dtype.type(epsilon)
    for r in range(rows):
        for k in range(columns):
            mean = kept1 * m[r, k] + new1 * g[r, k]
            square = kept2 * v[r, k] + new2 * g[r, k] * g[r, k]
            m[r, k], v[r, k] = mean, square
            w[r, k] -= rates[r] * mean / (np.sqrt(square) + small)
