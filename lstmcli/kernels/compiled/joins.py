"""Arrays joined, strip by strip or row by row; see `joins`.

Lists of arrays are int64 arrays of the addresses of array objects of the kind of y or dy.
"""

import operator

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.vectors import lanes, load, load_part, store, store_part
from lstmcli.kernels.compiled.views import flat, scratch, span_of
from lstmcli.kernels.joins import STRIP


def _combining(operation):  # type: ignore[no-untyped-def]
    @jit
    def combine(a, b, y):  # type: ignore[no-untyped-def]
        """y = operation(a, b); y may be one of them."""
        whole = y.size - y.size % lanes(y)
        for k in range(0, whole, lanes(y)):
            store(y, k, operation(load(a, k), load(b, k)))
        if whole < y.size:
            count = y.size - whole
            store_part(y, whole, count, operation(load_part(a, whole, count), load_part(b, whole, count)))

    return combine


def _joining(combine):  # type: ignore[no-untyped-def]
    @jit
    def join(arrays, y, first, last):  # type: ignore[no-untyped-def]
        """Strips first ... last-1 of y, which stands behind the x in the list of arrays."""
        N = arrays.size - 1
        for at in range(first * STRIP, min(last * STRIP, y.size), STRIP):
            count = min(STRIP, y.size - at)
            out = span_of(y, arrays[N], at, count)
            combine(span_of(y, arrays[0], at, count), span_of(y, arrays[1], at, count), out)
            for k in range(2, N):
                combine(out, span_of(y, arrays[k], at, count), out)

    return join


_sum, _product = _combining(operator.add), _combining(operator.mul)
add, multiply = _joining(_sum), _joining(_product)


@jit
def multiply_backward(xs, dxs, dy, first, last):  # type: ignore[no-untyped-def]
    """Strips first ... last-1 of each dx."""
    N, products = xs.size, scratch(dy, STRIP)
    for at in range(first * STRIP, min(last * STRIP, dy.size), STRIP):
        count = min(STRIP, dy.size - at)
        # dx_k = dy x_1 ... x_(k-1), and then times x_(k+1) ... x_N, which are collected from the end.
        before = dy[at : at + count]
        for k in range(1, N):
            dx = span_of(dy, dxs[k], at, count)
            _product(before, span_of(dy, xs[k - 1], at, count), dx)
            before = dx
        behind = span_of(dy, xs[N - 1], at, count)
        for k in range(N - 2, -1, -1):
            dx = span_of(dy, dxs[k], at, count)
            _product(dx if k > 0 else dy[at : at + count], behind, dx)
            if k > 0:
                _product(span_of(dy, xs[k], at, count), behind, products[:count])
                behind = products[:count]


@jit
def concatenate(xs, edges, y, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of y; x_k has its columns from edges[k] on."""
    to, width = flat(y), y.shape[1]
    rows = max(1, STRIP // width)
    for begin in range(first, last, rows):
        for k in range(xs.size):
            x, count = span_of(y, xs[k], 0, y.shape[0] * (edges[k + 1] - edges[k])), edges[k + 1] - edges[k]
            for n in range(begin, min(begin + rows, last)):
                _copy(x, n * count, to, n * width + edges[k], count)


@jit
def split(xs, edges, y, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of all x."""
    source, width = flat(y), y.shape[1]
    rows = max(1, STRIP // width)
    for begin in range(first, last, rows):
        for k in range(xs.size):
            x, count = span_of(y, xs[k], 0, y.shape[0] * (edges[k + 1] - edges[k])), edges[k + 1] - edges[k]
            for n in range(begin, min(begin + rows, last)):
                _copy(source, n * width + edges[k], x, n * count, count)


@jit(inline=True)
def _copy(a, a_at, b, b_at, count):  # type: ignore[no-untyped-def]
    """b[b_at ...] = a[a_at ...], `count` elements, which may be few."""
    whole = count - count % lanes(a)
    for k in range(0, whole, lanes(a)):
        store(b, b_at + k, load(a, a_at + k))
    if whole < count:
        store_part(b, b_at + whole, count - whole, load_part(a, a_at + whole, count - whole))
