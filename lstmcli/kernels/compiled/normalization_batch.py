"""Strips of rows of x[N, C] that batch normalization works on; see `normalization`.

Rows are taken `width` elements at a time, several rows of few channels. Tables [., room] say of these places
what they say of their channels, over and over, and 0 of the rest.
"""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.vectors import fma, lanes, load, load_part, store, store_part
from lstmcli.kernels.compiled.views import flat

at = np.uintp
"""Every index into a flat array: a signed one is checked for being negative, which stops vectorization."""


@jit
def moments(x, start, stop, pixels, rows, sums, counts, first, last):  # type: ignore[no-untyped-def]
    """Of the rows that count of some strips of `rows` rows: their number counts[strip], and for each channel
    c the mean sums[strip, 0, c] and the sum of squared deviations from it sums[strip, 1, c].
    """
    N, C = x.shape
    values, own, width = flat(x), flat(sums), sums.shape[2]
    for strip in range(first, last):
        s, row, end, count = 3 * strip * width, strip * rows, min((strip + 1) * rows, N), 0
        for k in range(3 * width):
            own[at(s + k)] = 0
        while row < end:
            after, counted = _run(start, stop, pixels, row, end)
            if counted:
                if count == 0:
                    # Deviations from some value of the strip: their squares have not the digits of the mean.
                    k = s + 2 * width
                    while k < s + 3 * width:
                        for c in range(C):
                            own[at(k + c)] = values[at(row * C + c)]
                        k += C
                count += after - row
                _add_deviations(values, row * C, after * C, own, s, width)
            row = after
        counts[strip] = count
        _gather(own, s, width, C)
        _gather(own, s + width, width, C)
        share = 1 / np.float64(max(1, count))
        for c in range(C):
            sum, square = own[at(s + c)], own[at(s + width + c)]
            own[at(s + c)] = own[at(s + 2 * width + c)] + sum * share
            own[at(s + width + c)] = square - sum * sum * share


@jit
def normalize(x, table, width, rows, y, first, last):  # type: ignore[no-untyped-def]
    """y = (x - m) f + o in some strips. table : m, f, o"""
    N, C = x.shape
    a, b, m, room = flat(x), flat(y), flat(table), table.shape[1]
    # Backwards: what `moments` has looked at last is in the caches still.
    for strip in range(last - 1, first - 1, -1):
        e, end = strip * rows * C, min((strip + 1) * rows, N) * C
        while e < end:
            count = min(width, end - e)
            whole = count - count % lanes(a)
            for k in range(0, whole, lanes(a)):
                d = load(a, e + k) - load(m, k)
                store(b, e + k, fma(d, load(m, room + k), load(m, 2 * room + k)))
            if whole < count:
                d = load_part(a, e + whole, count - whole) - load(m, whole)
                given = fma(d, load(m, room + whole), load(m, 2 * room + whole))
                store_part(b, e + whole, count - whole, given)
            e += width


@jit
def sum_gradients(x, dy, table, width, rows, sums, totals, often, first, last):  # type: ignore[no-untyped-def]
    """totals[strip, 0] = sum of dy and totals[strip, 1] = sum of dy (x - m) of each channel over the rows of
    some strips. table : m; sums : of up to `often` pieces, in the precision of x
    """
    N, C = x.shape
    a, d, m, own, all_, room = flat(x), flat(dy), flat(table), flat(sums), flat(totals), sums.shape[2]
    for strip in range(first, last):
        s, added = 2 * room * strip, 0
        for k in range(s, s + 2 * room):
            own[at(k)], all_[at(k)] = 0, 0
        e, end = strip * rows * C, min((strip + 1) * rows, N) * C
        while e < end:
            count = min(width, end - e)
            whole = count - count % lanes(a)
            for k in range(0, whole, lanes(a)):
                _add_gradients(load(a, e + k) - load(m, k), load(d, e + k), own, s + k, room)
            if whole < count:
                left = count - whole
                u = load_part(a, e + whole, left) - load(m, whole)
                _add_gradients(u, load_part(d, e + whole, left), own, s + whole, room)
            e, added = e + width, added + 1
            if added == often or e >= end:
                for k in range(s, s + 2 * room):
                    all_[at(k)] += np.float64(own[at(k)])
                    own[at(k)] = 0
                added = 0
        _gather(all_, s, width, C)
        _gather(all_, s + room, width, C)


