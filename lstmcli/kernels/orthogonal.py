"""Orthonormal columns by Gram-Schmidt, the same bits on every number of threads (LAPACK's are not)."""

import numpy as np

from lstmcli.kernels import jit
from lstmcli.records import Array


def orthonormal_columns(z: Array) -> Array:
    """Q of z = QR with a positive diagonal of R, for z float64[m, n] of full column rank, m >= n.

    Columns are orthogonalized twice against those before them, which leaves |Q'Q - I| at rounding
    level (Giraud et al. 2005).
    """
    rows = np.ascontiguousarray(z.T)
    _orthonormalize(rows)
    return np.ascontiguousarray(rows.T)


@jit
def _orthonormalize(rows):  # type: ignore[no-untyped-def]
    n, m = rows.shape
    lanes = np.zeros(8)
    for j in range(n):
        for _ in range(2):
            for i in range(j):
                r = _dot(rows[i], rows[j], lanes)
                for k in range(m):
                    rows[j, k] -= r * rows[i, k]
        norm = np.sqrt(_dot(rows[j], rows[j], lanes))
        for k in range(m):
            rows[j, k] /= norm


@jit
def _dot(a, b, lanes):  # type: ignore[no-untyped-def]
    """Sum of products in eight interleaved partial sums: vectorizes without reordering."""
    m = len(a)
    whole = m - m % 8
    lanes[:] = 0
    for k in range(0, whole, 8):
        for lane in range(8):
            lanes[lane] += a[k + lane] * b[k + lane]
    total = 0.0
    for lane in range(8):
        total += lanes[lane]
    for k in range(whole, m):
        total += a[k] * b[k]
    return total
