"""Sequences that lie one below the other, put side by side."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.threads import equal_shares, run

SIDE_BY_SIDE = Kernel("assembly", "side_by_side")
Numbers = NDArray[np.int64]
SMALL = 2**16
"""Numbers that one thread copies sooner than it could wake another."""


def side_by_side(
    values: NDArray[Any], first: Numbers, count: Numbers, start: Numbers, out: NDArray[Any]
) -> None:
    """out[start_b + s, b] = values[first_b + s] for s < count_b; the rest of out[T, B, ...] stays.

    out has four bytes a number.
    """
    rows = contiguous(values.astype(out.dtype, copy=False)).reshape(len(values), -1)
    target = out.reshape(*out.shape[:2], -1)
    # Bits are copied, whatever they mean.
    arguments = (rows.view(np.float32), first, count, start, target.view(np.float32))
    run(SIDE_BY_SIDE, arguments, equal_shares(len(out), out.size > SMALL))
