"""Pieces of a fully connected layer's work; see `fully_connected`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row, copy_transposed, fill_row
from lstmcli.kernels.compiled.vectors import lanes, load_part, store_part
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.fully_connected import STRIP
from lstmcli.kernels.layout import PANEL

BLOCK = 64
"""Rows that are summed column by column while they are in the first cache."""


@jit
def pack(W, panels, first, last):  # type: ignore[no-untyped-def]
    """The columns of W[K, N] in panels first ... last-1 of [P, K, 32], zeros beyond the last column."""
    depth, columns = W.shape
    w, to = flat(W), flat(panels)
    for p in range(first, last):
        count = min(PANEL, columns - p * PANEL)
        for k in range(depth):
            at = (p * depth + k) * PANEL
            copy_row(w, k * columns + p * PANEL, to, at, count)
            fill_row(to, at + count, PANEL - count, 0)


@jit
def pack_transposed(W, panels, first, last):  # type: ignore[no-untyped-def]
    """The rows of W[N, K] as columns of panels first ... last-1 of [P, K, 32], zeros beyond the last one."""
    rows, depth = W.shape
    for p in range(first, last):
        count, at = min(PANEL, rows - p * PANEL), p * depth * PANEL
        if count < PANEL:
            fill_row(flat(panels), at, depth * PANEL, 0)
        copy_transposed(flat(W), at, depth, count, depth, flat(panels), at, PANEL)


@jit
def sum_rows(a, out, first, last):  # type: ignore[no-untyped-def]
    """out[n] = sum_m a[m, n] of the strips first ... last-1 of columns."""
    rows, columns = a.shape
    begin, end = first * STRIP, min(last * STRIP, columns)
    fill_row(out, begin, end - begin, 0)
    for m in range(0, rows, BLOCK):
        for n in range(begin, end, lanes(a)):
            _add_rows(flat(a), m * columns + n, columns, min(BLOCK, rows - m), out, n, min(lanes(a), end - n))


@jit(inline=True)
def _add_rows(a, at, step, rows, out, n, count):  # type: ignore[no-untyped-def]
    total = load_part(out, n, count)
    for k in range(at, at + rows * step, step):
        total = total + load_part(a, k, count)
    store_part(out, n, count, total)
