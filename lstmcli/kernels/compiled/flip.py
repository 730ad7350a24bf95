"""Steps in the opposite order; see `flip`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row
from lstmcli.kernels.compiled.views import flat


@jit
def flip_steps(x, start, stop, y, first, last):  # type: ignore[no-untyped-def]
    """Steps first ... last-1 of y[T, B, C]."""
    _, B, C = x.shape
    for t in range(first, last):
        for b in range(B):
            source = start[b] + stop[b] - 1 - t if start[b] <= t < stop[b] else t
            copy_row(flat(x), (source * B + b) * C, flat(y), (t * B + b) * C, C)
