"""What threads that run compiled code need to agree: memory that all see at once, and calls by address."""

from llvmlite import ir
from numba import types

from lstmcli.kernels.compiled.simd import intrinsic
from lstmcli.kernels.compiled.simd_ir import pointer

_word, _int = ir.IntType(64), ir.IntType(32)


@intrinsic
def atomic_get(context, a, i):  # type: ignore[no-untyped-def]
    """a[i] of an int64 array, as other threads have left it."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        return builder.load_atomic(pointer(context, builder, sig.args[0], *v), "seq_cst", 8)

    return types.int64(a, types.intp), emit


@intrinsic
def atomic_add(context, a, i, value):  # type: ignore[no-untyped-def]
    """a[i] += value of an int64 array, in one; what it was before."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        return builder.atomic_rmw("add", pointer(context, builder, sig.args[0], *v[:2]), v[2], "seq_cst")

    return types.int64(a, types.intp, types.int64), emit


@intrinsic
def atomic_swap(context, a, i, value):  # type: ignore[no-untyped-def]
    """a[i] = value of an int64 array, in one; what it was before."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        return builder.atomic_rmw("xchg", pointer(context, builder, sig.args[0], *v[:2]), v[2], "seq_cst")

    return types.int64(a, types.intp, types.int64), emit


@intrinsic
def word_at(context, address):  # type: ignore[no-untyped-def]
    """The int64 at an address."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        return builder.load(builder.inttoptr(v[0], _word.as_pointer()))

    return types.int64(types.intp), emit


@intrinsic
def give_way(context, address):  # type: ignore[no-untyped-def]
    """Let another thread have this core, if one waits for it, by the system's function at an address."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        function = ir.FunctionType(ir.IntType(32), []).as_pointer()
        builder.call(builder.inttoptr(v[0], function), [])
        return context.get_dummy_value()

    return types.void(types.intp), emit


@intrinsic
def call_share(context, function, frame, first, last):  # type: ignore[no-untyped-def]
    """Call the machine code of a kernel, which `compiler` made, for one share; 1 if it refuses its arrays."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        share = ir.FunctionType(_word, [_word] * 3).as_pointer()
        return builder.call(builder.inttoptr(v[0], share), v[1:])

    return types.int64(types.intp, types.intp, types.int64, types.int64), emit


@intrinsic
def acquire_lock(context, function, lock):  # type: ignore[no-untyped-def]
    """Wait for a lock of Python's, by its own function at an address."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        wait = ir.FunctionType(_int, [_word, _int]).as_pointer()
        builder.call(builder.inttoptr(v[0], wait), [v[1], _int(1)])
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), emit


@intrinsic
def release_lock(context, function, lock):  # type: ignore[no-untyped-def]
    """Let whoever waits for a lock of Python's go on, by its own function at an address."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        release = ir.FunctionType(ir.VoidType(), [_word]).as_pointer()
        builder.call(builder.inttoptr(v[0], release), v[1:])
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), emit
