"""Vectors of short rows: rows of BLOCK elements beside one another, and blocks of them transposed."""

from typing import Any

from llvmlite import ir
from numba import types

from lstmcli.kernels.compiled.simd import intrinsic, vector_of
from lstmcli.kernels.compiled.simd_ir import load_vector, pointer, store_vector
from lstmcli.kernels.layout import BLOCK


@intrinsic
def load_rows(context, a, i, step):  # type: ignore[no-untyped-def]
    """A vector of rows of BLOCK elements: what fits of the row at a[i], or it and the one at a[i + step]."""
    kind = vector_of(a)
    rows = max(1, kind.lanes // BLOCK)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        array, i, step = v
        places = (i, builder.add(i, step))[:rows]
        parts = [
            load_vector(builder, pointer(context, builder, sig.args[0], array, at), kind.lanes // rows)
            for at in places
        ]
        return parts[0] if rows == 1 else builder.shuffle_vector(*parts, _lane_numbers(0, kind.lanes))

    return kind(a, types.intp, types.intp), emit


@intrinsic
def store_rows(context, a, i, step, x):  # type: ignore[no-untyped-def]
    """Puts such a vector back."""
    kind = vector_of(a)
    rows = max(1, kind.lanes // BLOCK)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        array, i, step, x = v
        size = kind.lanes // rows
        for row, at in enumerate((i, builder.add(i, step))[:rows]):
            numbers = _lane_numbers(row * size, size)
            part = x if rows == 1 else builder.shuffle_vector(x, ir.Constant(x.type, ir.Undefined), numbers)
            store_vector(builder, part, pointer(context, builder, sig.args[0], array, at))
        return context.get_dummy_value()

    return types.void(a, types.intp, types.intp, kind), emit


@intrinsic
def transpose_block(context, a, a_at, a_step, b, b_at, b_step):  # type: ignore[no-untyped-def]
    """b[b_at + k b_step + u] = a[a_at + u a_step + k] for u, k < BLOCK."""
    n = types.intp

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        a, a_at, a_step, b, b_at, b_step = v
        a = pointer(context, builder, sig.args[0], a, a_at)
        b = pointer(context, builder, sig.args[3], b, b_at)
        rows = [load_vector(builder, _row(builder, a, a_step, u), BLOCK) for u in range(BLOCK)]
        distance = 1
        while distance < BLOCK:
            # Rows at this distance change what stands at this distance in them.
            for u in (u for u in range(BLOCK) if not u & distance):
                upper, lower = rows[u], rows[u + distance]
                first = [k if not k & distance else k + BLOCK - distance for k in range(BLOCK)]
                second = [k + distance if not k & distance else k + BLOCK for k in range(BLOCK)]
                rows[u] = builder.shuffle_vector(upper, lower, _lanes(first))
                rows[u + distance] = builder.shuffle_vector(upper, lower, _lanes(second))
            distance *= 2
        for k, row in enumerate(rows):
            store_vector(builder, row, _row(builder, b, b_step, k))
        return context.get_dummy_value()

    return types.void(a, n, n, b, n, n), emit


def _row(builder: Any, start: Any, step: Any, number: int) -> Any:
    return builder.gep(start, [builder.mul(step, ir.IntType(64)(number))])


def _lane_numbers(first: int, count: int) -> ir.Constant:
    return _lanes(list(range(first, first + count)))


def _lanes(numbers: list[int]) -> ir.Constant:
    return ir.Constant(ir.VectorType(ir.IntType(32), len(numbers)), numbers)
