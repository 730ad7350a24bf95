"""Solver steps on one learnable, in the precision of the arrays.

Learnables w and their gradients g are matrices [rows, columns], contiguous and writable; `factors` are
float64[rows], one a row. A step reads w, writes the new weights to `out`, and says whether all are finite;
gradients are taken times `scale`, by which they were clipped.
"""

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import jit
from lstmcli.records import Array

Factors = NDArray[np.float64]
LANES = 16


def regularize(w: Array, g: Array, decay: float, factors: Factors) -> float:
    """g += decay factor w, the gradient of L2 regularization; the sum of all g^2 after it.

    The sum is taken in float64, in an order that depends on the size of g only.
    """
    return float(_regularize(w, g, float(decay), factors))


def clip_absolute(g: Array, threshold: float) -> None:
    """Every element beyond -threshold ... threshold becomes the nearer of the two; NaN stays."""
    _clip_absolute(g.reshape(-1), float(threshold))


def sgdm(
    w: Array,
    g: Array,
    scale: float,
    velocity: Array,
    rate: float,
    factors: Factors,
    momentum: float,
    out: Array,
) -> bool:
    """velocity = momentum velocity - rate factor g; out = w + velocity."""
    return bool(_sgdm(w, g, float(scale), velocity, float(rate), factors, float(momentum), out))


def rmsprop(
    w: Array,
    g: Array,
    scale: float,
    v: Array,
    rate: float,
    factors: Factors,
    decay: float,
    epsilon: float,
    out: Array,
) -> bool:
    """v = decay v + (1 - decay) g^2; out = w - rate factor g / (sqrt(v) + epsilon)."""
    return bool(_rmsprop(w, g, float(scale), v, float(rate), factors, float(decay), float(epsilon), out))


def adam(
    w: Array,
    g: Array,
    scale: float,
    m: Array,
    v: Array,
    rate: float,
    factors: Factors,
    beta1: float,
    beta2: float,
    epsilon: float,
    iteration: int,
    out: Array,
) -> bool:
    """m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; out = w - a m / (sqrt(v) + epsilon).

    a = rate factor sqrt(1 - beta2^l) / (1 - beta1^l) in iteration l = 1, 2, ... (Kingma, Ba 2015, section 2).
    """
    rate *= (1 - beta2**iteration) ** 0.5 / (1 - beta1**iteration)
    settings = (float(rate), factors, float(beta1), float(beta2), float(epsilon))
    return bool(_adam(w, g, float(scale), m, v, *settings, out))


@jit
def _regularize(w, g, decay, factors):  # type: ignore[no-untyped-def]
    rows, columns = g.shape
    for r in range(rows):
        factor = w.dtype.type(decay * factors[r])
        if factor != 0:
            for k in range(columns):
                g[r, k] += factor * w[r, k]
    # Partial sums side by side are vectorized without a change of order.
    flat, lanes = g.reshape(-1), np.zeros(LANES)
    whole = flat.size - flat.size % LANES
    for k in range(0, whole, LANES):
        for lane in range(LANES):
            x = np.float64(flat[k + lane])
            lanes[lane] += x * x
    total = 0.0
    for lane in range(LANES):
        total += lanes[lane]
    for k in range(whole, flat.size):
        total += np.float64(flat[k]) * np.float64(flat[k])
    return total


@jit
def _clip_absolute(g, threshold):  # type: ignore[no-untyped-def]
    bound = g.dtype.type(threshold)
    for k in range(g.size):
        x = g[k]
        x = bound if x > bound else x
        g[k] = -bound if x < -bound else x


@jit
def _finite(a):  # type: ignore[no-untyped-def]
    flat, largest, bad = a.reshape(-1), np.finfo(a.dtype).max, np.int32(0)
    for k in range(flat.size):
        bad += np.int32(0) if abs(flat[k]) <= largest else np.int32(1)
    return bad == 0


@jit
def _sgdm(w, g, scale, velocity, rate, factors, momentum, out):  # type: ignore[no-untyped-def]
    rows, columns = w.shape
    kept, clip = w.dtype.type(momentum), w.dtype.type(scale)
    for r in range(rows):
        own = w.dtype.type(rate * factors[r])
        for k in range(columns):
            step = kept * velocity[r, k] - own * (clip * g[r, k])
            velocity[r, k] = step
            out[r, k] = w[r, k] + step
    return _finite(out)


@jit
def _rmsprop(w, g, scale, v, rate, factors, decay, epsilon, out):  # type: ignore[no-untyped-def]
    rows, columns = w.shape
    kept, new, small = w.dtype.type(decay), w.dtype.type(1 - decay), w.dtype.type(epsilon)
    clip = w.dtype.type(scale)
    for r in range(rows):
        own = w.dtype.type(rate * factors[r])
        for k in range(columns):
            x = clip * g[r, k]
            square = kept * v[r, k] + new * x * x
            v[r, k] = square
            out[r, k] = w[r, k] - own * x / (np.sqrt(square) + small)
    return _finite(out)


@jit
def _adam(w, g, scale, m, v, rate, factors, beta1, beta2, epsilon, out):  # type: ignore[no-untyped-def]
    rows, columns = w.shape
    kept1, new1 = w.dtype.type(beta1), w.dtype.type(1 - beta1)
    kept2, new2 = w.dtype.type(beta2), w.dtype.type(1 - beta2)
    small, clip = w.dtype.type(epsilon), w.dtype.type(scale)
    for r in range(rows):
        own = w.dtype.type(rate * factors[r])
        for k in range(columns):
            x = clip * g[r, k]
            mean = kept1 * m[r, k] + new1 * x
            square = kept2 * v[r, k] + new2 * x * x
            m[r, k], v[r, k] = mean, square
            out[r, k] = w[r, k] - own * mean / (np.sqrt(square) + small)
    return _finite(out)
