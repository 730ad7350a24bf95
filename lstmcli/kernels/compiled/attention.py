"""What forward and backward of attention have in common: heads, their division, their rows and scores.

Scores stand as [keys, 32] of a block of queries: what is done to a query is done in a lane of a vector, so
that no sum depends on the width of one. The scores of `KEYS` keys are computed at a time and are still in
the first cache when they are used.
"""

from typing import NamedTuple

import numpy as np

from lstmcli.kernels import attention
from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.dropout import bound_of, is_dropped, origin_of
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.compiled.rows import copy_transposed, fill_row
from lstmcli.kernels.compiled.vectors import lanes, load, store, where
from lstmcli.kernels.layout import PANEL

wide = jit(attention.wide, inline=True)
part_of = jit(attention.part_of, inline=True)


class Head(NamedTuple):
    """One head of one observation.

    pair : its number; begin, steps : the first step that counts, and how many do
    q, k, v : where its row of step `begin` stands in a flat array of the queries, keys and values
    o : the same, of the outputs
    step, o_step : from a row to that of the next step
    dk, dv : channels of a key and of a value
    """

    pair: int
    begin: int
    steps: int
    q: int
    k: int
    v: int
    o: int
    step: int
    o_step: int
    dk: int
    dv: int


class Rule(NamedTuple):
    """What `attention_forward` says of all heads; key : of the draws; T : steps of x."""

    scale: float
    causal: bool
    probability: float
    key: int
    T: int


@jit
def head_of(pair, x, start, stop, heads, keys):  # type: ignore[no-untyped-def]
    """Head pair % heads of observation pair // heads of x[T, B, 2 keys + values]."""
    _, B, width = x.shape
    b, head, values = pair // heads, pair % heads, width - 2 * keys
    dk, dv, row = keys // heads, values // heads, start[b] * B + b
    q, v = row * width + head * dk, row * width + 2 * keys + head * dv
    step, o_step = B * width, B * values
    o = row * values + head * dv
    return Head(pair, start[b], stop[b] - start[b], q, q + keys, v, o, step, o_step, dk, dv)


@jit
def first_unit(share, shares, start, stop, heads, parts):  # type: ignore[no-untyped-def]
    """The first unit of a share of equal cost. Unit u is part u % parts of pair u // parts."""
    total, done = 0, 0
    for b in range(len(start)):
        for part in range(parts):
            total += heads * _cost(stop[b] - start[b], part, parts)
    for b in range(len(start)):
        for unit in range(heads * parts):
            cost = _cost(stop[b] - start[b], unit % parts, parts)
            if (2 * done + cost) * shares >= 2 * total * share:
                return b * heads * parts + unit
            done += cost
    return len(start) * heads * parts


@jit
def _cost(steps, part, parts):  # type: ignore[no-untyped-def]
    """Its scores, and a little for the rest."""
    low, high = queries_of(part, parts, steps)
    return 1 + steps * max(0, high - low)


@jit(inline=True)
def queries_of(part, parts, steps):  # type: ignore[no-untyped-def]
    """The first query of a part, and the one behind the last; of later parts than there are none is left."""
    if parts == 1:
        return 0, steps
    low = part * part_of(steps)
    return low, min(low + part_of(steps), steps)


@jit
def scaled_row(a, a_at, b, b_at, count, factor):  # type: ignore[no-untyped-def]
    """b[b_at ...] = factor a[a_at ...], `count` elements."""
    whole = count - count % lanes(a)
    for k in range(0, whole, lanes(a)):
        store(b, b_at + k, load(a, a_at + k) * factor)
    for k in range(whole, count):
        b[b_at + k] = a[a_at + k] * factor


@jit
def pack_keys(head, x, k, v):  # type: ignore[no-untyped-def]
    """The rows of a head's keys and values, k[steps, wide(dk)] and v[steps, wide(dv)]."""
    _pack_rows(x, head.k, head.step, head.steps, head.dk, x.dtype.type(1), k)
    _pack_rows(x, head.v, head.step, head.steps, head.dv, x.dtype.type(1), v)


@jit
def pack_block(a, at, step, rows, columns, factor, b, padded, panel):  # type: ignore[no-untyped-def]
    """b[r, c] = factor a[at + r step + c], and transposed panel[c, r] of 32 columns; what is in rows up to
    `padded` has no meaning, and goes into lanes that nobody looks at.
    """
    width = wide(columns)
    _pack_rows(a, at, step, rows, columns, factor, b)
    copy_transposed(b, 0, width, padded, width, panel, 0, PANEL)


@jit
def _pack_rows(a, at, step, rows, columns, factor, b):  # type: ignore[no-untyped-def]
    """b[r, c] = factor a[at + r step + c]; what is beyond the columns of a row has no meaning."""
    width = wide(columns)
    for r in range(rows):
        # Whole vectors where they do not reach beyond the end.
        count = width if at + r * step + width <= len(a) else columns
        scaled_row(a, at + r * step, b, r * width, count, factor)


@jit
def multiply_panel(rows, a, at, depth, panel, padded, out):  # type: ignore[no-untyped-def]
    """out[rows, 32] = packed rows of a, from a[at] on, times the first `padded` columns of a panel."""
    factor = Factor(a, at, wide(depth), 1, 1, 0, depth)
    product(rows, factor, Panels(panel, 0, 0, PANEL, 0, padded), Place(out, 0, PANEL, 0, False))


@jit
def multiply_scores(rows, s, step, k_step, depth, b, b_at, columns, out, at, adds):  # type: ignore[no-untyped-def]
    """out[at ...] = rows of scores or of their transpose, times packed rows of b from b[b_at] on; or + it."""
    width = wide(columns)
    factor = Factor(s, 0, step, k_step, 1, 0, depth)
    product(rows, factor, Panels(b, b_at, PANEL, width, 0, width), Place(out, at, width, PANEL, adds))


@jit
def draw_triangle(later):  # type: ignore[no-untyped-def]
    """later[r, c] of 32 rows and columns is whether row r comes after column c, 1 or 0."""
    for r in range(PANEL):
        fill_row(later, r * PANEL, r, 1)
        fill_row(later, r * PANEL + r, PANEL - r, 0)


@jit
def hide(s, later, query, key, rows, padded):  # type: ignore[no-untyped-def]
    """Of rows `key` ... of the scores of queries `query` ..., those of later steps become -inf."""
    for r in range(max(0, query - key), rows):
        for c in range(0, padded, lanes(s)):
            is_later = load(later, (key + r - query) * PANEL + c) > 0
            store(s, r * PANEL + c, where(is_later, -np.inf, load(s, r * PANEL + c)))


@jit
def draw_mask(mask, head, rule, query, key, rows, padded):  # type: ignore[no-untyped-def]
    """mask[rows, 32] is 1 / (1 - p), or 0 with probability p, each score for itself."""
    kept, none = mask.dtype.type(1 / (1 - rule.probability)), mask.dtype.type(0)
    origin, bound = origin_of(rule.key), bound_of(rule.probability)
    for r in range(rows):
        for c in range(padded):
            place = (head.pair * rule.T + query + c) * rule.T + key + r
            mask[r * PANEL + c] = none if is_dropped(place, origin, bound) else kept


@jit
def times_mask(s, mask, rows, padded):  # type: ignore[no-untyped-def]
    """s[rows, 32] times the mask."""
    for r in range(rows):
        for at in range(r * PANEL, r * PANEL + padded, lanes(s)):
            store(s, at, load(s, at) * load(mask, at))
