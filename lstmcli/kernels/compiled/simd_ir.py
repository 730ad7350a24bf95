"""Pieces of LLVM's intermediate representation that `simd` and `simd_tile` are put together from."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import make_array


def llvm_scalar(scalar: Any) -> ir.Type:
    """LLVM's name of a kind of float."""
    return ir.FloatType() if scalar == types.float32 else ir.DoubleType()


def llvm_vector(kind: Any) -> ir.VectorType:
    """LLVM's name of a `simd.Vector`."""
    return ir.VectorType(llvm_scalar(kind.scalar), kind.lanes)


def splat(builder: Any, scalar: Any, lanes: int) -> Any:
    """IR of a vector that has a number in every lane."""
    kind = ir.VectorType(scalar.type, lanes)
    undefined, zero = ir.Constant(kind, ir.Undefined), ir.IntType(32)(0)
    first = builder.insert_element(undefined, scalar, zero)
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(first, undefined, zeros)


def call(builder: Any, name: str, *arguments: Any) -> Any:
    """IR of a call of one of LLVM's functions on vectors: `llvm.fma.v16f32`."""
    kind = arguments[0].type
    bits = 32 if isinstance(kind.element, ir.FloatType) else 64
    of = ir.FunctionType(kind, [kind] * len(arguments))
    function = cgutils.get_or_insert_function(builder.module, of, f"llvm.{name}.v{kind.count}f{bits}")
    return builder.call(function, arguments)


def pointer(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    """IR of the address of an element of a flat array."""
    return builder.gep(make_array(kind)(context, builder, array).data, [index])


def load_vector(builder: Any, at: Any, lanes: int) -> Any:
    """IR of a load from an address that need not be a multiple of the vector's size."""
    kind = ir.VectorType(at.type.pointee, lanes)
    loaded = builder.load(builder.bitcast(at, kind.as_pointer()))
    loaded.align = 4
    return loaded


def store_vector(builder: Any, vector: Any, at: Any) -> None:
    """IR of a store to such an address."""
    stored = builder.store(vector, builder.bitcast(at, vector.type.as_pointer()))
    stored.align = 4
