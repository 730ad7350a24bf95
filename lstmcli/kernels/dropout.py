"""Dropout: a mask that is a function of a key and the place of the element, so that it need not be kept."""

import numpy as np

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

DROPOUT = Kernel("dropout", "dropout")

SMALL = 16384
"""Elements that one thread draws sooner than it could wake another."""


def dropout(x: Array, probability: float, key: np.uint64) -> Array:
    """x / (1 - p), or 0 with probability p, each element for itself.

    The same key drops the same elements of an array of the same shape: the gradient is this function of
    the gradient.
    """
    y = np.empty(x.shape, x.dtype)
    arguments = (contiguous(x).reshape(-1), float(probability), int(key.view(np.int64)), y.reshape(-1))
    run(DROPOUT, arguments, equal_shares(x.size, worth=x.size > SMALL))
    return y
