"""Scaled dot-product attention of several heads: each step is the mean of all steps' values, by weights that
follow from its query and their keys.

    s_tr = q_t' k_r / sqrt(dk)    p_tr = exp(s_tr) / sum_r exp(s_tr)    o_t = sum_r p_tr v_r

Of an observation the steps r that count, or of these, where it is causal, those up to t. The weights p are
never kept: a block of queries goes through the keys with the largest score and the sum of exponentials so far
(Dao et al. 2022), and backward computes the scores again, which takes less time than to store and read them.

Threads divide the pairs of an observation and a head, or, where there are few, their queries. Sums over
queries are of as many at a time as `part_of` says, from an observation's first step that counts, however they
are divided.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.layout import HALF, PANEL
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, meeting_places, run
from lstmcli.records import Array
from lstmcli.thread_count import thread_count

FORWARD = Kernel("attention_forward", "forward_part")
BACKWARD = Kernel("attention_backward", "backward_part")
KEYS = 128
"""Keys whose scores with a block of 32 queries are in the first cache together."""
QUERIES = 256
"""Queries at least whose sums make up the gradients of keys and values, a multiple of 32."""
PARTS = 8
"""Sums at most that a pair's gradients are made of, each as large as the pair's keys and values."""
FEW = 4
"""Pairs for each thread from which on they are divided evenly enough without being cut."""
SMALL = 2**17
"""Multiply-adds that one thread does sooner than it could wake another."""


class Saved(NamedTuple):
    """What `attention_backward` needs of a forward pass; P = B heads pairs.

    how : heads, keys, scale, causal, probability, key of the draws
    top, inverse : [P, T], the largest score of each query, and 1 / sum of exponentials, from the first step
        that counts on, T made a multiple of 32
    o : [T, B, V]
    """

    x: Array
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    how: tuple[int, int, float, bool, float, int]
    top: Array
    inverse: Array
    o: Array


def attention_forward(
    x: Array,
    start: NDArray[np.int32],
    stop: NDArray[np.int32],
    heads: int,
    keys: int,
    causal: bool,
    probability: float,
    key: np.uint64,
    memory: Memory,
) -> Saved:
    """The outputs o[T, B, V], 0 at steps outside start <= t < stop, with what backward needs.

    x : [T, B, 2 K + V], queries, keys and values; of each, the heads' channels follow one another
    start, stop : int32[B]; keys : K
    probability : of dropping a weight p, each for itself, the others divided by 1 - probability; it follows
        from the key and the place which are dropped
    """
    T, B, width = x.shape
    padded, draws = -(-T // PANEL) * PANEL, int(key.view(np.int64))
    how = (heads, keys, (heads / keys) ** 0.5, causal, float(probability), draws)
    x, start, stop = contiguous(x), contiguous(start), contiguous(stop)
    top, inverse = (memory.take(name, (B * heads, padded), x.dtype) for name in ("top", "inverse"))
    saved = Saved(x, start, stop, how, top, inverse, memory.take("o", (T, B, width - 2 * keys), x.dtype))
    divided = _divide(saved)
    arguments = (*divided, *_room(saved, divided.shares, memory), top, inverse, saved.o)
    run(FORWARD, (x, start, stop, *how, *arguments), equal_shares(divided.shares))
    return saved


def attention_backward(saved: Saved, do: Array, memory: Memory) -> Array:
    """The gradient dx[T, B, 2 K + V] from that of the outputs, do[T, B, V]."""
    x, start, stop, how, top, inverse, o = saved
    divided = _divide(saved)
    packed, *others = _room(saved, divided.shares, memory)
    slots = divided.shares if divided.parts == 1 else len(top) * divided.parts
    spare, sums = (
        memory.take(name, (count, *packed.shape[1:]), x.dtype)
        for name, count in (("spare", divided.shares), ("sums", slots))
    )
    dx: Array = memory.take("dx", x.shape, x.dtype)
    arguments = (*divided, packed, spare, *others, top, inverse, o, contiguous(do), sums, dx)
    run(BACKWARD, (x, start, stop, *how, *arguments, meeting_places(1)), equal_shares(divided.shares))
    return dx


def wide(channels: int) -> int:
    """Numbers from one packed row to the next: the channels of a head, made a multiple of 16."""
    return -(-channels // HALF) * HALF


def part_of(steps: int) -> int:
    """How many queries of so many steps make up one sum."""
    return max(QUERIES, -(-steps // (PARTS * PANEL)) * PANEL)


class _Division(NamedTuple):
    """A pair has `parts` units, each of `part_of` its queries, or is one; `shares` of these go to threads."""

    parts: int
    shares: int


def _divide(saved: Saved) -> _Division:
    (T, B, width), (heads, keys, *_) = saved.x.shape, saved.how
    threads = thread_count() if T * T * B * (width - keys) > SMALL else 1
    parts = -(-T // part_of(T)) if threads > 1 and B * heads < FEW * threads else 1
    return _Division(parts, min(threads, B * heads * parts))


def _room(saved: Saved, shares: int, memory: Memory) -> tuple[Array, Array, Array]:
    """Of each share: the packed keys and values of a pair, blocks of 32 packed rows, and scores."""
    (T, _, width), (heads, keys, *_), kind = saved.x.shape, saved.how, saved.x.dtype
    columns = max(wide(keys // heads), wide((width - 2 * keys) // heads))
    packed: Array = memory.take("packed", (shares, 2, T * columns), kind)
    blocks: Array = memory.take("blocks", (shares, 8, PANEL * columns), kind)
    scores: Array = memory.take("scores", (shares, 4, KEYS * PANEL), kind)
    return packed, blocks, scores
