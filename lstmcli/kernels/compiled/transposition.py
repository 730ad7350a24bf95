"""Matrices transposed; see `transposition`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_transposed
from lstmcli.kernels.compiled.views import flat


@jit
def transpose_matrices(x, y, first, last):  # type: ignore[no-untyped-def]
    """Matrices first ... last-1 of y[N, J, I] from x[N, I, J]."""
    _, rows, columns = x.shape
    for n in range(first, last):
        at = n * rows * columns
        copy_transposed(flat(x), at, columns, rows, columns, flat(y), at, rows)
