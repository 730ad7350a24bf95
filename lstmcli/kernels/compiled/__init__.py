"""Kernels as they are written: functions part(*arguments, first, last) that do the part of a range.

They allocate nothing, raise nothing and return nothing; scratch memory is on the stack (`views.scratch`).
"""

from collections.abc import Callable
from typing import Any, TypeVar, overload

import numba

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {
    # Products and sums may be contracted. Nothing may assume that there are no NaNs: they must be seen.
    "fastmath": {"contract"},
    # Divisions are not checked, else nothing around them is vectorized.
    "error_model": "numpy",
    "boundscheck": False,
    # Without numba's memory manager: arrays belong to who calls.
    "_nrt": False,
}


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
        return dispatcher

    return compiled if function is None else compiled(function)
