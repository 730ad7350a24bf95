"""What strips of a batch normalization found, and the tables that it is made with; see `normalization`.

Tables [., room] say of `width` places in rows what they say of their channels, over and over.
"""

import numpy as np

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.views import flat

at = np.uintp
"""Every index into a flat array: a signed one is checked for being negative, which stops vectorization."""


@jit
def join(sums, counts, joined, first, last):  # type: ignore[no-untyped-def]
    """joined[0] = mean and joined[1] = variance of channels first ... last-1, from what `moments` found in
    all strips, of which one at least has rows that count (Chan, Golub, LeVeque 1983).
    """
    width, count = sums.shape[2], 0
    own, out, C = flat(sums), flat(joined), joined.shape[1]
    for c in range(first, last):
        out[at(c)], out[at(C + c)] = 0, 0
    for strip in range(len(counts)):
        s, count = 3 * strip * width, count + counts[strip]
        for c in range(first, last):
            out[at(c)] += own[at(s + c)] * counts[strip]
    for c in range(first, last):
        out[at(c)] /= count
    for strip in range(len(counts)):
        s = 3 * strip * width
        for c in range(first, last):
            d = own[at(s + c)] - out[at(c)]
            out[at(C + c)] += own[at(s + width + c)] + d * d * counts[strip]
    for c in range(first, last):
        out[at(C + c)] = max(0.0, out[at(C + c)] / count)


@jit
def tabulate(mean, variance, scale, offset, epsilon, width, table, kept, first, last):  # type: ignore[no-untyped-def]
    """For channels first ... last-1 kept = 1 / sqrt(variance + epsilon) and f, which is scale times that, and
    the table of `normalize`: m, which is the mean as it is rounded, f, and o = offset - f (mean - m).
    """
    C, room, own, out = len(mean), table.shape[1], flat(kept), flat(table)
    for c in range(first, last):
        own[at(c)] = 1 / np.sqrt(variance[at(c)] + epsilon)
        factor, m = scale[at(c)] * own[at(c)], table.dtype.type(mean[at(c)])
        own[at(C + c)] = factor
        rest, k = offset[at(c)] - factor * (mean[at(c)] - np.float64(m)), c
        while k < width:
            out[at(k)], out[at(room + k)], out[at(2 * room + k)] = m, factor, rest
            k += C


@jit
def tabulate_slopes(  # type: ignore[no-untyped-def]
    totals, mean, kept, table, counted, width, slopes, gradients, first, last
):
    """For channels first ... last-1 gradients = dscale and doffset, from what `sum_gradients` found in all
    strips, and the table of `differentiate`: m, f, q, p; q and p are 0 where no rows are `counted`.
    """
    C, room, own, out = len(mean), table.shape[1], flat(kept), flat(slopes)
    all_, found, m = flat(totals), flat(gradients), flat(table)
    for c in range(first, last):
        found[at(c)], found[at(C + c)] = 0, 0
    for strip in range(len(totals)):
        s = 2 * strip * room
        for c in range(first, last):
            found[at(C + c)] += all_[at(s + c)]
            found[at(c)] += all_[at(s + room + c)]
    for c in range(first, last):
        inverse, factor, lack = own[at(c)], own[at(C + c)], mean[at(c)] - np.float64(m[at(c)])
        found[at(c)] = (found[at(c)] - lack * found[at(C + c)]) * inverse
        share = factor / counted if counted > 0 else 0.0
        q = -share * inverse * found[at(c)]
        p, k = -share * found[at(C + c)] - q * lack, c
        while k < width:
            out[at(k)], out[at(room + k)] = m[at(c)], factor
            out[at(2 * room + k)], out[at(3 * room + k)] = q, p
            k += C
