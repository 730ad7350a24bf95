"""Solver steps on one learnable, in the precision of the arrays.

Learnables w and their gradients g are matrices [rows, columns], contiguous and writable; `factors` are
float64[rows], one a row. A step reads w, writes the new weights to `out`, and says whether all are finite;
gradients are taken times `scale`, by which they were clipped. Threads divide the columns, in strips.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

REGULARIZE, CLIP = Kernel("solver_steps", "regularize"), Kernel("solver_steps", "clip_absolute")
SGDM, RMSPROP = Kernel("solver_steps", "sgdm"), Kernel("solver_steps", "rmsprop")
ADAM = Kernel("solver_steps", "adam")
Factors = NDArray[np.float64]
LANES = 16
STRIP = 2048
"""Columns whose squares are summed together, and that one thread works on."""
SMALL = 2**14
"""Elements that one thread updates sooner than it could wake another."""


def regularize(w: Array, g: Array, decay: float, factors: Factors) -> float:
    """g += decay factor w, the gradient of L2 regularization; the sum of all g^2 after it.

    The sum is taken in float64, in an order that depends on the size of g only.
    """
    return float(sum(_in_strips(REGULARIZE, (w, g, float(decay), factors), np.float64)))


def clip_absolute(g: Array, threshold: float) -> None:
    """Every element beyond -threshold ... threshold becomes the nearer of the two; NaN stays."""
    run(CLIP, (g.reshape(-1), float(threshold)), equal_shares(g.size, g.size > SMALL))


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
    settings = (float(rate), factors, float(momentum))
    return all(_in_strips(SGDM, (w, g, float(scale), velocity, *settings, out), np.bool_))


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
    settings = (float(rate), factors, float(decay), float(epsilon))
    return all(_in_strips(RMSPROP, (w, g, float(scale), v, *settings, out), np.bool_))


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
    return all(_in_strips(ADAM, (w, g, float(scale), m, v, *settings, out), np.bool_))


def _in_strips(kernel: Kernel, arguments: tuple[Any, ...], dtype: type) -> list[Any]:
    """What a kernel finds in each strip of columns."""
    w = arguments[0]
    found = np.empty(-(-w.shape[1] // STRIP), dtype)
    run(kernel, (*arguments, found), equal_shares(len(found), w.size > SMALL))
    strips: list[Any] = found.tolist()
    return strips
