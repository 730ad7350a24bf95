"""Columns of a matrix taken by number, and sums into them; see `embedding`."""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import add_row, copy_row
from lstmcli.kernels.compiled.vectors import lanes, store
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.embedding import STRIP

Place = np.uintp
"""An index that cannot be negative, which need not be looked at."""


@jit
def look_up(x, words, of_width, columns, places, counted, first, last):  # type: ignore[no-untyped-def]
    """Columns and places of all numbers; of_width[column] becomes the column's place or -1."""
    width = len(of_width)
    other = words if words < width else -1
    for column in range(width):
        of_width[Place(column)] = -1
    for n in range(len(x)):
        # In double precision every whole number of single precision has its half.
        number = np.float64(x[Place(n)]) + 0.5
        # Not number < 1 or ...: NaN must be one of the others.
        column = int(number) - 1 if number >= 1 and number < words + 1 else other
        places[Place(n)] = column
        if column >= 0:
            of_width[Place(column)] = 0
    count = 0
    for column in range(width):
        if of_width[Place(column)] == 0:
            of_width[Place(column)], columns[Place(count)] = count, column
            count += 1
    for n in range(len(x)):
        if places[Place(n)] >= 0:
            places[Place(n)] = of_width[Place(places[Place(n)])]
    counted[0] = count


@jit
def take(W, columns, table, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of the table: columns of W."""
    D, width = W.shape
    w, to = flat(W), flat(table)
    for begin in range(0, D, STRIP):
        count = min(STRIP, D - begin)
        for u in range(first, last):
            at, column = Place(u * D + begin), Place(begin * width + columns[u])
            for d in range(count):
                to[at + Place(d)] = w[column + Place(d * width)]


@jit
def spread(table, places, y, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of y: rows of the table, or zeros."""
    D = table.shape[1]
    for n in range(first, last):
        if places[n] >= 0:
            copy_row(flat(table), places[n] * D, flat(y), n * D, D)
        else:
            _clear(flat(y), n * D, D)


@jit
def gather(columns, places, dy, sums, dW, first, last):  # type: ignore[no-untyped-def]
    """Rows of the strips first ... last-1 of dW, by way of their columns of `sums`."""
    D, width = dW.shape
    begin, end = first * STRIP, min(last * STRIP, D)
    g, total, to = flat(dy), flat(sums), flat(dW)
    for u in range(len(columns)):
        _clear(total, u * D + begin, end - begin)
    for n in range(len(places)):
        if places[n] >= 0:
            add_row(g, n * D + begin, total, places[n] * D + begin, end - begin)
    for row in range(begin, end, STRIP):
        count = min(STRIP, end - row)
        _clear(to, row * width, count * width)
        for u in range(len(columns)):
            at, column = Place(u * D + row), Place(row * width + columns[u])
            for d in range(count):
                to[column + Place(d * width)] = total[at + Place(d)]


@jit(inline=True)
def _clear(a, first, count):  # type: ignore[no-untyped-def]
    """Zeros from a[first] on."""
    whole = count - count % lanes(a)
    for k in range(first, first + whole, lanes(a)):
        store(a, k, a.dtype.type(0))
    for k in range(first + whole, first + count):
        a[k] = 0
