"""Matrix products by the one micro-kernel: rows of a matrix times panels of 32 packed columns.

A panel holds 32 columns of a matrix, its rows one below another. Every element of a result is one chain
of fused multiply-adds in ascending k, whichever rows are computed with it: its bits depend neither on the
number of rows, nor on the place of its row among them, nor on the number of threads.
"""

from typing import Any, NamedTuple

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row
from lstmcli.kernels.compiled.vectors import (
    WIDE,
    tile,
    tile_columns,
    wide_columns,
    wide_tile,
)
from lstmcli.kernels.compiled.views import flat, scratch
from lstmcli.kernels.layout import DEPTH, HALF, PANEL
from lstmcli.kernels.processor import ROWS

STRIP = 4 * ROWS
"""Rows that go through all panels together, so that a panel is read once for several tiles."""
STRIP_OF_PANEL = STRIP * PANEL


class Factor(NamedTuple):
    """Rows m of a flat array: their term number q depth + k is array[at + m step + q block_step + k k_step],
    for q < blocks and k < depth.
    """

    array: Any
    at: int
    step: int
    k_step: int
    blocks: int
    block_step: int
    depth: int


class Panels(NamedTuple):
    """Columns first ... last-1, multiples of 16, of panels: term t of column 32 p + n is
    array[at + p step + t row_step + n].
    """

    array: Any
    at: int
    step: int
    row_step: int
    first: int
    last: int


class Place(NamedTuple):
    """Where a result goes: its row m, column 32 p + n to array[at + m step + p panel_step + n]; if it `adds`,
    the sum goes on from what is there.
    """

    array: Any
    at: int
    step: int
    panel_step: int
    adds: bool


@jit
def product(rows, factor, panels, out):  # type: ignore[no-untyped-def]
    """So many rows of a `Factor`, divided evenly into tiles, times `Panels`, into a `Place`."""
    if rows <= 0:
        return
    a, a_at, step, k_step, blocks, block_step, depth = factor
    b, b_first, panel_step, b_step, column, last = panels
    c, c_first, c_step, column_step, adds = out
    tiles = -(-rows // ROWS)
    size, larger = rows // tiles, rows % tiles
    while rows == 1 and column < last:
        vectors = min(WIDE, (last - column) // wide_columns(a))
        wide_tile(
            vectors,
            a,
            a_at,
            k_step,
            blocks,
            block_step,
            depth,
            b,
            b_first,
            panel_step,
            b_step,
            column,
            c,
            c_first,
            column_step,
            adds,
        )
        column += vectors * wide_columns(a)
    while column < last:
        p, n = column // PANEL, column % PANEL
        b_at, c_at = b_first + p * panel_step + n, c_first + p * column_step + n
        width = tile_columns(a) if max(n, column + PANEL - last) + tile_columns(a) <= PANEL else HALF
        row = 0
        for k in range(tiles):
            height = size + (1 if k < larger else 0)
            from_row, to_row = a_at + row * step, c_at + row * c_step
            tile(
                width,
                height,
                a,
                from_row,
                step,
                k_step,
                blocks,
                block_step,
                depth,
                b,
                b_at,
                b_step,
                c,
                to_row,
                c_step,
                adds,
            )
            row += height
        column += width


@jit
def multiply_rows(a, panels, start, out, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 of out = start + a b, for b in panels."""
    (_, depth, _), columns = panels.shape, out.shape[1]
    flat_a, flat_panels, flat_out = flat(a), flat(panels), flat(out)
    whole = columns - columns % PANEL
    rest, padded = columns - whole, -(-columns // HALF) * HALF
    edge = scratch(out, STRIP_OF_PANEL)
    for m in range(first, last, STRIP):
        rows = min(STRIP, last - m)
        for r in range(rows):
            copy_row(start, 0, flat_out, (m + r) * columns, whole)
            copy_row(start, whole, edge, r * PANEL, rest)
        factor = Factor(flat_a, m * depth, depth, 1, 1, 0, depth)
        inside = Panels(flat_panels, 0, depth * PANEL, PANEL, 0, whole)
        product(rows, factor, inside, Place(flat_out, m * columns, columns, PANEL, True))
        at_edge = Panels(flat_panels, 0, depth * PANEL, PANEL, whole, padded)
        product(rows, factor, at_edge, Place(edge, 0, PANEL, 0, True))
        for r in range(rows):
            copy_row(edge, r * PANEL, flat_out, (m + r) * columns + whole, rest)


@jit
def multiply_units(  # type: ignore[no-untyped-def]
    a, b, out, count, depth, columns, a_pair, a_step, b_panel, b_step, out_panel, out_step, first, last
):
    """Unit u is what group u % groups of at most ROWS columns of a gives with panel u // groups.

    Of pair d, row k of a begins at d a_pair + k a_step; of panel p of all pairs, row k of b begins at
    p b_panel + k b_step, and row m of the result at p out_panel + m out_step.
    """
    groups = -(-columns // ROWS)
    for k in range(0, depth, DEPTH):
        for unit in range(first, last):
            p, group = unit // groups, unit % groups
            m = columns * group // groups
            rows = columns * (group + 1) // groups - m
            start = p // count * a_pair + k * a_step + m
            factor = Factor(a, start, 1, a_step, 1, 0, min(DEPTH, depth - k))
            own = Panels(b, p * b_panel + k * b_step, 0, b_step, 0, PANEL)
            product(rows, factor, own, Place(out, p * out_panel + m * out_step, out_step, 0, k > 0))
