"""Channels scaled; see `spatial_dropout`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.vectors import lanes, load, load_part, store, store_part
from lstmcli.kernels.compiled.views import flat


@jit
def scale_channels(x, mask, y, first, last):  # type: ignore[no-untyped-def]
    """Steps of observations t B + b from first to last-1: y[t, b, p, c] = mask[b, c] x[t, b, p, c]."""
    (_, B, P, C), source, own, to = x.shape, flat(x), flat(mask), flat(y)
    whole = C - C % lanes(x)
    for n in range(first, last):
        row = n % B * C
        for at in range(n * P * C, (n + 1) * P * C, C):
            for c in range(0, whole, lanes(x)):
                store(to, at + c, load(source, at + c) * load(own, row + c))
            if whole < C:
                count = C - whole
                scaled = load_part(source, at + whole, count) * load_part(own, row + whole, count)
                store_part(to, at + whole, count, scaled)