@jit(inline=True)
def _add_gradients(u, v, sums, s, room):  # type: ignore[no-untyped-def]
    store(sums, s, load(sums, s) + v)
    store(sums, s + room, fma(u, v, load(sums, s + room)))


@jit
def differentiate(  # type: ignore[no-untyped-def]
    x, dy, table, width, start, stop, pixels, rows, dx, first, last
):
    """dx = f dy + q (x - m) + p in rows that count of some strips, and f dy in others. table : m, f, q, p"""
    N, C = x.shape
    a, d, m, out, room = flat(x), flat(dy), flat(table), flat(dx), table.shape[1]
    for strip in range(last - 1, first - 1, -1):
        row, last_row = strip * rows, min((strip + 1) * rows, N)
        while row < last_row:
            after, counted = _run(start, stop, pixels, row, last_row)
            e, end = row * C, after * C
            while e < end:
                count = min(width, end - e)
                if counted:
                    _differentiate_counted(a, d, e, count, m, room, out)
                else:
                    _differentiate_others(d, e, count, m, room, out)
                e += width
            row = after


@jit(inline=True)
def _differentiate_counted(x, dy, e, count, table, room, dx):  # type: ignore[no-untyped-def]
    whole = count - count % lanes(x)
    for k in range(0, whole, lanes(x)):
        u = fma(load(x, e + k) - load(table, k), load(table, 2 * room + k), load(table, 3 * room + k))
        store(dx, e + k, fma(load(dy, e + k), load(table, room + k), u))
    if whole < count:
        k, left = whole, count - whole
        u = load_part(x, e + k, left) - load(table, k)
        u = fma(u, load(table, 2 * room + k), load(table, 3 * room + k))
        store_part(dx, e + k, left, fma(load_part(dy, e + k, left), load(table, room + k), u))


@jit(inline=True)
def _differentiate_others(dy, e, count, table, room, dx):  # type: ignore[no-untyped-def]
    whole = count - count % lanes(dy)
    for k in range(0, whole, lanes(dy)):
        store(dx, e + k, load(dy, e + k) * load(table, room + k))
    if whole < count:
        left = count - whole
        store_part(dx, e + whole, left, load_part(dy, e + whole, left) * load(table, room + whole))


@jit
def _run(start, stop, pixels, row, end):  # type: ignore[no-untyped-def]
    """The row behind those, from this one on and before `end`, that count as it does; and whether it counts.

    There are `pixels` rows of each of len(start) observations at each step.
    """
    B = len(start)
    n = row // pixels
    t, b = n // B, n % B
    counted = start[at(b)] <= t and t < stop[at(b)]
    while n * pixels < end and (start[at(b)] <= t and t < stop[at(b)]) == counted:
        n, b = n + 1, b + 1
        if b == B:
            t, b = t + 1, 0
    return min(n * pixels, end), counted


@jit
def _add_deviations(x, begin, end, sums, s, width):  # type: ignore[no-untyped-def]
    """Add deviations of elements begin ... end-1 from the values of their places, and their squares."""
    e, shift = begin, s + 2 * width
    while e + 4 * width <= end:
        for k in range(width):
            m = sums[at(shift + k)]
            a, b = np.float64(x[at(e + k)]) - m, np.float64(x[at(e + width + k)]) - m
            c, d = np.float64(x[at(e + 2 * width + k)]) - m, np.float64(x[at(e + 3 * width + k)]) - m
            sums[at(s + k)] += (a + b) + (c + d)
            sums[at(s + width + k)] += (a * a + b * b) + (c * c + d * d)
        e += 4 * width
    while e < end:
        for k in range(min(width, end - e)):
            a = np.float64(x[at(e + k)]) - sums[at(shift + k)]
            sums[at(s + k)] += a
            sums[at(s + width + k)] += a * a
        e += width


@jit
def _gather(sums, s, width, channels):  # type: ignore[no-untyped-def]
    """Add what belongs to the same channel to the first of its places."""
    for k in range(channels, width, channels):
        for c in range(channels):
            sums[at(s + c)] += sums[at(s + k + c)]
