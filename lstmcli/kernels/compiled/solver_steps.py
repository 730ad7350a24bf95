"""Solver steps on strips of the columns of one learnable; see `solver_steps`."""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.views import flat, scratch, span
from lstmcli.kernels.solver_steps import LANES, STRIP


@jit
def regularize(w, g, decay, factors, squares, first, last):  # type: ignore[no-untyped-def]
    """squares[strip] = sum of g^2 after g += decay factor w, for some strips."""
    # Partial sums side by side are vectorized without a change of order.
    lanes = scratch(squares, LANES)
    for strip in range(first, last):
        lanes[:] = 0
        count = min(STRIP, w.shape[1] - strip * STRIP)
        for r in range(w.shape[0]):
            at = r * w.shape[1] + strip * STRIP
            factor = w.dtype.type(decay * factors[r])
            ws, gs = span(flat(w), at, count), span(flat(g), at, count)
            if factor != 0:
                for k in range(count):
                    gs[k] += factor * ws[k]
            whole = count - count % LANES
            for k in range(0, whole, LANES):
                for lane in range(LANES):
                    x = np.float64(gs[k + lane])
                    lanes[lane] += x * x
            for k in range(whole, count):
                x = np.float64(gs[k])
                lanes[k - whole] += x * x
        squares[strip] = 0
        for lane in range(LANES):
            squares[strip] += lanes[lane]


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
def sgdm(w, g, scale, velocity, rate, factors, momentum, out, finite, first, last):  # type: ignore[no-untyped-def]
    """Some strips of a step of `solver_steps.sgdm`."""
    kept, clip = w.dtype.type(momentum), w.dtype.type(scale)
    for strip in range(first, last):
        good = np.int32(1)
        count = min(STRIP, w.shape[1] - strip * STRIP)
        for r in range(w.shape[0]):
            at = r * w.shape[1] + strip * STRIP
            own = w.dtype.type(rate * factors[r])
            ws, gs, vs, news = (
                span(flat(w), at, count),
                span(flat(g), at, count),
                span(flat(velocity), at, count),
                span(flat(out), at, count),
            )
            for k in range(count):
                step = kept * vs[k] - own * (clip * gs[k])
                new = ws[k] + step
                vs[k], news[k] = step, new
                good &= _is_finite(new)
        finite[strip] = good == 1


@jit
def rmsprop(w, g, scale, v, rate, factors, decay, epsilon, out, finite, first, last):  # type: ignore[no-untyped-def]
    """Some strips of a step of `solver_steps.rmsprop`."""
    kept, fresh, small = w.dtype.type(decay), w.dtype.type(1 - decay), w.dtype.type(epsilon)
    clip = w.dtype.type(scale)
    for strip in range(first, last):
        good = np.int32(1)
        count = min(STRIP, w.shape[1] - strip * STRIP)
        for r in range(w.shape[0]):
            at = r * w.shape[1] + strip * STRIP
            own = w.dtype.type(rate * factors[r])
            ws, gs, vs, news = (
                span(flat(w), at, count),
                span(flat(g), at, count),
                span(flat(v), at, count),
                span(flat(out), at, count),
            )
            for k in range(count):
                x = clip * gs[k]
                square = kept * vs[k] + fresh * x * x
                new = ws[k] - own * x / (np.sqrt(square) + small)
                vs[k], news[k] = square, new
                good &= _is_finite(new)
        finite[strip] = good == 1


@jit
def adam(w, g, scale, m, v, rate, factors, beta1, beta2, epsilon, out, finite, first, last):  # type: ignore[no-untyped-def]
    """Some strips of a step of `solver_steps.adam`."""
    kept1, fresh1 = w.dtype.type(beta1), w.dtype.type(1 - beta1)
    kept2, fresh2 = w.dtype.type(beta2), w.dtype.type(1 - beta2)
    small, clip = w.dtype.type(epsilon), w.dtype.type(scale)
    for strip in range(first, last):
        good = np.int32(1)
        count = min(STRIP, w.shape[1] - strip * STRIP)
        for r in range(w.shape[0]):
            at = r * w.shape[1] + strip * STRIP
            own = w.dtype.type(rate * factors[r])
            ws, gs, news = span(flat(w), at, count), span(flat(g), at, count), span(flat(out), at, count)
            ms, vs = span(flat(m), at, count), span(flat(v), at, count)
            for k in range(count):
                x = clip * gs[k]
                mean = kept1 * ms[k] + fresh1 * x
                square = kept2 * vs[k] + fresh2 * x * x
                new = ws[k] - own * mean / (np.sqrt(square) + small)
                ms[k], vs[k], news[k] = mean, square, new
                good &= _is_finite(new)
        finite[strip] = good == 1
