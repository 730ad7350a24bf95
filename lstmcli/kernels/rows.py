"""Rows of flat arrays: copied, added, filled."""

from lstmcli.kernels import jit
from lstmcli.kernels.vectors import lanes, load, store


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
    for k in range(count):
        b[b_at + k] = value
