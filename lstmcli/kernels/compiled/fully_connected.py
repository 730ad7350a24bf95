"""Pieces of a fully connected layer's work; see `fully_connected`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row, copy_transposed, fill_row
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.fully_connected import STRIP
from lstmcli.kernels.layout import PANEL


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
    begin, end = first * STRIP, min(last * STRIP, a.shape[1])
    for n in range(begin, end):
        out[n] = 0
    for m in range(a.shape[0]):
        for n in range(begin, end):
            out[n] += a[m, n]
