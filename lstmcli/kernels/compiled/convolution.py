"""Sums over the windows of images, and the panels that they are made with; see `convolution`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.compiled.rows import copy_row, copy_transposed, fill_row
from lstmcli.kernels.compiled.vectors import lanes, load, store, store_part
from lstmcli.kernels.compiled.views import flat, scratch
from lstmcli.kernels.convolution_layout import STRIP
from lstmcli.kernels.layout import HALF, PANEL

STRIP_OF_PANEL = STRIP * PANEL


@jit(inline=True)
def axis(loops, k):  # type: ignore[no-untyped-def]
    """The three numbers of a row; most rows are an `Axis`."""
    return loops[k, 0], loops[k, 1], loops[k, 2]


@jit
def pack(W, order, panels, first, last):  # type: ignore[no-untyped-def]
    """Panels first ... last-1 of the columns n of W[tap, c, n], with the taps in this order and zeros beyond
    the last column.
    """
    (_, C, N), terms = W.shape, panels.shape[1]
    w, to = flat(W), flat(panels)
    for p in range(first, last):
        count = min(PANEL, N - p * PANEL)
        for k in range(terms):
            at = (p * terms + k) * PANEL
            copy_row(w, (order[k // C] * C + k % C) * N + p * PANEL, to, at, count)
            fill_row(to, at + count, PANEL - count, 0)


@jit
def pack_transposed(W, order, panels, first, last):  # type: ignore[no-untyped-def]
    """The same of the columns c, whose terms are n."""
    (_, C, N), terms = W.shape, panels.shape[1]
    w, to = flat(W), flat(panels)
    for p in range(first, last):
        count = min(PANEL, C - p * PANEL)
        if count < PANEL:
            fill_row(to, p * terms * PANEL, terms * PANEL, 0)
        for k in range(len(order)):
            at = (p * terms + k * N) * PANEL
            copy_transposed(w, (order[k] * C + p * PANEL) * N, N, count, N, to, at, PANEL)


@jit
def sweep(x, panels, bias, y, loops, first, last):  # type: ignore[no-untyped-def]
    """Units first ... last-1 of a `Sweep` of sums of x times panels, each from the bias on, into pixels of y.

    The pixels are three loops of n turns, which go on by so many numbers of x and so many pixels of y. Terms
    are three loops, too. A unit is a strip of the innermost loop of pixels.
    """
    (at, out, term), (calls, call_step, _) = axis(loops, 0), axis(loops, 4)
    (_, x2, y2), (n1, x1, y1), (n0, x0, y0) = axis(loops, 1), axis(loops, 2), axis(loops, 3)
    (blocks, block_step, _), (depth, depth_step, _) = axis(loops, 5), axis(loops, 6)
    columns, terms, padded = y.shape[3], panels.shape[1], len(bias)
    rest = columns % PANEL if columns % PANEL > HALF else columns % HALF
    whole = columns - rest
    x, y, b, edge = flat(x), flat(y), flat(panels), scratch(y, STRIP_OF_PANEL)
    strips = -(-n0 // STRIP)
    for unit in range(first, last):
        line, strip = unit // strips, unit % strips
        pixel = n0 * strip // strips
        rows = n0 * (strip + 1) // strips - pixel
        from_x = at + line // n1 * x2 + line % n1 * x1 + pixel * x0
        to_y = (out + line // n1 * y2 + line % n1 * y1 + pixel * y0) * columns
        step = y0 * columns
        for m in range(rows):
            copy_row(bias, 0, y, to_y + m * step, whole)
            for n in range(whole, padded, lanes(y)):
                store(edge, m * PANEL + n % PANEL, load(bias, n))
        for call in range(calls if depth > 0 else 0):
            factor = Factor(x, from_x + call * call_step, x0, depth_step, blocks, block_step, depth)
            from_b = (term + call * blocks * depth) * PANEL
            inside = Panels(b, from_b, terms * PANEL, PANEL, 0, whole)
            product(rows, factor, inside, Place(y, to_y, step, PANEL, True))
            at_edge = Panels(b, from_b, terms * PANEL, PANEL, whole, padded)
            product(rows, factor, at_edge, Place(edge, 0, PANEL, 0, True))
        for m in range(rows):
            for n in range(whole, columns, lanes(y)):
                part = load(edge, m * PANEL + n % PANEL)
                store_part(y, to_y + m * step + n, min(lanes(y), columns - n), part)
