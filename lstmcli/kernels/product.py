"""Matrix products by the one micro-kernel: rows of a matrix times panels of 32 packed columns.

A panel holds 32 columns of a matrix, its rows one below another. Every element of a result is one chain
of fused multiply-adds in ascending k, whichever rows are computed with it: its bits depend neither on the
number of rows, nor on the place of its row among them, nor on the number of threads.
"""

import numpy as np

from lstmcli.kernels import jit
from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.rows import copy_row
from lstmcli.kernels.threads import divided, equal_shares
from lstmcli.kernels.vectors import ROWS, WIDE, tile, tile_columns, wide_tile
from lstmcli.records import Array

SMALL = 2**17
"""Multiply-adds that one thread does sooner than it could wake another."""
DEPTH = 512
"""Terms of a long sum that are summed at a time, so that what is read again stays in a core's cache."""


@jit
def product(  # type: ignore[no-untyped-def]
    rows,
    a,
    a_at,
    row_step,
    k_step,
    blocks,
    block_step,
    depth,
    panels,
    panels_at,
    panel_step,
    count,
    c,
    c_at,
    c_step,
    column_step,
):
    """c[m, p, n] = sum_qk a[m, q, k] panels[p, q, k, n] for `rows` rows m, `count` panels p, 32 columns n.

    q < blocks, k < depth. All arrays are flat: a[m, q, k] is a[a_at + m row_step + q block_step + k k_step],
    panels[p, q, k, n] is panels[panels_at + p panel_step + 32 (q depth + k) + n], c[m, p, n] is
    c[c_at + m c_step + p column_step + n]. Rows are divided evenly into tiles.
    """
    if rows <= 0:
        return
    first = count - count % WIDE if rows == 1 else 0
    for p in range(0, first, WIDE):
        for column in range(0, PANEL, tile_columns(a)):
            b, t = panels_at + p * panel_step + column, c_at + p * column_step + column
            wide_tile(a, a_at, k_step, blocks, block_step, depth, panels, b, panel_step, c, t, column_step)
    tiles = -(-rows // ROWS)
    size, larger = rows // tiles, rows % tiles
    for p in range(first, count):
        row = 0
        for n in range(tiles):
            height = size + (1 if n < larger else 0)
            for column in range(0, PANEL, tile_columns(a)):
                tile(
                    height,
                    a,
                    a_at + row * row_step,
                    row_step,
                    k_step,
                    blocks,
                    block_step,
                    depth,
                    panels,
                    panels_at + p * panel_step + column,
                    c,
                    c_at + p * column_step + row * c_step + column,
                    c_step,
                    False,
                )
            row += height


@jit
def pack(matrix, panels):  # type: ignore[no-untyped-def]
    """The columns of a matrix [K, N] in panels [P, K, 32], zeros beyond the last column."""
    depth, columns = matrix.shape
    for p in range(panels.shape[0]):
        for k in range(depth):
            for n in range(PANEL):
                column = p * PANEL + n
                panels[p, k, n] = matrix[k, column] if column < columns else 0


def multiply(a: Array, panels: Array, start: Array, out: Array) -> None:
    """out[M, N] = a[M, K] b + start[N], for b[K, N] in panels [P, K, 32]."""
    worth = a.size * len(panels) * PANEL > SMALL
    _multiply_rows((a, panels, start, out), equal_shares(len(a), worth))


def multiply_transposed(a: Array, columns: int, panels: Array, out: Array) -> None:
    """out[P, M, 32] = a' b: the panels of the product of the first M columns of a[K, >= M], transposed,
    and b in panels [P, K, 32].
    """
    worth = len(a) * columns * len(panels) * PANEL > SMALL
    units = len(panels) * (-(-columns // ROWS))
    _multiply_units((a, columns, panels, out), equal_shares(units, worth))


@divided
@jit
def _multiply_rows(a, panels, start, out, first, last):  # type: ignore[no-untyped-def]
    (count, depth, _), columns = panels.shape, out.shape[1]
    flat, flat_panels, flat_out = a.reshape(-1), panels.reshape(-1), out.reshape(-1)
    c = np.empty(ROWS * count * PANEL, out.dtype)
    for m in range(first, last, ROWS):
        rows = min(ROWS, last - m)
        at, step = m * depth, count * PANEL
        product(
            rows, flat, at, depth, 1, 1, 0, depth, flat_panels, 0, depth * PANEL, count, c, 0, step, PANEL
        )
        for r in range(rows):
            for n in range(columns):
                c[r * step + n] += start[n]
            copy_row(c, r * step, flat_out, (m + r) * columns, columns)


@divided
@jit
def _multiply_units(a, columns, panels, out, first, last):  # type: ignore[no-untyped-def]
    """Unit u is what group u % groups of at most ROWS columns of a gives with panel u // groups."""
    (terms, width), groups = a.shape, -(-columns // ROWS)
    flat, flat_panels, flat_out = a.reshape(-1), panels.reshape(-1), out.reshape(-1)
    for k in range(0, terms, DEPTH):
        depth = min(DEPTH, terms - k)
        for unit in range(first, last):
            p, group = unit // groups, unit % groups
            m = columns * group // groups
            rows, a_at = columns * (group + 1) // groups - m, k * width + m
            for column in range(0, PANEL, tile_columns(a)):
                b, t = (p * terms + k) * PANEL + column, (p * columns + m) * PANEL + column
                tile(rows, flat, a_at, 1, width, 1, 0, depth, flat_panels, b, flat_out, t, PANEL, k > 0)
