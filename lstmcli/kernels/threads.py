"""The one parallel region of the program: threads that each do a share of a kernel's work.

Kernels are called through their addresses, so that each is compiled once and not again into the region.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numpy.typing import NDArray

from lstmcli.kernels import jit
from lstmcli.kernels.simd import intrinsic

Edges = NDArray[np.int64]
"""Where each thread's share of a range begins, and the last one ends: int64[shares + 1]."""


class Divided:
    """A kernel part(*arguments, first, last) of `@divided`: called with the arguments and edges of shares.

    The first of the arguments is an array; kinds of the others follow from its kind.
    """

    def __init__(self, part: Any):
        self.part = part
        self._addresses: dict[Any, int] = {}

    def __call__(self, arguments: tuple[Any, ...], edges: Edges) -> None:
        """Run all shares, each by a thread of its own; a single one by this thread."""
        kind = arguments[0].dtype
        address = self._addresses.get(kind)
        if address is not None and len(edges) == 2:
            self.part(*arguments, int(edges[0]), int(edges[1]))
            return
        if address is None:
            # The first call goes through the region in any case, so that all is compiled that ever will be.
            address = self._addresses[kind] = self._address(arguments)
        _region(address, arguments, edges)

    def _address(self, arguments: tuple[Any, ...]) -> int:
        signature = (*map(numba.typeof, arguments), types.int64, types.int64)
        self.part.compile(signature)
        compiled = self.part.overloads[signature]
        return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


def divided(part: Callable[..., None]) -> Divided:
    """A compiled kernel part(*arguments, first, last) as one whose range first ... last-1 threads divide."""
    return Divided(part)


def equal_shares(count: int, worth: bool = True) -> Edges:
    """Edges of equal shares of 0 ... count-1, as many as there are threads if that is worth it, else one."""
    shares = max(1, min(count, numba.get_num_threads())) if worth else 1
    return np.arange(shares + 1) * count // shares


@jit(parallel=True)
def _region(address, arguments, edges):  # type: ignore[no-untyped-def]
    for n in numba.prange(edges.size - 1):
        _call(address, arguments, edges[n], edges[n + 1])


@intrinsic
def _call(context, address, arguments, first, last):  # type: ignore[no-untyped-def]
    """Call the compiled function at an address, which neither returns anything nor raises."""
    kinds = (*arguments.types, types.int64, types.int64)

    def emit(context, builder, sig, v):  # type: ignore[no-untyped-def]
        address, arguments, *share = v
        function = context.call_conv.get_function_type(types.none, kinds).as_pointer()
        values = [*cgutils.unpack_tuple(builder, arguments), *share]
        at = builder.inttoptr(address, function)
        context.call_conv.call_function(builder, at, types.none, kinds, values)
        return context.get_dummy_value()

    return types.void(types.intp, arguments, types.int64, types.int64), emit
