"""Strips of solver steps; see `solver_steps`.

Learnables are int64 arrays of the addresses of array objects of the kind of `like`; `strips` says for each
strip its learnable, first element, number of elements and block.
"""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.views import scratch, span_of
from lstmcli.kernels.solver_steps import LANES


@jit
def regularize(w, g, strips, like, decays, squares, first, last):  # type: ignore[no-untyped-def]
    """squares[strip] = sum of g^2 after g += decay w."""
    # Partial sums side by side are vectorized without a change of order.
    lanes = scratch(squares, LANES)
    for s in range(first, last):
        k, at, count, factor = strips[s, 0], strips[s, 1], strips[s, 2], like.dtype.type(decays[strips[s, 3]])
        ws, gs = span_of(like, w[k], at, count), span_of(like, g[k], at, count)
        if factor != 0:
            for i in range(count):
                gs[i] += factor * ws[i]
        for lane in range(LANES):
            lanes[lane] = 0
        whole = count - count % LANES
        for i in range(0, whole, LANES):
            for lane in range(LANES):
                x = np.float64(gs[i + lane])
                lanes[lane] += x * x
        for i in range(whole, count):
            x = np.float64(gs[i])
            lanes[i - whole] += x * x
        squares[s] = 0
        for lane in range(LANES):
            squares[s] += lanes[lane]


@jit
def clip_absolute(g, threshold, first, last):  # type: ignore[no-untyped-def]
    """Elements first ... last-1."""
    bound = g.dtype.type(threshold)
    for k in range(first, last):
        x = g[k]
        x = bound if x > bound else x
        g[k] = -bound if x < -bound else x


@jit(inline=True)
def _is_finite(x):  # type: ignore[no-untyped-def]
    """1 for a finite number, else 0."""
    return np.int32(1) if abs(x) <= np.finfo(x).max else np.int32(0)


@jit
def sgdm(  # type: ignore[no-untyped-def]
    w, g, velocity, out, strips, like, scales, rates, momentum, finite, first, last
):
    """Some strips of `solver_steps.sgdm`."""
    kept = like.dtype.type(momentum)
    for s in range(first, last):
        k, at, count = strips[s, 0], strips[s, 1], strips[s, 2]
        own, clip, good = like.dtype.type(rates[strips[s, 3]]), like.dtype.type(scales[k]), np.int32(1)
        ws, gs = span_of(like, w[k], at, count), span_of(like, g[k], at, count)
        vs, news = span_of(like, velocity[k], at, count), span_of(like, out[k], at, count)
        for i in range(count):
            step = kept * vs[i] - own * (clip * gs[i])
            new = ws[i] + step
            vs[i], news[i] = step, new
            good &= _is_finite(new)
        finite[s] = good == 1


@jit
def rmsprop(  # type: ignore[no-untyped-def]
    w, g, v, out, strips, like, scales, rates, decay, epsilon, finite, first, last
):
    """Some strips of `solver_steps.rmsprop`."""
    kept, fresh, small = like.dtype.type(decay), like.dtype.type(1 - decay), like.dtype.type(epsilon)
    for s in range(first, last):
        k, at, count = strips[s, 0], strips[s, 1], strips[s, 2]
        own, clip, good = like.dtype.type(rates[strips[s, 3]]), like.dtype.type(scales[k]), np.int32(1)
        ws, gs = span_of(like, w[k], at, count), span_of(like, g[k], at, count)
        vs, news = span_of(like, v[k], at, count), span_of(like, out[k], at, count)
        for i in range(count):
            x = clip * gs[i]
            square = kept * vs[i] + fresh * x * x
            new = ws[i] - own * x / (np.sqrt(square) + small)
            vs[i], news[i] = square, new
            good &= _is_finite(new)
        finite[s] = good == 1


@jit
def adam(  # type: ignore[no-untyped-def]
    w, g, m, v, out, strips, like, scales, rates, correction, beta1, beta2, epsilon, finite, first, last
):
    """Some strips of `solver_steps.adam`."""
    kept1, fresh1 = like.dtype.type(beta1), like.dtype.type(1 - beta1)
    kept2, fresh2 = like.dtype.type(beta2), like.dtype.type(1 - beta2)
    small = like.dtype.type(epsilon)
    for s in range(first, last):
        k, at, count = strips[s, 0], strips[s, 1], strips[s, 2]
        own, clip = like.dtype.type(correction * rates[strips[s, 3]]), like.dtype.type(scales[k])
        ws, gs = span_of(like, w[k], at, count), span_of(like, g[k], at, count)
        ms, vs = span_of(like, m[k], at, count), span_of(like, v[k], at, count)
        news, good = span_of(like, out[k], at, count), np.int32(1)
        for i in range(count):
            x = clip * gs[i]
            mean = kept1 * ms[i] + fresh1 * x
            square = kept2 * vs[i] + fresh2 * x * x
            new = ws[i] - own * mean / (np.sqrt(square) + small)
            ms[i], vs[i], news[i] = mean, square, new
            good &= _is_finite(new)
        finite[s] = good == 1
