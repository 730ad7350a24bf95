"""One window of pooling, for numbers side by side, each by itself: the largest, the mean, their gradients.

A window has P rows of Q elements, those of the first number at x_at + p p_step + q q_step. `length` numbers
side by side, a channel each, have windows side by side.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row
from lstmcli.kernels.compiled.vectors import fma, lanes, load_part, store_part, where
from lstmcli.kernels.compiled.views import scratch

CHUNK = 8
"""Elements of a row that are taken at a time, for all numbers: what lies far apart is read side by side."""
TILE = 512
"""Numbers whose gradients are given out together."""


@jit(inline=True)
def largest(x, x_at, P, p_step, Q, q_step, y, y_at, length):  # type: ignore[no-untyped-def]
    """y = max x, NaN where there is one."""
    whole = length - length % lanes(x)
    for q in range(0, Q, CHUNK):
        at, part = x_at + q * q_step, min(CHUNK, Q - q)
        for k in range(0, whole, lanes(x)):
            _largest(x, at + k, P, p_step, part, q_step, y, y_at + k, q == 0, lanes(x))
        if whole < length:
            rest = length - whole
            _largest(x, at + whole, P, p_step, part, q_step, y, y_at + whole, q == 0, rest)


@jit(inline=True)
def _largest(x, at, P, p_step, Q, q_step, y, y_at, begins, count):  # type: ignore[no-untyped-def]
    top = load_part(x, at, count)
    # A NaN is neither above nor below anything, and has to stay: one is kept beside.
    odd, q = top, 0
    for _ in range(1, P * Q):
        at, q = _next(at, q, p_step, Q, q_step)
        value = load_part(x, at, count)
        odd, top = where(value <= value, odd, value), where(value > top, value, top)
    if not begins:
        value = load_part(y, y_at, count)
        odd, top = where(value <= value, odd, value), where(value > top, value, top)
    store_part(y, y_at, count, where(odd <= odd, top, odd))


@jit(inline=True)
def mean(x, x_at, P, p_step, Q, q_step, share, y, y_at, length):  # type: ignore[no-untyped-def]
    """y = the sum of x, times `share`."""
    whole = length - length % lanes(x)
    for q in range(0, Q, CHUNK):
        at, part = x_at + q * q_step, min(CHUNK, Q - q)
        factor = share if q + part == Q else x.dtype.type(1)
        for k in range(0, whole, lanes(x)):
            _sum(x, at + k, P, p_step, part, q_step, factor, y, y_at + k, q == 0, lanes(x))
        if whole < length:
            rest = length - whole
            _sum(x, at + whole, P, p_step, part, q_step, factor, y, y_at + whole, q == 0, rest)


@jit(inline=True)
def _sum(x, at, P, p_step, Q, q_step, factor, y, y_at, begins, count):  # type: ignore[no-untyped-def]
    total, q = load_part(x, at, count), 0
    for _ in range(1, P * Q):
        at, q = _next(at, q, p_step, Q, q_step)
        total = total + load_part(x, at, count)
    if not begins:
        total = load_part(y, y_at, count) + total
    store_part(y, y_at, count, total * factor)


@jit(inline=True)
def largest_backward(  # type: ignore[no-untyped-def]
    x, y, dy, y_at, P, p_step, Q, q_step, dx, x_at, old, length
):
    """dx = dy at the first element that is the largest, row by row, and 0 at the others; added to dx where
    q < old.
    """
    # Rows are gone through one after another; a long one, all there is, a chunk at a time.
    if P > 1 or Q <= CHUNK:
        _give_all(x, y, y_at, dy, y_at, False, P, p_step, Q, q_step, dx, x_at, old, length)
        return
    left = scratch(dx, TILE)
    for first in range(0, length, TILE):
        count = min(TILE, length - first)
        copy_row(dy, y_at + first, left, 0, count)
        for q in range(0, Q, CHUNK):
            at, part = x_at + first + q * q_step, min(CHUNK, Q - q)
            _give_all(x, y, y_at + first, left, 0, True, 1, p_step, part, q_step, dx, at, old - q, count)


@jit(inline=True)
def _give_all(  # type: ignore[no-untyped-def]
    x, y, y_at, left, left_at, keeps, P, p_step, Q, q_step, dx, x_at, old, length
):
    """Give out what is left of gradients, and keep what is left then."""
    whole = length - length % lanes(x)
    for k in range(0, whole, lanes(x)):
        rest = _give(x, y, y_at + k, left, left_at + k, P, p_step, Q, q_step, dx, x_at + k, old, lanes(x))
        if keeps:
            store_part(left, left_at + k, lanes(x), rest)
    if whole < length:
        k, count = whole, length - whole
        rest = _give(x, y, y_at + k, left, left_at + k, P, p_step, Q, q_step, dx, x_at + k, old, count)
        if keeps:
            store_part(left, left_at + k, count, rest)


@jit(inline=True)
def _give(x, y, y_at, left, left_at, P, p_step, Q, q_step, dx, at, old, count):  # type: ignore[no-untyped-def]
    top, rest, none = load_part(y, y_at, count), load_part(left, left_at, count), x.dtype.type(0)
    q = 0
    for _ in range(P * Q):
        hit = load_part(x, at, count) >= top
        given, rest = where(hit, rest, none), where(hit, none, rest)
        if q < old:
            given = given + load_part(dx, at, count)
        store_part(dx, at, count, given)
        at, q = _next(at, q, p_step, Q, q_step)
    return rest


@jit(inline=True)
def _next(at, q, p_step, Q, q_step):  # type: ignore[no-untyped-def]
    """The element after that at `at`, which is number q of its row."""
    at, q = at + q_step, q + 1
    if q == Q:
        return at + p_step - Q * q_step, 0
    return at, q


@jit(inline=True)
def mean_backward(  # type: ignore[no-untyped-def]
    share, dy, y_at, P, p_step, Q, q_step, dx, x_at, old, length
):
    """dx = dy times `share`; added to dx where q < old."""
    whole = length - length % lanes(dy)
    for p in range(P):
        for q in range(Q):
            at = x_at + p * p_step + q * q_step
            for k in range(0, whole, lanes(dy)):
                _spread(share, dy, y_at + k, dx, at + k, q < old, lanes(dy))
            if whole < length:
                _spread(share, dy, y_at + whole, dx, at + whole, q < old, length - whole)


@jit(inline=True)
def _spread(share, dy, y_at, dx, at, adds, count):  # type: ignore[no-untyped-def]
    before = load_part(dx, at, count) if adds else dy.dtype.type(0)
    store_part(dx, at, count, fma(load_part(dy, y_at, count), share, before))
