"""Rows of flat arrays: copied, added, filled, transposed."""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.vectors import lanes, load, store, transpose_block
from lstmcli.kernels.layout import BLOCK

at = np.uintp
"""Every index into a flat array: a signed one is checked for being negative, which stops vectorization."""


@jit(inline=True)
def copy_row(a, a_at, b, b_at, count):  # type: ignore[no-untyped-def]
    """b[b_at ...] = a[a_at ...], `count` elements."""
    whole = count - count % lanes(a)
    for k in range(0, whole, lanes(a)):
        store(b, b_at + k, load(a, a_at + k))
    for k in range(whole, count):
        b[b_at + k] = a[a_at + k]


@jit(inline=True)
def add_row(a, a_at, b, b_at, count):  # type: ignore[no-untyped-def]
    """b[b_at ...] += a[a_at ...], `count` elements."""
    whole = count - count % lanes(a)
    for k in range(0, whole, lanes(a)):
        store(b, b_at + k, load(b, b_at + k) + load(a, a_at + k))
    for k in range(whole, count):
        b[b_at + k] += a[a_at + k]


@jit(inline=True)
def fill_row(b, b_at, count, value):  # type: ignore[no-untyped-def]
    """b[b_at ...] = value, `count` elements."""
    whole = count - count % lanes(b)
    for k in range(0, whole, lanes(b)):
        store(b, b_at + k, value)
    for k in range(whole, count):
        b[b_at + k] = value


@jit
def copy_transposed(a, a_at, a_step, rows, columns, b, b_at, b_step):  # type: ignore[no-untyped-def]
    """b[b_at + k b_step + u] = a[a_at + u a_step + k] for u < rows, k < columns."""
    whole_rows, whole_columns = rows - rows % BLOCK, columns - columns % BLOCK
    for u in range(0, whole_rows, BLOCK):
        for k in range(0, whole_columns, BLOCK):
            transpose_block(a, a_at + u * a_step + k, a_step, b, b_at + k * b_step + u, b_step)
    for k in range(whole_columns, columns):
        for u in range(whole_rows):
            b[at(b_at + k * b_step + u)] = a[at(a_at + u * a_step + k)]
    for u in range(whole_rows, rows):
        for k in range(columns):
            b[at(b_at + k * b_step + u)] = a[at(a_at + u * a_step + k)]
