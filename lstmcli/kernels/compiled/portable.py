"""The names of `simd` for numbers: kernels made of these have no vector instruction but LLVM's own."""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.layout import BLOCK, HALF, PANEL
from lstmcli.kernels.processor import ROWS

at = np.uintp
"""Every index into a flat array: a signed one is checked for being negative, which stops vectorization."""


@jit(inline=True)
def lanes(a):  # type: ignore[no-untyped-def]
    """Elements of a vector: 1."""
    return 1


@jit(inline=True)
def load(a, i):  # type: ignore[no-untyped-def]
    """a[i]."""
    return a[at(i)]


@jit(inline=True)
def store(a, i, x):  # type: ignore[no-untyped-def]
    """a[i] = x."""
    a[at(i)] = x


@jit(inline=True)
def load_part(a, i, count):  # type: ignore[no-untyped-def]
    """a[i]: there is no part of one."""
    return a[at(i)]


@jit(inline=True)
def store_part(a, i, count, x):  # type: ignore[no-untyped-def]
    """a[i] = x."""
    a[at(i)] = x


@jit(inline=True)
def load_rows(a, i, step):  # type: ignore[no-untyped-def]
    """a[i]: a vector is part of one row."""
    return a[at(i)]


@jit(inline=True)
def store_rows(a, i, step, x):  # type: ignore[no-untyped-def]
    """a[i] = x."""
    a[at(i)] = x


@jit(inline=True)
def transpose_block(a, a_at, a_step, b, b_at, b_step):  # type: ignore[no-untyped-def]
    """b[b_at + k b_step + u] = a[a_at + u a_step + k] for u, k < BLOCK."""
    for k in range(BLOCK):
        for u in range(BLOCK):
            b[at(b_at + k * b_step + u)] = a[at(a_at + u * a_step + k)]


@jit(inline=True)
def fma(x, y, z):  # type: ignore[no-untyped-def]
    """x y + z."""
    return x * y + z


@jit(inline=True)
def where(condition, x, y):  # type: ignore[no-untyped-def]
    """x if the condition holds, else y."""
    return x if condition else y


@jit(inline=True)
def magnitude(x):  # type: ignore[no-untyped-def]
    """|x|."""
    return abs(x)


@jit(inline=True)
def with_sign(x, y):  # type: ignore[no-untyped-def]
    """|x| with the sign of y."""
    return np.copysign(x, y)


@jit(inline=True)
def power_of_two(x):  # type: ignore[no-untyped-def]
    """2^n of a float32 whose lowest bits are n + 127."""
    return np.int32(np.float32(x).view(np.int32) << 23).view(np.float32)


WIDE = 4
"""Vectors of columns that one row is multiplied by at once."""
TERMS = 4
"""Terms summed in one turn of the loop over columns."""


@jit(inline=True)
def tile_columns(a):  # type: ignore[no-untyped-def]
    """Columns of a tile: half a panel."""
    return HALF


@jit(inline=True)
def wide_columns(a):  # type: ignore[no-untyped-def]
    """Columns of a vector of `wide_tile`: half a panel."""
    return HALF


@jit
def tile(  # type: ignore[no-untyped-def]
    columns,
    rows,
    a,
    a_at,
    row_step,
    k_step,
    blocks,
    block_step,
    depth,
    panel,
    panel_at,
    b_step,
    c,
    c_at,
    c_step,
    adds,
):
    """`simd_tile.tile`, of half a panel."""
    if not adds:
        for m in range(rows):
            for n in range(HALF):
                c[at(c_at + m * c_step + n)] = 0
    whole = depth - depth % TERMS
    for q in range(blocks):
        for k in range(0, whole, TERMS):
            row, b = a_at + q * block_step + k * k_step, panel_at + b_step * (q * depth + k)
            if rows == ROWS:
                _six_rows(a, row, row_step, k_step, panel, b, b_step, c, c_at, c_step)
            else:
                for m in range(rows):
                    _one_row(a, row + m * row_step, k_step, panel, b, b_step, c, c_at + m * c_step)
        for k in range(whole, depth):
            row, b = a_at + q * block_step + k * k_step, panel_at + b_step * (q * depth + k)
            for m in range(rows):
                _one_term(a[at(row + m * row_step)], panel, b, c, c_at + m * c_step)


@jit
def wide_tile(  # type: ignore[no-untyped-def]
    vectors,
    a,
    a_at,
    k_step,
    blocks,
    block_step,
    depth,
    panels,
    panels_at,
    panel_step,
    b_step,
    column,
    c,
    c_at,
    column_step,
    adds,
):
    """`simd_tile.wide_tile`; a vector is half a panel."""
    for n in range(column, column + vectors * HALF, HALF):
        b, t = panels_at + n // PANEL * panel_step + n % PANEL, c_at + n // PANEL * column_step + n % PANEL
        tile(HALF, 1, a, a_at, 0, k_step, blocks, block_step, depth, panels, b, b_step, c, t, 0, adds)


@jit
def _six_rows(a, row, row_step, k_step, panel, b, b_step, c, t, c_step):  # type: ignore[no-untyped-def]
    """Four terms more for six rows."""
    u0, u1, u2, u3 = _four(a, row, k_step)
    v0, v1, v2, v3 = _four(a, row + row_step, k_step)
    w0, w1, w2, w3 = _four(a, row + 2 * row_step, k_step)
    x0, x1, x2, x3 = _four(a, row + 3 * row_step, k_step)
    y0, y1, y2, y3 = _four(a, row + 4 * row_step, k_step)
    z0, z1, z2, z3 = _four(a, row + 5 * row_step, k_step)
    for n in range(HALF):
        b0, b1, b2, b3 = _four(panel, b + n, b_step)
        i = at(t + n)
        c[i] = c[i] + u0 * b0 + u1 * b1 + u2 * b2 + u3 * b3
        i = at(t + c_step + n)
        c[i] = c[i] + v0 * b0 + v1 * b1 + v2 * b2 + v3 * b3
        i = at(t + 2 * c_step + n)
        c[i] = c[i] + w0 * b0 + w1 * b1 + w2 * b2 + w3 * b3
        i = at(t + 3 * c_step + n)
        c[i] = c[i] + x0 * b0 + x1 * b1 + x2 * b2 + x3 * b3
        i = at(t + 4 * c_step + n)
        c[i] = c[i] + y0 * b0 + y1 * b1 + y2 * b2 + y3 * b3
        i = at(t + 5 * c_step + n)
        c[i] = c[i] + z0 * b0 + z1 * b1 + z2 * b2 + z3 * b3


@jit
def _one_row(a, row, k_step, panel, b, b_step, c, t):  # type: ignore[no-untyped-def]
    """Four terms more for one row."""
    a0, a1, a2, a3 = _four(a, row, k_step)
    for n in range(HALF):
        b0, b1, b2, b3 = _four(panel, b + n, b_step)
        c[at(t + n)] = c[at(t + n)] + a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3


@jit
def _one_term(a, panel, b, c, t):  # type: ignore[no-untyped-def]
    """One term more for one row."""
    for n in range(HALF):
        c[at(t + n)] = c[at(t + n)] + a * panel[at(b + n)]


@jit
def _four(a, first, step):  # type: ignore[no-untyped-def]
    """Four elements of a flat array at a distance of `step`."""
    return a[at(first)], a[at(first + step)], a[at(first + 2 * step)], a[at(first + 3 * step)]
