"""Sums of many numbers, taken as SIDE partial sums side by side whatever the width of vectors is: the order
of addition is that of the numbers' places alone.
"""

from typing import Any

import numpy as np
from llvmlite import ir

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.simd import intrinsic
from lstmcli.kernels.compiled.simd_ir import load_vector, pointer
from lstmcli.kernels.layout import SIDE
from lstmcli.kernels.processor import WIDTH


@jit(inline=True)
def clear(sums):  # type: ignore[no-untyped-def]
    """All partial sums are 0."""
    for k in range(SIDE):
        sums[np.uintp(k)] = 0


@intrinsic
def _vector_total(context, sums):  # type: ignore[no-untyped-def]
    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        first = pointer(context, builder, sig.args[0], v[0], ir.IntType(64)(0))
        x, half = load_vector(builder, first, SIDE), SIDE
        while half > 1:
            half //= 2
            x = builder.fadd(_lanes(builder, x, 0, half), _lanes(builder, x, half, half))
        return builder.extract_element(x, ir.IntType(32)(0))

    return sums.dtype(sums), emit


def _lanes(builder: Any, x: Any, first: int, count: int) -> Any:
    numbers = ir.Constant(ir.VectorType(ir.IntType(32), count), list(range(first, first + count)))
    return builder.shuffle_vector(x, x, numbers)


@jit(inline=True)
def _number_total(sums):  # type: ignore[no-untyped-def]
    half = SIDE // 2
    while half > 0:
        for k in range(half):
            sums[np.uintp(k)] += sums[np.uintp(k + half)]
        half //= 2
    return sums[np.uintp(0)]


total: Any = _vector_total if WIDTH else _number_total
"""The sum of the partial sums, halves added to one another until one is left; they are of no use after it."""
