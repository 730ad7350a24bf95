"""Numbers: arrays in, arrays out. Here are the rules of the room.

Kernels know no layer, no property name, no exception and no string. Every kernel is generic over float32
and float64 (for gradient checks), and its result has the same bits for any number of threads. The modules
of this room take NumPy arrays, see to it that compiled code meets one layout only (contiguous, writable),
and call `Kernel`s; these are written in `compiled`, the only place that needs numba, and that is imported
only where the cache does not hold them yet.
"""

import os
from typing import Any, TypeVar

import numpy as np

A = TypeVar("A", bound=np.ndarray[Any, Any])

_threads = [1]


def set_threads(n: int) -> int:
    """Lets kernels use n threads, or as many as there are processors (at least 1); returns how many."""
    _threads[0] = max(1, min(n, os.cpu_count() or 1))
    return _threads[0]


def thread_count() -> int:
    """How many threads kernels may use."""
    return _threads[0]


def contiguous(a: A) -> A:
    """The array itself, or its copy if it is not C-contiguous, aligned and writable."""
    return a if a.flags.carray else np.array(a, order="C")  # type: ignore[return-value]
