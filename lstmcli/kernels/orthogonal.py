"""Orthonormal columns by Gram-Schmidt, the same bits on every number of threads (LAPACK's are not)."""

import numpy as np

from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.threads import run
from lstmcli.records import Array

ORTHONORMALIZE = Kernel("orthogonal", "orthonormalize")


def orthonormal_columns(z: Array) -> Array:
    """Q of z = QR with a positive diagonal of R, for z float64[m, n] of full column rank, m >= n.

    Columns are orthogonalized twice against those before them, which leaves |Q'Q - I| at rounding
    level (Giraud et al. 2005).
    """
    rows = np.ascontiguousarray(z.T)
    run(ORTHONORMALIZE, (rows,), np.array([0, len(rows)]))
    return np.ascontiguousarray(rows.T)
