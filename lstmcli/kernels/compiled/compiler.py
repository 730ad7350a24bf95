"""From a kernel to machine code that needs neither numba nor any allocation: bytes of an object file.

Its one symbol is a C function word(frame, first, last). The frame holds a word for each argument: the
address of a NumPy array object, or a number's bits. It returns 0, or 1 if it did nothing because an array
is not contiguous and writable.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import config
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from lstmcli.kernels.kinds import CONTIGUOUS_AND_WRITABLE, DATA, DIMENSIONS, FLAGS, Kind

_word = ir.IntType(64)
_flags = ir.IntType(32)
_entry = ir.FunctionType(_word, [_word, _word, _word])
_NUMBERS = {int: types.int64, float: types.float64, bool: types.boolean}


def machine_code(kernel: Any, kinds: tuple[Kind, ...], symbol: str) -> bytes:
    """An object file in which `symbol` is the kernel for these kinds of arguments."""
    signature = (*map(_numba_type, kinds), types.int64, types.int64)
    dispatcher = kernel.for_kernels
    with global_compiler_lock, _only_as_text(dispatcher.targetctx) as make_machine_code:
        dispatcher.compile(signature)
        compiled = dispatcher.overloads[signature]
        context = compiled.target_context
        library = context.codegen().create_library(symbol)
        module = library.create_ir_module(symbol)
        function = ir.Function(module, _entry, symbol)
        builder = ir.IRBuilder(function.append_basic_block())
        frame, first, last = function.args
        place = builder.inttoptr(frame, _word.as_pointer())
        words = [builder.load(builder.gep(place, [_word(k)])) for k in range(len(kinds))]
        arguments = list(zip(signature, words, strict=False))
        _refuse(builder, [word for kind, word in arguments if isinstance(kind, types.Array)])
        values = [_argument(context, builder, kind, word) for kind, word in arguments]
        callee = context.declare_function(module, compiled.fndesc)
        context.call_conv.call_function(builder, callee, types.none, signature, [*values, first, last])
        builder.ret(_word(0))
        library.add_ir_module(module)
        library.add_linking_library(compiled.library)
        return make_machine_code(library)


@contextmanager
def _only_as_text(context: Any) -> Iterator[Callable[[Any], bytes]]:
    """numba neither optimizes the functions of a kernel nor makes machine code of each, but of the whole."""
    code, settings, library_class = context.codegen(), cast(Any, config), cast(Any, JITCodeLibrary)
    # It makes objects by the million, and little garbage among them.
    collecting = gc.isenabled()
    gc.disable()
    level, own_level, finalize = settings.OPT, code._opt_level, library_class._finalize_specific

    def make_machine_code(library: Any) -> bytes:
        settings.OPT, code._opt_level = level, own_level
        library.finalize()
        return bytes(code._tm.emit_object(library._final_module))

    settings.OPT, code._opt_level = type(level)(0), 0
    code._add_module = lambda module: None
    library_class._finalize_specific = lambda library: None
    # What stands for the machine code that is not there: numba knows functions by it, nobody calls it.
    context.get_executable = lambda library, fndesc, env: [].append
    try:
        yield make_machine_code
    finally:
        if collecting:
            gc.enable()
        settings.OPT, code._opt_level = level, own_level
        del code._add_module, context.get_executable
        library_class._finalize_specific = finalize


def _numba_type(kind: Kind) -> Any:
    if isinstance(kind, type):
        return _NUMBERS[kind]
    dtype, dimensions = kind
    return types.Array(from_dtype(dtype), dimensions, "C")


def _refuse(builder: Any, arrays: list[Any]) -> None:
    """Return 1 if an array object is not as kernels take it."""
    wanted = ir.Constant(_flags, CONTIGUOUS_AND_WRITABLE)
    common = wanted
    for address in arrays:
        flags = builder.inttoptr(builder.add(address, _word(FLAGS)), _flags.as_pointer())
        common = builder.and_(common, builder.load(flags))
    with builder.if_then(builder.icmp_signed("!=", common, wanted), likely=False):
        builder.ret(_word(1))


def _argument(context: Any, builder: Any, kind: Any, word: Any) -> Any:
    """What the kernel takes, from a word of the frame."""
    if kind == types.float64:
        return builder.bitcast(word, ir.DoubleType())
    if kind == types.boolean:
        return builder.icmp_signed("!=", word, _word(0))
    if not isinstance(kind, types.Array):
        return word

    element = context.get_data_type(kind.dtype)
    dimensions = builder.inttoptr(_field(builder, word, DIMENSIONS), _word.as_pointer())
    shape = [builder.load(builder.gep(dimensions, [_word(k)])) for k in range(kind.ndim)]
    array = make_array(kind)(context, builder)
    fill_array(builder, array, data_of(builder, word, element), shape, context, element)
    return array._getvalue()


def data_of(builder: Any, address: Any, element: Any) -> Any:
    """Where the elements of an array object at an address begin."""
    return builder.inttoptr(_field(builder, address, DATA), element.as_pointer())


def _field(builder: Any, address: Any, offset: int) -> Any:
    return builder.load(builder.inttoptr(builder.add(address, _word(offset)), _word.as_pointer()))


def fill_array(builder: Any, array: Any, data: Any, shape: list[Any], context: Any, element: Any) -> None:
    """Makes a contiguous array of memory that it does not own."""
    size = _word(context.get_abi_sizeof(element))
    strides: list[Any] = []
    step = size
    for length in reversed(shape):
        strides.insert(0, step)
        step = builder.mul(step, length)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
