"""Solver steps on all learnables at once, in the precision of the arrays.

Learnables w, their gradients g and what else belongs to them are lists of arrays of one kind, contiguous and
writable. Each is taken as equal blocks of rows: `decays` and `rates` are float64[blocks] for each learnable.
A step reads w, writes the new weights to `out`, and says whether all are finite; gradients are taken times
`scales`, by which they were clipped. Threads divide strips of blocks.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.kernel import Kernel, addresses
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

REGULARIZE, CLIP = Kernel("solver_steps", "regularize"), Kernel("solver_steps", "clip_absolute")
SGDM, RMSPROP = Kernel("solver_steps", "sgdm"), Kernel("solver_steps", "rmsprop")
ADAM = Kernel("solver_steps", "adam")
Arrays = Sequence[Array]
Factors = NDArray[np.float64]
LANES = 16
STRIP = 2048
"""Elements whose squares are summed together, and that one thread works on."""
SMALL = 2**14
"""Elements that one thread updates sooner than it could wake another."""


def regularize(w: Arrays, g: Arrays, decays: Sequence[Factors]) -> list[float]:
    """g += decay w, the gradient of L2 regularization; the sum of all g^2 of each learnable after it.

    The sums are taken in float64, in an order that depends on the sizes of the arrays only.
    """
    strips, ends = _strips(tuple((array.size, len(own)) for array, own in zip(g, decays, strict=True)))
    squares = np.empty(len(strips))
    arguments = (addresses(w), addresses(g), strips, g[0].reshape(-1), np.concatenate(decays), squares)
    run(REGULARIZE, arguments, equal_shares(len(strips), _size(strips) > SMALL))
    return [float(sum(squares[first:last].tolist())) for first, last in ends]


def clip_absolute(g: Array, threshold: float) -> None:
    """Every element beyond -threshold ... threshold becomes the nearer of the two; NaN stays."""
    run(CLIP, (g.reshape(-1), float(threshold)), equal_shares(g.size, g.size > SMALL))


def sgdm(
    w: Arrays,
    g: Arrays,
    scales: Sequence[float],
    velocity: Arrays,
    rates: Sequence[Factors],
    momentum: float,
    out: Arrays,
) -> bool:
    """velocity = momentum velocity - rate g; out = w + velocity."""
    return _step(SGDM, (w, g, velocity, out), scales, rates, (float(momentum),))


def rmsprop(
    w: Arrays,
    g: Arrays,
    scales: Sequence[float],
    v: Arrays,
    rates: Sequence[Factors],
    decay: float,
    epsilon: float,
    out: Arrays,
) -> bool:
    """v = decay v + (1 - decay) g^2; out = w - rate g / (sqrt(v) + epsilon)."""
    return _step(RMSPROP, (w, g, v, out), scales, rates, (float(decay), float(epsilon)))


def adam(
    w: Arrays,
    g: Arrays,
    scales: Sequence[float],
    m: Arrays,
    v: Arrays,
    rates: Sequence[Factors],
    beta1: float,
    beta2: float,
    epsilon: float,
    iteration: int,
    out: Arrays,
) -> bool:
    """m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; out = w - a m / (sqrt(v) + epsilon).

    a = rate sqrt(1 - beta2^l) / (1 - beta1^l) in iteration l = 1, 2, ... (Kingma, Ba 2015, section 2).
    """
    correction = (1 - beta2**iteration) ** 0.5 / (1 - beta1**iteration)
    settings = (float(correction), float(beta1), float(beta2), float(epsilon))
    return _step(ADAM, (w, g, m, v, out), scales, rates, settings)


def _step(
    kernel: Kernel,
    lists: tuple[Arrays, ...],
    scales: Sequence[float],
    rates: Sequence[Factors],
    settings: tuple[float, ...],
) -> bool:
    w = lists[0]
    strips, _ = _strips(tuple((array.size, len(own)) for array, own in zip(w, rates, strict=True)))
    finite = np.empty(len(strips), np.bool_)
    shared = (strips, w[0].reshape(-1), np.array(scales, np.float64), np.concatenate(rates))
    arguments = (*map(addresses, lists), *shared, *settings, finite)
    run(kernel, arguments, equal_shares(len(strips), _size(strips) > SMALL))
    return bool(finite.all())


@lru_cache(maxsize=64)
def _strips(sizes: tuple[tuple[int, int], ...]) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
    """int64[S, 4], for each strip its learnable, first element, number of elements and block, blocks counted
    on over all learnables; and the first and the last strip + 1 of each learnable. sizes : elements, blocks
    """
    strips: list[Any] = []
    ends = []
    block = 0
    for number, (size, blocks) in enumerate(sizes):
        length, before = size // blocks, len(strips)
        for own in range(blocks):
            edges = [*range(own * length, (own + 1) * length, STRIP), (own + 1) * length]
            strips += [(number, first, last - first, block + own) for first, last in pairwise(edges)]
        block += blocks
        ends.append((before, len(strips)))
    return np.array(strips, np.int64).reshape(-1, 4), ends


def _size(strips: NDArray[np.int64]) -> int:
    return len(strips) * STRIP
