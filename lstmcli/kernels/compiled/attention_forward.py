"""Attention forward: what one thread does; see `attention`."""

import numpy as np

from lstmcli.kernels.attention import KEYS
from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import exponential
from lstmcli.kernels.compiled.attention import (
    Rule,
    draw_mask,
    draw_triangle,
    first_unit,
    head_of,
    hide,
    multiply_panel,
    multiply_scores,
    pack_block,
    pack_keys,
    queries_of,
    scaled_row,
    times_mask,
    wide,
)
from lstmcli.kernels.compiled.rows import fill_row
from lstmcli.kernels.compiled.vectors import lanes, load, store, where
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.layout import HALF, PANEL


@jit
def forward_part(  # type: ignore[no-untyped-def]
    x,
    start,
    stop,
    heads,
    keys,
    scale,
    causal,
    probability,
    key,
    parts,
    shares,
    packed,
    blocks,
    scores,
    top,
    inverse,
    o,
    first,
    last,
):
    """Shares first ... last-1 of the units; see `first_unit`."""
    rule = Rule(scale, causal, probability, key, len(x))
    for share in range(first, last):
        if causal:
            draw_triangle(scores[share, 1])
        begin = first_unit(share, shares, start, stop, heads, parts)
        end = first_unit(share + 1, shares, start, stop, heads, parts)
        for unit in range(begin, end):
            head = head_of(unit // parts, x, start, stop, heads, keys)
            low, high = queries_of(unit % parts, parts, head.steps)
            own = top[head.pair], inverse[head.pair]
            if low == 0:
                _clear(head, len(x), flat(o))
            if low < high:
                room = (packed[share, 0], packed[share, 1], blocks[share], scores[share])
                _attend(head, rule, low, high, flat(x), room, own, flat(o))


@jit
def _clear(head, T, o):  # type: ignore[no-untyped-def]
    """The outputs of steps that do not count are 0."""
    for t in range(-head.begin, T - head.begin):
        if t < 0 or t >= head.steps:
            fill_row(o, head.o + t * head.o_step, head.dv, 0)


@jit
def _attend(head, rule, low, high, x, room, sums, o):  # type: ignore[no-untyped-def]
    """Queries low ... high-1 of a head: block by block, the keys in their order (Dao et al. 2022)."""
    (k, v, blocks, scores), (top, inverse) = room, sums
    q, panel, y, change = blocks[0], blocks[1], blocks[2], blocks[3]
    s, later, mask = scores[0], scores[1], scores[2]
    one, wide_k, wide_v = x.dtype.type(1), wide(head.dk), wide(head.dv)
    pack_keys(head, x, k, v)
    for query in range(low, high, PANEL):
        count = min(PANEL, high - query)
        padded = HALF if count <= HALF else PANEL
        at = head.q + query * head.step
        pack_block(x, at, head.step, count, head.dk, x.dtype.type(rule.scale), q, padded, panel)
        fill_row(top, query, padded, -np.inf)
        fill_row(inverse, query, padded, 0)
        end = query + count if rule.causal else head.steps
        for key in range(0, end, KEYS):
            rows = min(KEYS, end - key)
            multiply_panel(rows, k, key * wide_k, head.dk, panel, padded, s)
            if rule.causal:
                hide(s, later, query, key, rows, padded)
            _take_exponentials(s, rows, padded, top, inverse, query, change)
            if rule.probability > 0:
                draw_mask(mask, head, rule, query, key, rows, padded)
                times_mask(s, mask, rows, padded)
            if key > 0:
                for r in range(count):
                    scaled_row(y, r * wide_v, y, r * wide_v, wide_v, change[r])
            multiply_scores(count, s, 1, PANEL, rows, v, key * wide_v, head.dv, y, 0, key > 0)
        for at in range(query, query + padded, lanes(inverse)):
            store(inverse, at, one / load(inverse, at))
        for r in range(count):
            at = head.o + (query + r) * head.o_step
            scaled_row(y, r * wide_v, o, at, head.dv, inverse[query + r])


@jit
def _take_exponentials(s, rows, padded, top, total, query, change):  # type: ignore[no-untyped-def]
    """Scores become exp(s - top), where top, the largest of a query, and total, the sum of its exponentials,
    go on from the keys before; change is what comes of these is to be multiplied by.
    """
    for c in range(0, padded, lanes(s)):
        before = load(top, query + c)
        most = before
        for r in range(rows):
            score = load(s, r * PANEL + c)
            most = where(score > most, score, most)
        less = exponential(before - most)
        sum = load(total, query + c) * less
        for r in range(rows):
            e = exponential(load(s, r * PANEL + c) - most)
            store(s, r * PANEL + c, e)
            sum = sum + e
        store(top, query + c, most)
        store(total, query + c, sum)
        store(change, c, less)
