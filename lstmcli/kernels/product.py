"""Matrix products by the one micro-kernel: rows of a matrix times a packed panel of 64 columns.

A panel holds 64 columns of a matrix, its rows one below another. Every element of a result is one chain
of fused multiply-adds in ascending k, whichever rows are computed with it: its bits depend neither on the
number of rows, nor on the place of its row among them, nor on the number of threads.
"""

import numba
import numpy as np

from lstmcli.kernels import jit
from lstmcli.records import Array

BLOCK = 16
"""Hidden units whose four gates share a panel."""
PANEL = 4 * BLOCK
"""Columns of a panel."""

at = np.uintp
"""Every index into a flat array: a signed one is checked for being negative, which stops vectorization."""

TASK_ROWS = 64
"""Rows of a result that one task computes."""
SMALL = 2**18
"""Multiply-adds that one thread does sooner than it could wake another."""
DEPTH = 256
"""Terms summed at a time, so that what is read stays in the cache of one core."""


@jit
def product(rows, a, a_at, row_step, k_step, panel, panel_at, c, c_at, depth):  # type: ignore[no-untyped-def]
    """c[m, n] += sum_k a[m, k] panel[k, n] for `rows` rows m, 64 columns n and `depth` terms k.

    All arrays are flat: a[m, k] is a[a_at + m row_step + k k_step], panel[k, n] is
    panel[panel_at + 64 k + n], c[m, n] is c[c_at + 64 m + n].
    """
    sixes, fours = rows - rows % 6, depth - depth % 4
    for m in range(0, sixes, 6):
        row, t = a_at + m * row_step, c_at + PANEL * m
        for k in range(0, fours, 4):
            _six_rows(a, row + k * k_step, row_step, k_step, panel, panel_at + PANEL * k, c, t)
    for m in range(sixes, rows):
        row, t = a_at + m * row_step, c_at + PANEL * m
        for k in range(0, fours, 4):
            _one_row(a, row + k * k_step, k_step, panel, panel_at + PANEL * k, c, t)
    for m in range(rows):
        row, t = a_at + m * row_step, c_at + PANEL * m
        for k in range(fours, depth):
            _one_term(a[at(row + k * k_step)], panel, panel_at + PANEL * k, c, t)


@jit
def _six_rows(a, row, row_step, k_step, panel, b, c, t):  # type: ignore[no-untyped-def]
    """Four terms more for six rows."""
    u0, u1, u2, u3 = _four(a, row, k_step)
    v0, v1, v2, v3 = _four(a, row + row_step, k_step)
    w0, w1, w2, w3 = _four(a, row + 2 * row_step, k_step)
    x0, x1, x2, x3 = _four(a, row + 3 * row_step, k_step)
    y0, y1, y2, y3 = _four(a, row + 4 * row_step, k_step)
    z0, z1, z2, z3 = _four(a, row + 5 * row_step, k_step)
    for n in range(PANEL):
        b0, b1, b2, b3 = _four(panel, b + n, PANEL)
        i = at(t + n)
        c[i] = c[i] + u0 * b0 + u1 * b1 + u2 * b2 + u3 * b3
        i = at(t + PANEL + n)
        c[i] = c[i] + v0 * b0 + v1 * b1 + v2 * b2 + v3 * b3
        i = at(t + 2 * PANEL + n)
        c[i] = c[i] + w0 * b0 + w1 * b1 + w2 * b2 + w3 * b3
        i = at(t + 3 * PANEL + n)
        c[i] = c[i] + x0 * b0 + x1 * b1 + x2 * b2 + x3 * b3
        i = at(t + 4 * PANEL + n)
        c[i] = c[i] + y0 * b0 + y1 * b1 + y2 * b2 + y3 * b3
        i = at(t + 5 * PANEL + n)
        c[i] = c[i] + z0 * b0 + z1 * b1 + z2 * b2 + z3 * b3


