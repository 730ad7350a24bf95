"""Kernels as Python calls them: machine code, from the cache or compiled now, without numba between."""

import ctypes
import importlib
import os
import struct
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy import ndarray
from numpy.typing import NDArray

from lstmcli.kernels.cache import load, save
from lstmcli.kernels.kinds import Kind

_Function: Any = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)
_LETTERS: dict[Kind, str] = {int: "q", float: "d", bool: "?7x"}
_announce: list[Callable[[], None]] = []
_complain: list[Callable[[OSError], None]] = []
ONE_AT_A_TIME = threading.RLock()
"""Held while a kernel runs: its frame and the threads' board are the process's."""
if hasattr(os, "register_at_fork"):
    # A child in which another thread's kernel never ends would wait for it.
    os.register_at_fork(
        before=ONE_AT_A_TIME.acquire,
        after_in_parent=ONE_AT_A_TIME.release,
        after_in_child=ONE_AT_A_TIME.release,
    )


class NotTakenError(ValueError):
    """Arrays as kernels do not take them."""

    def __init__(self) -> None:
        super().__init__("kernels take contiguous, writable arrays of the machine's own numbers")


def on_compilation(announce: Callable[[], None], complain: Callable[[OSError], None]) -> None:
    """Has `announce` called whenever a kernel is about to be compiled that the cache does not hold, and
    `complain` once, when one could not be kept in it.
    """
    _announce[:], _complain[:] = [announce], [complain]


def addresses(arrays: Sequence[np.ndarray[Any, Any]]) -> NDArray[np.int64]:
    """Where contiguous, writable arrays of one kind are, for a kernel that takes a list of them."""
    assert all(a.flags.carray and a.dtype == arrays[0].dtype for a in arrays)
    return np.array([id(a) for a in arrays], np.int64)


class Frame:
    """Machine code with a place for its arguments."""

    def __init__(self, code: int, kinds: tuple[Kind, ...]):
        self.code, self._function = code, _Function(code)
        self.words = np.zeros(len(kinds), np.int64)
        self.address = self.words.ctypes.data
        self._bytes = memoryview(self.words).cast("B")  # type: ignore[arg-type]
        self._numbers = [place for place, kind in enumerate(kinds) if not isinstance(kind, tuple)]
        layout = "".join("q" if isinstance(kind, tuple) else _LETTERS[kind] for kind in kinds)
        self._layout = struct.Struct("=" + layout)

    def fill(self, arguments: tuple[Any, ...]) -> None:
        """Put the arguments in their place; arrays are not kept alive by it."""
        words: list[Any] = list(map(id, arguments))
        for place in self._numbers:
            words[place] = arguments[place]
        self._layout.pack_into(self._bytes, 0, *words)

    def run(self, first: int, last: int) -> None:
        """Do a part of the range; raises NotTakenError, with nothing done, if an array cannot be taken."""
        if self._function(self.address, first, last):
            raise NotTakenError


class Kernel:
    """A function part(*arguments, first, last) of a module of `compiled`, for every kind of arguments.

    Arguments are contiguous, writable arrays, and numbers: int, float, bool.
    """

    def __init__(self, module: str, name: str, package: str = "lstmcli.kernels.compiled"):
        self.module, self.name, self.package = module, name, package
        self._frames: dict[tuple[Any, ...], Frame] = {}

    def frame(self, arguments: tuple[Any, ...]) -> Frame:
        """The function for these kinds of arguments, which stand in their place until the next call."""
        kinds = tuple([(a.dtype, a.ndim) if type(a) is ndarray else type(a) for a in arguments])
        frame = self._frames.get(kinds)
        if frame is None:
            frame = self._frames[kinds] = Frame(self._code(kinds), kinds)
        frame.fill(arguments)
        return frame

    def _code(self, kinds: tuple[Kind, ...]) -> int:
        if not all(kind[0].isnative for kind in kinds if isinstance(kind, tuple)):
            raise NotTakenError
        words = [f"{k[0].str[1:]}x{k[1]}" if isinstance(k, tuple) else k.__name__ for k in kinds]
        symbol = ".".join((self.module, self.name, *words))
        # The cache knows of edits in this room only.
        kept = self.package == f"{__package__}.compiled"
        code = load(symbol) if kept else None
        if code is None:
            for announce in _announce:
                announce()
            source = importlib.import_module(f"{self.package}.{self.module}")
            compiler = importlib.import_module("lstmcli.kernels.compiled.compiler")
            code = compiler.machine_code(getattr(source, self.name), kinds, symbol)
            error = save(symbol, code) if kept else None
            while error is not None and _complain:
                _complain.pop()(error)
        return _link(code, symbol)


_ENGINES: list[Any] = []
"""What holds the machine code in memory: a name of one file may mean something else in another."""


def _link(code: bytes, symbol: str) -> int:
    """The address of a symbol of an object file."""
    import llvmlite.binding as llvm

    machine = _target().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _ENGINES.append(engine)
    return int(engine.get_function_address(symbol))


@cache
def _target() -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple()
