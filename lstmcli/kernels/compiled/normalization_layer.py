"""Groups of elements that layer normalization normalizes together; see `normalization`.

A group is a row of x[1, G, E], or all rows start[g] <= t < stop[g] of an observation g of x[T, G, E]. Tables
[., room] say of `width` places in a row what they say of their channels, over and over, and 0 of the rest.
"""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.sums import clear, total
from lstmcli.kernels.compiled.vectors import fma, lanes, load, load_part, store, store_part
from lstmcli.kernels.compiled.views import flat, scratch
from lstmcli.kernels.layout import SIDE

at = np.uintp
"""Every index into a flat array: a signed one is checked for being negative, which stops vectorization."""


@jit
def forward(  # type: ignore[no-untyped-def]
    x, start, stop, over_time, table, width, epsilon, y, statistics, groups, first, last
):
    """y and statistics[3, G] of some strips of groups: the mean m as it is rounded, 1 / sqrt(v + epsilon),
    and what m lacks times that. table : scale, offset
    """
    T, G, E = x.shape
    a, b, own, ones = flat(x), flat(y), flat(statistics), scratch(x, SIDE)
    for k in range(SIDE):
        ones[at(k)] = 1
    for g in range(first * groups, min(last * groups, G)):
        begin, end = _steps_of(start, stop, over_time, T, g)
        _clear_others(b, begin, end, T, G, E, g)
        share, sum = 1 / np.float64(max(1, end - begin) * E), 0.0
        for t in range(begin, end):
            sum += _sum(a, (t * G + g) * E, E)
        m = x.dtype.type(sum * share)
        sum, squares = 0.0, 0.0
        for t in range(begin, end):
            deviation, square = _deviations(a, (t * G + g) * E, E, m, ones)
            sum, squares = sum + deviation, squares + square
        lack = sum * share
        scale = 1 / np.sqrt(max(0.0, squares * share - lack * lack) + epsilon)
        inverse, rest = x.dtype.type(scale), x.dtype.type(-lack * scale)
        own[at(g)], own[at(G + g)], own[at(2 * G + g)] = m, inverse, rest
        for t in range(begin, end):
            e = 0
            while e < E:
                row, count = (t * G + g) * E + e, min(width, E - e)
                _normalize(a, row, count, m, inverse, rest, flat(table), table.shape[1], b)
                e += width


@jit
def backward(  # type: ignore[no-untyped-def]
    x, dy, start, stop, over_time, table, width, statistics, dx, sums, totals, groups, often, first, last
):
    """dx of some strips of groups, and totals[strip] = sum of dy, and of dy times the normalized x, for each
    place. sums : the same of up to `often` pieces of rows, in the precision of x
    """
    T, G, E = x.shape
    a, d, out, scale, kept, room = flat(x), flat(dy), flat(dx), flat(table), flat(statistics), table.shape[1]
    own, all_ = flat(sums), flat(totals)
    for strip in range(first, last):
        s, added = 2 * room * strip, 0
        for k in range(s, s + 2 * room):
            own[at(k)], all_[at(k)] = 0, 0
        for g in range(strip * groups, min((strip + 1) * groups, G)):
            begin, end = _steps_of(start, stop, over_time, T, g)
            _clear_others(out, begin, end, T, G, E, g)
            m, inverse, rest = kept[at(g)], kept[at(G + g)], kept[at(2 * G + g)]
            share, sum, product = np.float64(inverse) / np.float64(max(1, end - begin) * E), 0.0, 0.0
            for t in range(begin, end):
                e = 0
                while e < E:
                    row, count = (t * G + g) * E + e, min(width, E - e)
                    u, v = _slopes(a, d, row, count, m, inverse, rest, scale, own, s, room)
                    sum, product, e, added = sum + u, product + v, e + width, added + 1
                    if added == often:
                        _flush(own, all_, s, 2 * room)
                        added = 0
            p, q = x.dtype.type(-share * sum), x.dtype.type(-share * product)
            for t in range(begin, end):
                e = 0
                while e < E:
                    row, count = (t * G + g) * E + e, min(width, E - e)
                    _take_back(a, d, row, count, m, inverse, rest, scale, p, q, out)
                    e += width
        _flush(own, all_, s, 2 * room)


@jit(inline=True)
def _steps_of(start, stop, over_time, T, g):  # type: ignore[no-untyped-def]
    """The steps of a group."""
    if over_time:
        return np.int64(start[at(g)]), np.int64(max(start[at(g)], stop[at(g)]))
    return 0, T


@jit(inline=True)
def _clear_others(y, begin, end, T, G, E, g):  # type: ignore[no-untyped-def]
    """Zeros at the other steps."""
    for t in range(T):
        if t < begin or t >= end:
            for k in range((t * G + g) * E, (t * G + g + 1) * E):
                y[at(k)] = 0


