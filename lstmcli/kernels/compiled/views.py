"""Arrays that own no memory: another view of an array, and scratch memory on the stack."""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import make_array

from lstmcli.kernels.compiled.compiler import data_of, fill_array
from lstmcli.kernels.compiled.simd import intrinsic
from lstmcli.kernels.compiled.simd_ir import pointer


@intrinsic
def flat(context, a):  # type: ignore[no-untyped-def]
    """The elements of a contiguous array in one row."""
    kind = types.Array(a.dtype, 1, "C")

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        source, array = make_array(sig.args[0])(context, builder, v[0]), make_array(kind)(context, builder)
        size = ir.IntType(64)(1)
        for length in cgutils.unpack_tuple(builder, source.shape):
            size = builder.mul(size, length)
        fill_array(builder, array, source.data, [size], context, context.get_data_type(kind.dtype))
        return array._getvalue()

    return kind(a), emit


@intrinsic
def span_of(context, like, address, first, count):  # type: ignore[no-untyped-def]
    """So many elements, from number `first` on, of the contiguous array object at an address; its elements
    are of the kind of `like`.
    """
    kind = types.Array(like.dtype, 1, "C")

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        array, element = make_array(kind)(context, builder), context.get_data_type(kind.dtype)
        data = builder.gep(data_of(builder, v[1], element), [v[2]])
        fill_array(builder, array, data, [v[3]], context, element)
        return array._getvalue()

    return kind(like, types.intp, types.intp, types.intp), emit


@intrinsic
def prefetch(context, a, i):  # type: ignore[no-untyped-def]
    """Have the processor fetch the cache line of a[i] of a flat array, which may be any place."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        at = builder.bitcast(pointer(context, builder, a, *v), byte)
        # To be written, to stay in all caches, data.
        builder.call(function, [at, number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(a, types.intp), emit


@intrinsic(prefer_literal=True)
def scratch(context, like, count):  # type: ignore[no-untyped-def]
    """Elements of an array's kind, as many as a constant says, with any content, until the kernel ends."""
    if not isinstance(count, types.IntegerLiteral):
        return None
    kind, size = types.Array(like.dtype, 1, "C"), ir.IntType(64)(count.literal_value)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        element = context.get_data_type(kind.dtype)
        array = make_array(kind)(context, builder)
        data = cgutils.alloca_once(builder, element, size=size)
        fill_array(builder, array, data, [size], context, element)
        return array._getvalue()

    return kind(like, count), emit
