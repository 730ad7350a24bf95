"""Numbers: arrays in, arrays out. Here are the rules of the room: `jit`, the threads, the cache folder.

Kernels know no layer, no property name, no exception and no string. Every kernel is generic over float32
and float64 (for gradient checks), and its result has the same bits for any number of threads. Public
functions take NumPy arrays and see to it that compiled code meets one layout only: contiguous, writable.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, overload

import numba
import numpy as np

from lstmcli.kernels.cache import ForgivingCache, choose_folder, keep_compiled

F = TypeVar("F", bound=Callable[..., Any])
A = TypeVar("A", bound=np.ndarray[Any, Any])

OPTIONS: dict[str, Any] = {
    # Products and sums may be contracted. Nothing may assume that there are no NaNs: they must be seen.
    "fastmath": {"contract"},
    # Divisions are not checked, else nothing around them is vectorized.
    "error_model": "numpy",
    "boundscheck": False,
    "nogil": True,
}

_NUMBA: Any = numba.config
_FOLDER = choose_folder()
if _FOLDER is not None:
    _NUMBA.CACHE_DIR = str(_FOLDER)


@overload
def jit(function: F) -> F: ...
@overload
def jit(*, inline: bool = ...) -> Callable[[F], F]: ...
def jit(function: F | None = None, *, inline: bool = False) -> F | Callable[[F], F]:
    """Compiles a kernel: `@jit`; `@jit(inline=True)` for one that must become part of its caller's loop for
    that to be vectorized.
    """

    def compiled(function: F) -> F:
        dispatcher: F = numba.njit(forceinline=inline, **OPTIONS)(function)
        if _FOLDER is not None:
            keep_compiled(dispatcher, function)
        return dispatcher

    return compiled if function is None else compiled(function)


def cache_folder() -> Path | None:
    """Where compiled kernels are kept, or None if no folder can be written and every run compiles."""
    return _FOLDER


def on_compilation(announce: Callable[[], None]) -> None:
    """Has `announce` called once, when a kernel is about to be compiled that the cache does not hold."""
    ForgivingCache.announce = staticmethod(announce)


_threads = [1]


def set_threads(n: int) -> int:
    """Lets kernels use n threads, or as many as there are processors (at least 1); returns how many."""
    _threads[0] = max(1, min(n, os.cpu_count() or 1))
    return _threads[0]


def thread_count() -> int:
    """How many threads kernels may use."""
    return _threads[0]


def contiguous(a: A) -> A:
    """The array itself, or its copy if it is not C-contiguous, aligned and writable."""
    return a if a.flags.carray else np.array(a, order="C")  # type: ignore[return-value]
