"""Attention backward: what one thread does; see `attention`. Scores are computed again, not kept."""

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
    part_of,
    queries_of,
    scaled_row,
    times_mask,
    wide,
)
from lstmcli.kernels.compiled.rows import add_row, copy_row, fill_row
from lstmcli.kernels.compiled.team import meet
from lstmcli.kernels.compiled.vectors import fma, lanes, load, store
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.layout import HALF, PANEL


@jit
def backward_part(  # type: ignore[no-untyped-def]
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
    spare,
    blocks,
    scores,
    top,
    inverse,
    o,
    do,
    sums,
    dx,
    meeting,
    first,
    last,
):
    """Shares first ... last-1 of the units, each by a thread of its own; see `first_unit`.

    sums : the gradients of keys and values that a unit gives, where a pair has parts, or room for a share's
    """
    rule = Rule(scale, causal, probability, key, len(x))
    for share in range(first, last):
        if causal:
            draw_triangle(scores[share, 1])
        begin = first_unit(share, shares, start, stop, heads, parts)
        end = first_unit(share + 1, shares, start, stop, heads, parts)
        for unit in range(begin, end):
            head = head_of(unit // parts, x, start, stop, heads, keys)
            low, high = queries_of(unit % parts, parts, head.steps)
            own, count = sums[share if parts == 1 else unit], part_of(head.steps)
            if low == 0:
                _clear(head, len(x), flat(dx))
            place = (flat(x), flat(o), flat(do), flat(dx), top[head.pair], inverse[head.pair])
            room = (packed[share, 0], packed[share, 1], blocks[share], scores[share])
            if low < high:
                pack_keys(head, flat(x), packed[share, 0], packed[share, 1])
            for query in range(low, high, count):
                # The sums over all queries are made of sums over so many, however they are divided.
                these = own if query == low else spare[share]
                _attend(head, rule, query, min(query + count, high), place, room, these[0], these[1])
                if query > low:
                    _add(head, these, own)
            if parts == 1:
                _put(head, own, flat(dx))
        if parts > 1:
            meet(meeting, 0, shares)
            for pair in range(share, len(top), shares):
                head, own = head_of(pair, x, start, stop, heads, keys), sums[pair * parts]
                for unit in range(pair * parts + 1, (pair + 1) * parts):
                    if unit % parts * part_of(head.steps) < head.steps:
                        _add(head, sums[unit], own)
                _put(head, own, flat(dx))


@jit
def _add(head, a, sums):  # type: ignore[no-untyped-def]
    add_row(a[0], 0, sums[0], 0, head.steps * wide(head.dk))
    add_row(a[1], 0, sums[1], 0, head.steps * wide(head.dv))


@jit
def _put(head, sums, dx):  # type: ignore[no-untyped-def]
    dk, dv = sums[0], sums[1]
    for t in range(head.steps):
        copy_row(dk, t * wide(head.dk), dx, head.k + t * head.step, head.dk)
        copy_row(dv, t * wide(head.dv), dx, head.v + t * head.step, head.dv)


@jit
def _clear(head, T, dx):  # type: ignore[no-untyped-def]
    """The gradients of steps that do not count are 0."""
    for t in range(-head.begin, T - head.begin):
        if t < 0 or t >= head.steps:
            fill_row(dx, head.q + t * head.step, head.dk, 0)
            fill_row(dx, head.k + t * head.step, head.dk, 0)
            fill_row(dx, head.v + t * head.step, head.dv, 0)


@jit
def _attend(head, rule, low, high, place, room, dk, dv):  # type: ignore[no-untyped-def]
    """Queries low ... high-1 of a head: their gradients to dx, what they give those of keys and values to
    dk and dv.
    """
    (x, o, do, dx, top, inverse), (k, v, blocks, scores) = place, room
    q, q_panel, d, d_panel, y, y_panel = blocks[0], blocks[1], blocks[2], blocks[3], blocks[4], blocks[5]
    dq, mean, s, later, mask, ds = blocks[6], blocks[7], scores[0], scores[1], scores[2], scores[3]
    one, scale = x.dtype.type(1), x.dtype.type(rule.scale)
    wide_k, wide_v = wide(head.dk), wide(head.dv)
    fill_row(dk, 0, head.steps * wide_k, 0)
    fill_row(dv, 0, head.steps * wide_v, 0)
    for query in range(low, high, PANEL):
        count = min(PANEL, high - query)
        padded = HALF if count <= HALF else PANEL
        at, o_at = head.q + query * head.step, head.o + query * head.o_step
        pack_block(x, at, head.step, count, head.dk, scale, q, padded, q_panel)
        pack_block(do, o_at, head.o_step, count, head.dv, one, d, padded, d_panel)
        pack_block(o, o_at, head.o_step, count, head.dv, one, y, padded, y_panel)
        _take_means(d_panel, y_panel, head.dv, padded, mean)
        end = query + count if rule.causal else head.steps
        for key in range(0, end, KEYS):
            rows = min(KEYS, end - key)
            multiply_panel(rows, k, key * wide_k, head.dk, q_panel, padded, s)
            multiply_panel(rows, v, key * wide_v, head.dv, d_panel, padded, ds)
            if rule.causal:
                hide(s, later, query, key, rows, padded)
            if rule.probability > 0:
                draw_mask(mask, head, rule, query, key, rows, padded)
                times_mask(ds, mask, rows, padded)
            _take_slopes(s, ds, rows, padded, top, inverse, query, mean)
            if rule.probability > 0:
                times_mask(s, mask, rows, padded)
            multiply_scores(rows, s, PANEL, 1, count, d, 0, head.dv, dv, key * wide_v, True)
            multiply_scores(rows, ds, PANEL, 1, count, q, 0, head.dk, dk, key * wide_k, True)
            multiply_scores(count, ds, 1, PANEL, rows, k, key * wide_k, head.dk, dq, 0, key > 0)
        for r in range(count):
            scaled_row(dq, r * wide_k, dx, at + r * head.step, head.dk, scale)


@jit
def _take_means(d, y, channels, padded, mean):  # type: ignore[no-untyped-def]
    """The mean slope of a query's weights, sum_s p_s dp_s = do' o, of panels of do and o."""
    for c in range(0, padded, lanes(mean)):
        total = load(d, c) * load(y, c)
        for k in range(1, channels):
            total = fma(load(d, k * PANEL + c), load(y, k * PANEL + c), total)
        store(mean, c, total)


@jit
def _take_slopes(s, ds, rows, padded, top, inverse, query, mean):  # type: ignore[no-untyped-def]
    """Scores become weights p, and their slopes dp those of the scores, p (dp - mean)."""
    for c in range(0, padded, lanes(s)):
        most, scale, less = load(top, query + c), load(inverse, query + c), load(mean, c)
        for at in range(c, rows * PANEL + c, PANEL):
            p = exponential(load(s, at) - most) * scale
            store(s, at, p)
            store(ds, at, p * (load(ds, at) - less))
