"""What threads that run compiled code need to agree: memory that all see at once, and calls by address."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import make_array

from lstmcli.kernels.simd import intrinsic
from lstmcli.kernels.simd_ir import pointer

_word = ir.IntType(64)
_share = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), _word, _word])


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
def word_at(context, address, i):  # type: ignore[no-untyped-def]
    """The int64 number i of an array in memory."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        return builder.load(builder.gep(builder.inttoptr(v[0], _word.as_pointer()), [v[1]]))

    return types.int64(types.intp, types.intp), emit


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
    """Call what `pack_call` returned, for one share."""

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        function, frame, *share = v
        at = builder.inttoptr(function, _share.as_pointer())
        builder.call(at, [builder.inttoptr(frame, ir.IntType(8).as_pointer()), *share])
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.int64, types.int64), emit


@intrinsic
def pack_call(context, address, arguments, frame):  # type: ignore[no-untyped-def]
    """Put a call of the compiled function at an address into the frame; the address of a function for shares.

    The compiled function takes the arguments and int64 first, last; it neither returns anything nor raises.
    Arrays have to live until the last share is done.
    """
    kinds = (*arguments.types, types.int64, types.int64)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        address, values, frame = v
        words = [_word, *(context.get_value_type(kind) for kind in sig.args[1].types)]
        layout = ir.LiteralStructType(words).as_pointer()
        at = builder.bitcast(pointer(context, builder, sig.args[2], frame, _word(0)), layout)
        unpacked = cgutils.unpack_tuple(builder, values)
        views = [_view(context, builder, *item) for item in zip(sig.args[1].types, unpacked, strict=True)]
        for k, value in enumerate((address, *views)):
            builder.store(value, cgutils.gep_inbounds(builder, at, 0, k))
        return builder.ptrtoint(_unpacking(context, builder.module, layout, kinds), _word)

    return types.intp(types.intp, arguments, frame), emit


def _view(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """An array that does not count who uses it: who packs a call may be gone before the last share ends."""
    if not isinstance(kind, types.Array):
        return value
    array = make_array(kind)(context, builder, value)
    for owner in ("meminfo", "parent"):
        setattr(array, owner, cgutils.get_null_value(getattr(array, owner).type))
    return array._getvalue()


def _unpacking(context: Any, module: Any, layout: Any, kinds: tuple[Any, ...]) -> Any:
    """A function that makes the call in a frame, for one share."""
    function = ir.Function(module, _share, module.get_unique_name("share"))
    function.linkage = "internal"
    builder = ir.IRBuilder(function.append_basic_block())
    frame, first, last = function.args
    at = builder.bitcast(frame, layout)
    count = len(kinds) - 1
    address, *values = (builder.load(cgutils.gep_inbounds(builder, at, 0, k)) for k in range(count))
    target = context.call_conv.get_function_type(types.none, kinds).as_pointer()
    call = builder.inttoptr(address, target)
    context.call_conv.call_function(builder, call, types.none, kinds, [*values, first, last])
    builder.ret_void()
    return function
