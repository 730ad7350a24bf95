"""Part of a vector: what is left of a row whose length is no multiple of the lanes."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from lstmcli.kernels.compiled.simd import intrinsic, vector_of
from lstmcli.kernels.compiled.simd_ir import llvm_vector, pointer, splat


@intrinsic
def load_part(context, a, i, count):  # type: ignore[no-untyped-def]
    """The first `count` lanes from a[i] on, zeros in the others, of which nothing is read."""
    kind = vector_of(a)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        array, i, count = v
        vector = llvm_vector(kind)
        at = builder.bitcast(pointer(context, builder, sig.args[0], array, i), vector.as_pointer())
        zeros = ir.Constant(vector, [0.0] * vector.count)
        arguments = (at, ir.IntType(32)(4), _first_lanes(builder, count, vector.count), zeros)
        return _masked(builder, "load", vector, vector, arguments)

    return kind(a, types.intp, types.intp), emit


@intrinsic
def store_part(context, a, i, count, x):  # type: ignore[no-untyped-def]
    """Puts the first `count` lanes in a flat array from a[i] on; nothing behind them is written."""
    kind = vector_of(a)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        array, i, count, x = v
        at = builder.bitcast(pointer(context, builder, sig.args[0], array, i), x.type.as_pointer())
        arguments = (x, at, ir.IntType(32)(4), _first_lanes(builder, count, x.type.count))
        _masked(builder, "store", ir.VoidType(), x.type, arguments)
        return context.get_dummy_value()

    return types.void(a, types.intp, types.intp, kind), emit


def _first_lanes(builder: Any, count: Any, lanes: int) -> Any:
    number = ir.IntType(32)
    numbers = ir.Constant(ir.VectorType(number, lanes), list(range(lanes)))
    return builder.icmp_unsigned("<", numbers, splat(builder, builder.trunc(count, number), lanes))


def _masked(builder: Any, name: str, result: Any, vector: Any, arguments: tuple[Any, ...]) -> Any:
    of = ir.FunctionType(result, [argument.type for argument in arguments])
    bits = 32 if isinstance(vector.element, ir.FloatType) else 64
    function = cgutils.get_or_insert_function(
        builder.module, of, f"llvm.masked.{name}.v{vector.count}f{bits}.p0"
    )
    return builder.call(function, arguments)
