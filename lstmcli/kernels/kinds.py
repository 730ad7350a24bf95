"""What compiled code is told of an argument: its kind, and the word that stands for it."""

from typing import Any

import numpy as np

Kind = type | tuple[np.dtype[Any], int]
"""int, float or bool; or dtype and number of dimensions of an array."""

# Where NumPy keeps the data and the lengths of an array: behind the head of every Python object, in the
# order of PyArrayObject_fields (NumPy's C API reference, "Array Structure and Data Access").
DATA = object.__basicsize__
DIMENSIONS = DATA + 16
FLAGS = DATA + 48
CONTIGUOUS_AND_WRITABLE = 0x501
"""NPY_ARRAY_C_CONTIGUOUS, NPY_ARRAY_ALIGNED and NPY_ARRAY_WRITEABLE."""
