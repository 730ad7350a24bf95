"""Batch and layer normalization: elements less their mean, divided by their standard deviation.

    n = (x - m) / sqrt(v + epsilon)        y = scale n + offset

Threads divide strips of rows that the sizes of an array alone decide, and sums of strips are joined in order.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import SIDE
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import Edges, equal_shares, run
from lstmcli.records import Array

MOMENTS, JOIN = Kernel("normalization_batch", "moments"), Kernel("normalization_tables", "join")
TABULATE, NORMALIZE = Kernel("normalization_tables", "tabulate"), Kernel("normalization_batch", "normalize")
SUM_GRADIENTS = Kernel("normalization_batch", "sum_gradients")
TABULATE_SLOPES = Kernel("normalization_tables", "tabulate_slopes")
DIFFERENTIATE = Kernel("normalization_batch", "differentiate")
FORWARD, BACKWARD = Kernel("normalization_layer", "forward"), Kernel("normalization_layer", "backward")
Doubles = NDArray[np.float64]
Steps = NDArray[np.int32]
WIDE = 128
"""Elements that are taken together at least, those of several rows if need be."""
STRIPS, STRIP = 64, 2**13
"""Strips at most, and elements of one at least."""
SMALL = 2**15
"""Elements that one thread works on sooner than it could wake another."""
OFTEN = 64
"""Numbers summed in the precision of the data before their sum is added to one of float64."""


class Moments(NamedTuple):
    """The number of rows, and the mean and the variance of each channel over them, float64[C]."""

    rows: int
    mean: Doubles
    variance: Doubles


class Normalized(NamedTuple):
    """What `batch_backward` needs of a forward pass: the mean of each channel, and, [2, C] in one array,
    1 / sqrt(v + epsilon) and scale / sqrt(v + epsilon); all float64.
    """

    mean: Array
    kept: Array


class _Strips(NamedTuple):
    """How rows are worked on: `repeats` of them at a time, `rows` in each of so many strips."""

    repeats: int
    rows: int
    number: int
    shares: Edges


def moments(x: Array, start: Steps, stop: Steps, memory: Memory) -> Moments:
    """Count, mean and variance of x[T, B, P, C] over the P rows of every step start <= t < stop of every
    observation, start, stop : int32[B]. No rows have mean and variance 0.
    """
    T, B, P, C = x.shape
    strips = _strips(T * B * P, C)
    sums = memory.take("moments", (strips.number, 3, strips.repeats * C), np.float64)
    counts, found = np.empty(strips.number, np.int64), np.zeros((2, C))
    steps = (contiguous(start), contiguous(stop), P)
    run(MOMENTS, (contiguous(x).reshape(-1, C), *steps, strips.rows, sums, counts), strips.shares)
    count = int(counts.sum())
    if count:
        run(JOIN, (sums, counts, found), equal_shares(C, False))
    return Moments(count, *found)


def joined(a: Moments, b: Moments) -> Moments:
    """Those of the rows of both (Chan, Golub and LeVeque 1983)."""
    rows, d = a.rows + b.rows, b.mean - a.mean
    share = b.rows / max(1, rows)
    variance = a.variance + share * (b.variance - a.variance) + share * (1 - share) * d * d
    return Moments(rows, a.mean + share * d, variance)


def batch_forward(
    x: Array,
    mean: Array,
    variance: Array,
    scale: Array,
    offset: Array,
    epsilon: float,
    memory: Memory,
    packs: bool = True,
) -> tuple[Array, Normalized | None]:
    """y = scale (x - mean) / sqrt(variance + epsilon) + offset for each channel of x[..., C].

    packs : what channels are normalized with is not that of the last call with this memory; if it is,
        nothing is returned for `batch_backward`
    """
    C = x.shape[-1]
    rows = contiguous(x).reshape(-1, C)
    strips = _strips(len(rows), C)
    width, normalized = strips.repeats * C, None
    table = _table(3, width, x, memory, "table")
    if packs:
        normalized = Normalized(mean.astype(np.float64), np.empty((2, C)))
        table[:, width:] = 0
        own = (variance.astype(np.float64), contiguous(scale), contiguous(offset), float(epsilon))
        run(TABULATE, (normalized.mean, *own, width, table, normalized.kept), equal_shares(C, False))
    y: Array = memory.take("y", rows.shape, x.dtype)
    run(NORMALIZE, (rows, table, width, strips.rows, y), strips.shares)
    return y.reshape(x.shape), normalized


def batch_backward(
    x: Array,
    dy: Array,
    start: Steps,
    stop: Steps,
    normalized: Normalized,
    counted: int,
    need_dx: bool,
    memory: Memory,
) -> tuple[Array | None, Array, Array]:
    """dx (None unless needed), dscale and doffset for x[T, B, P, C].

    counted : the rows of the steps start <= t < stop, where mean and variance are theirs; 0 where mean and
        variance do not depend on x
    """
    T, B, P, C = x.shape
    strips = _strips(T * B * P, C)
    width, rows, d = strips.repeats * C, contiguous(x).reshape(-1, C), contiguous(dy).reshape(-1, C)
    # Its first line is the means that were subtracted.
    table, slopes = _table(3, width, x, memory, "table"), _table(4, width, x, memory, "slopes")
    shape = (strips.number, 2, table.shape[1])
    sums, totals = memory.take("sums", shape, x.dtype), memory.take("totals", shape, np.float64)
    run(SUM_GRADIENTS, (rows, d, table, width, strips.rows, sums, totals, OFTEN), strips.shares)
    gradients, dx = np.empty((2, C)), None
    slopes[:, width:] = 0
    run(
        TABULATE_SLOPES,
        (totals, *normalized, table, counted, width, slopes, gradients),
        equal_shares(C, False),
    )
    if need_dx:
        dx = memory.take("dx", x.shape, x.dtype)
        steps = (contiguous(start), contiguous(stop), P)
        run(
            DIFFERENTIATE,
            (rows, d, slopes, width, *steps, strips.rows, dx.reshape(rows.shape)),
            strips.shares,
        )
    dscale, doffset = gradients.astype(x.dtype)
    return dx, dscale, doffset


def layer_forward(
    x: Array,
    start: Steps,
    stop: Steps,
    over_time: bool,
    scale: Array,
    offset: Array,
    epsilon: float,
    memory: Memory,
    packs: bool = True,
) -> tuple[Array, Array]:
    """y of x[T, B, E], and what `layer_backward` needs; E is a multiple of the channels of scale, offset [C].

    Mean and variance are those of each row [E]; with over_time those of all rows start <= t < stop of an
    observation, int32[B], and y is 0 in the others. packs : scale or offset are not those of the last call
    with this memory
    """
    groups, strips, table = _groups(x, over_time, scale, memory)
    if packs:
        _fill(table, strips.repeats * len(scale), scale, offset)
    statistics = memory.take("statistics", (3, groups.shape[1]), x.dtype)
    y: Array = memory.take("y", groups.shape, x.dtype)
    steps = (contiguous(start), contiguous(stop), over_time)
    settings = (table, strips.repeats * len(scale), float(epsilon))
    run(FORWARD, (groups, *steps, *settings, y, statistics, strips.rows), strips.shares)
    return y.reshape(x.shape), statistics


def layer_backward(
    x: Array,
    dy: Array,
    start: Steps,
    stop: Steps,
    over_time: bool,
    scale: Array,
    statistics: Array,
    memory: Memory,
) -> tuple[Array, Array, Array]:
    """dx, dscale and doffset after `layer_forward` of the same, with the same memory."""
    groups, strips, table = _groups(x, over_time, scale, memory)
    C, dx = len(scale), memory.take("dx", groups.shape, x.dtype)
    shape = (strips.number, 2, table.shape[1])
    sums, totals = memory.take("sums", shape, x.dtype), memory.take("totals", shape, np.float64)
    steps = (contiguous(start), contiguous(stop), over_time)
    own = (table, strips.repeats * C, statistics, dx, sums, totals, strips.rows, OFTEN)
    run(BACKWARD, (groups, contiguous(dy).reshape(groups.shape), *steps, *own), strips.shares)
    places = totals.sum(axis=0)[:, : strips.repeats * C]
    doffset, dscale = places.reshape(2, strips.repeats, C).sum(axis=1).astype(x.dtype)
    return dx.reshape(x.shape), dscale, doffset


def _groups(x: Array, over_time: bool, scale: Array, memory: Memory) -> tuple[Array, _Strips, Array]:
    """The groups [T, G, E] that are normalized together, how they are divided, and the table."""
    T, B, E = x.shape
    C, groups = len(scale), contiguous(x) if over_time else contiguous(x).reshape(1, T * B, E)
    repeats = _repeats(C) if E > C else 1
    strips = _strips(groups.shape[1], groups.shape[0] * E)._replace(repeats=repeats)
    return groups, strips, _table(2, repeats * C, x, memory, "table")


def _strips(rows: int, elements: int) -> _Strips:
    """How rows of so many elements are divided; one strip of none at least, so that sums of none are 0."""
    rows, elements = max(1, rows), max(1, elements)
    repeats = _repeats(elements)
    size = -(-rows // max(1, min(STRIPS, rows * elements // STRIP)))
    size += -size % repeats
    number = -(-rows // size)
    return _Strips(repeats, size, number, equal_shares(number, rows * elements > SMALL))


def _repeats(channels: int) -> int:
    """Rows that are taken together: a power of two, so that vectors fit in well."""
    return int(1 << (-(-WIDE // channels) - 1).bit_length())


def _table(lines: int, width: int, like: Array, memory: Memory, name: str) -> Array:
    """A table that vectors may be read from at any of its places."""
    table: Array = memory.take(name, (lines, -(-width // SIDE) * SIDE), like.dtype)
    return table


def _fill(table: Array, width: int, *lines: Array) -> None:
    """Write what is known of channels to all places of them."""
    table[:, width:] = 0
    for own, line in zip(table, lines, strict=True):
        own[:width].reshape(-1, len(line))[...] = line