@jit(inline=True)
def _sum(x, e, count):  # type: ignore[no-untyped-def]
    """The sum of elements from e on."""
    sums = scratch(x, SIDE)
    clear(sums)
    whole = count - count % SIDE
    for k in range(0, whole, SIDE):
        for j in range(0, SIDE, lanes(x)):
            store(sums, j, load(sums, j) + load(x, e + k + j))
    for j in range(0, SIDE, lanes(x)):
        if whole + j < count:
            store(sums, j, load(sums, j) + load_part(x, e + whole + j, count - whole - j))
    return np.float64(total(sums))


@jit(inline=True)
def _deviations(x, e, count, m, ones):  # type: ignore[no-untyped-def]
    """The sum of x - m and of its squares."""
    sums, squares = scratch(x, SIDE), scratch(x, SIDE)
    clear(sums)
    clear(squares)
    whole = count - count % SIDE
    for k in range(0, whole, SIDE):
        for j in range(0, SIDE, lanes(x)):
            d = load(x, e + k + j) - m
            store(sums, j, load(sums, j) + d)
            store(squares, j, fma(d, d, load(squares, j)))
    for j in range(0, SIDE, lanes(x)):
        if whole + j < count:
            left = count - whole - j
            # Nothing, not -m, beyond the row.
            d = fma(load_part(ones, 0, left), -m, load_part(x, e + whole + j, left))
            store(sums, j, load(sums, j) + d)
            store(squares, j, fma(d, d, load(squares, j)))
    return np.float64(total(sums)), np.float64(total(squares))


@jit(inline=True)
def _normalize(x, e, count, m, inverse, rest, table, room, y):  # type: ignore[no-untyped-def]
    """y of elements from e on."""
    whole = count - count % lanes(x)
    for k in range(0, whole, lanes(x)):
        normal = fma(load(x, e + k) - m, inverse, rest)
        store(y, e + k, fma(normal, load(table, k), load(table, room + k)))
    if whole < count:
        normal = fma(load_part(x, e + whole, count - whole) - m, inverse, rest)
        given = fma(normal, load(table, whole), load(table, room + whole))
        store_part(y, e + whole, count - whole, given)


@jit(inline=True)
def _slopes(x, dy, e, count, m, inverse, rest, scale, sums, s, room):  # type: ignore[no-untyped-def]
    """The sum of the gradients with respect to normalized elements, and that of their products with them."""
    gradients, products = scratch(x, SIDE), scratch(x, SIDE)
    clear(gradients)
    clear(products)
    whole = count - count % SIDE
    for k in range(0, whole, SIDE):
        for j in range(0, SIDE, lanes(x)):
            normal, d = fma(load(x, e + k + j) - m, inverse, rest), load(dy, e + k + j)
            g, place = d * load(scale, k + j), s + k + j
            store(sums, place, load(sums, place) + d)
            store(sums, place + room, fma(d, normal, load(sums, place + room)))
            store(gradients, j, load(gradients, j) + g)
            store(products, j, fma(g, normal, load(products, j)))
    for j in range(0, SIDE, lanes(x)):
        if whole + j < count:
            left, place = count - whole - j, s + whole + j
            normal = fma(load_part(x, e + whole + j, left) - m, inverse, rest)
            d = load_part(dy, e + whole + j, left)
            g = d * load(scale, whole + j)
            store(sums, place, load(sums, place) + d)
            store(sums, place + room, fma(d, normal, load(sums, place + room)))
            store(gradients, j, load(gradients, j) + g)
            store(products, j, fma(g, normal, load(products, j)))
    return np.float64(total(gradients)), np.float64(total(products))


@jit(inline=True)
def _take_back(x, dy, e, count, m, inverse, rest, scale, p, q, dx):  # type: ignore[no-untyped-def]
    """dx of elements from e on: inverse scale dy + p + q times the normalized one."""
    whole = count - count % lanes(x)
    for k in range(0, whole, lanes(x)):
        normal = fma(load(x, e + k) - m, inverse, rest)
        store(dx, e + k, fma(load(dy, e + k) * load(scale, k), inverse, fma(normal, q, p)))
    if whole < count:
        left = count - whole
        normal = fma(load_part(x, e + whole, left) - m, inverse, rest)
        given = fma(load_part(dy, e + whole, left) * load(scale, whole), inverse, fma(normal, q, p))
        store_part(dx, e + whole, left, given)


@jit
def _flush(sums, totals, s, count):  # type: ignore[no-untyped-def]
    """Add the sums to the totals and begin anew."""
    for k in range(s, s + count):
        totals[at(k)] += np.float64(sums[at(k)])
        sums[at(k)] = 0
