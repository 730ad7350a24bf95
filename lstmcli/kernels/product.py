"""Products of whole matrices, divided over the threads; `compiled.product` has the sums.

A matrix `a` may have no rows; no other side is empty.
"""

import numpy as np

from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import PANEL
from lstmcli.kernels.processor import ROWS
from lstmcli.kernels.threads import Edges, equal_shares, run
from lstmcli.records import Array

MULTIPLY_ROWS, MULTIPLY_UNITS = Kernel("product", "multiply_rows"), Kernel("product", "multiply_units")
SMALL = 2**17
"""Multiply-adds that one thread does sooner than it could wake another."""


def multiply(a: Array, panels: Array, start: Array, out: Array) -> None:
    """out[M, N] = start[N] + a[M, K] b, for b[K, N] in panels [P, K, 32]."""
    worth = a.size * len(panels) * PANEL > SMALL
    run(MULTIPLY_ROWS, (a, panels, start, out), equal_shares(len(a), worth))


def multiply_transposed(a: Array, first: int, panels: Array, out: Array) -> None:
    """out[D, P, M, 32] = a' b for each of D pairs: the panels of the product of the first K rows and columns
    first ... first+M-1 of a[D, >= K, >= first+M], transposed, and b in panels [D, P, K, 32].
    """
    (D, P, K, _), (_, rows, width), columns = panels.shape, a.shape, out.shape[2]
    if K == 0:
        out[...] = 0
        return
    layout = (P, K, columns, rows * width, width, K * PANEL, PANEL, columns * PANEL, PANEL)
    arrays = (a.reshape(-1)[first:], panels.reshape(-1), out.reshape(-1))
    run(MULTIPLY_UNITS, (*arrays, *layout), _unit_shares(D * P, columns, K))


def multiply_matrices(a: Array, b: Array, out: Array) -> None:
    """out[M, N] = a' b for a[K, M] and b[K, N]."""
    (K, M), N = a.shape, b.shape[1]
    if K == 0:
        out[...] = 0
        return
    P = N // PANEL
    if P > 0:
        run(
            MULTIPLY_UNITS,
            (a.reshape(-1), b.reshape(-1), out.reshape(-1), P, K, M, 0, M, PANEL, N, PANEL, N),
            _unit_shares(P, M, K),
        )
    if N % PANEL:
        edge, rest = np.empty((M, PANEL), out.dtype), np.zeros((K, PANEL), b.dtype)
        rest[:, : N % PANEL] = b[:, P * PANEL :]
        run(
            MULTIPLY_UNITS,
            (a.reshape(-1), rest.reshape(-1), edge.reshape(-1), 1, K, M, 0, M, 0, PANEL, 0, PANEL),
            _unit_shares(1, M, K),
        )
        out[:, P * PANEL :] = edge[:, : N % PANEL]


def _unit_shares(panels: int, columns: int, depth: int) -> Edges:
    return equal_shares(panels * -(-columns // ROWS), panels * columns * depth * PANEL > SMALL)
