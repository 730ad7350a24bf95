"""Kernels as they are written: functions part(*arguments, first, last) that do the part of a range.

They allocate nothing, raise nothing and return nothing; scratch memory is on the stack (`views.scratch`).
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numba

OPTIONS: dict[str, Any] = {
    # Products and sums may be contracted. Nothing may assume that there are no NaNs: they must be seen.
    "fastmath": {"contract"},
    # Divisions are not checked, else nothing around them is vectorized.
    "error_model": "numpy",
    "boundscheck": False,
    # Without numba's memory manager: arrays belong to who calls.
    "_nrt": False,
}
ONLY_FOR_KERNELS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


class Written:
    """A function that kernels are made of, and that Python can call, too: a test."""

    def __init__(self, function: Callable[..., Any], inline: bool):
        self.function, self.inline = function, inline
        self.__name__, self.__doc__ = function.__name__, function.__doc__

    @cached_property
    def for_kernels(self) -> Any:
        """What numba compiles into other code."""
        return numba.njit(forceinline=self.inline, **OPTIONS, **ONLY_FOR_KERNELS)(self.function)

    @cached_property
    def for_python(self) -> Any:
        """What numba compiles for calls from Python."""
        return numba.njit(forceinline=self.inline, **OPTIONS)(self.function)

    @property
    def _numba_type_(self) -> Any:
        return self.for_kernels._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        """What the function returns."""
        return self.for_python(*arguments)


def jit(function: Any = None, *, inline: bool = False) -> Any:
    """Makes a function one that kernels are made of: `@jit`; `@jit(inline=True)` for one that must become
    part of its caller's loop for that to be vectorized.
    """
    return (lambda function: Written(function, inline)) if function is None else Written(function, inline)
