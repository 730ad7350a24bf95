"""Gram-Schmidt; see `orthogonal`."""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.views import scratch


@jit
def orthonormalize(rows, first, last):  # type: ignore[no-untyped-def]
    """Rows first ... last-1 become orthonormal, to those before them as well."""
    m, lanes = rows.shape[1], scratch(rows, 8)
    for j in range(first, last):
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
    for lane in range(8):
        lanes[lane] = 0
    for k in range(0, whole, 8):
        for lane in range(8):
            lanes[lane] += a[k + lane] * b[k + lane]
    total = 0.0
    for lane in range(8):
        total += lanes[lane]
    for k in range(whole, m):
        total += a[k] * b[k]
    return total
