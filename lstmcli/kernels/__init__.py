"""Numbers: arrays in, arrays out. Here are the rules of the room.

Kernels know no layer, no property name, no exception and no string. Every kernel is generic over float32
and float64 (for gradient checks), and its result has the same bits for any number of threads. The modules
of this room take NumPy arrays, see to it that compiled code meets one layout only (contiguous, writable),
and call `Kernel`s; these are written in `compiled`, the only place that needs numba, and that is imported
only where the cache does not hold them yet.
"""

from typing import Any, TypeVar

import numpy as np

A = TypeVar("A", bound=np.ndarray[Any, Any])


def contiguous(a: A) -> A:
    """The array itself, or its copy if it is not C-contiguous, aligned and writable."""
    return a if a.flags.carray else np.array(a, order="C")  # type: ignore[return-value]