@jit
def _one_row(a, row, k_step, panel, b, c, t):  # type: ignore[no-untyped-def]
    """Four terms more for one row."""
    a0, a1, a2, a3 = _four(a, row, k_step)
    for n in range(PANEL):
        b0, b1, b2, b3 = _four(panel, b + n, PANEL)
        c[at(t + n)] = c[at(t + n)] + a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3


@jit
def _one_term(a, panel, b, c, t):  # type: ignore[no-untyped-def]
    """One term more for one row."""
    for n in range(PANEL):
        c[at(t + n)] = c[at(t + n)] + a * panel[at(b + n)]


@jit
def _four(a, first, step):  # type: ignore[no-untyped-def]
    """Four elements of a flat array at a distance of `step`."""
    return a[at(first)], a[at(first + step)], a[at(first + 2 * step)], a[at(first + 3 * step)]


def pack(matrix: Array) -> Array:
    """The columns of a matrix [K, N] in panels [P, K, 64], zeros beyond the last column."""
    depth, columns = matrix.shape
    panels = np.zeros((-(-columns // PANEL), depth, PANEL), matrix.dtype)
    for j, panel in enumerate(panels):
        part = matrix[:, j * PANEL : (j + 1) * PANEL]
        panel[:, : part.shape[1]] = part
    return panels


@jit(parallel=True)
def multiply(a, panels, start, out):  # type: ignore[no-untyped-def]
    """out[M, N] = start[N] + a[M, K] b, for b[K, N] in panels [P, K, 64]."""
    if a.size * panels.shape[0] * PANEL <= SMALL:
        _multiply_rows(a, panels, start, out, 0, a.shape[0])
        return
    for task in numba.prange(-(-a.shape[0] // TASK_ROWS)):
        first = task * TASK_ROWS
        _multiply_rows(a, panels, start, out, first, min(first + TASK_ROWS, a.shape[0]))


@jit
def _multiply_rows(a, panels, start, out, first, last):  # type: ignore[no-untyped-def]
    depth, columns, rows = a.shape[1], out.shape[1], last - first
    tile = np.empty((rows, PANEL), out.dtype)
    for j in range(panels.shape[0]):
        width = min(PANEL, columns - j * PANEL)
        for m in range(rows):
            for n in range(PANEL):
                tile[m, n] = start[j * PANEL + n] if n < width else 0
        a_at, panel_at = first * depth, j * depth * PANEL
        product(rows, a.reshape(-1), a_at, depth, 1, panels.reshape(-1), panel_at, tile.reshape(-1), 0, depth)
        for m in range(rows):
            for n in range(width):
                out[first + m, j * PANEL + n] = tile[m, n]


@jit(parallel=True)
def multiply_transposed(a, panels, out):  # type: ignore[no-untyped-def]
    """out[P, M, 64] += a' b: the panels of the product of a[K, M], transposed, and b in panels [P, K, 64]."""
    if a.size * panels.shape[0] * PANEL <= SMALL:
        for p in range(panels.shape[0]):
            _multiply_columns(a, panels, out, p, 0, a.shape[1])
        return
    parts = -(-a.shape[1] // TASK_ROWS)
    for task in numba.prange(parts * panels.shape[0]):
        p, first = task // parts, task % parts * TASK_ROWS
        _multiply_columns(a, panels, out, p, first, min(first + TASK_ROWS, a.shape[1]))


@jit
def _multiply_columns(a, panels, out, p, first, last):  # type: ignore[no-untyped-def]
    depth, columns = a.shape
    a_flat, panels_flat, out_flat = a.reshape(-1), panels.reshape(-1), out.reshape(-1)
    for k in range(0, depth, DEPTH):
        a_at, panel_at, out_at = k * columns + first, (p * depth + k) * PANEL, (p * columns + first) * PANEL
        terms = min(DEPTH, depth - k)
        product(last - first, a_flat, a_at, 1, columns, panels_flat, panel_at, out_flat, out_at, terms)
