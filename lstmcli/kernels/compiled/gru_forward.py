"""All steps of a GRU forward: what one thread does.

Steps and observations are kept as `recurrent_rows` says, arrays as `gru.Saved` does; h is padded to whole
blocks of 16 hidden units. Where no backward pass follows, rows hold two steps, the one before and the one
after, in turn, and what follows from them one, for each item.
"""

from typing import Any, NamedTuple

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.division import next_run
from lstmcli.kernels.compiled.gru_cell import candidate_forward, gates_forward, reset_forward
from lstmcli.kernels.compiled.gru_packing import pack_weights
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.compiled.recurrent_rows import (
    Observations,
    at_rest,
    enter_inputs,
    enter_states,
    keep_states,
    leave_outputs,
    leave_states,
    skip_rows,
)
from lstmcli.kernels.compiled.team import meet
from lstmcli.kernels.compiled.views import flat, prefetch
from lstmcli.kernels.division import FIRST, HIGH, LAST, LOW, PARTIES, PLACE
from lstmcli.kernels.layout import HALF, PANEL, TOGETHER, UNITS


class Arrays(NamedTuple):
    """Flat ones, with the lengths of their rows; `step` from a panel of gates to the next, `further` from a
    time step's to the next one's, 0 where these are in the same place.
    """

    rows: Any
    width: int
    reset: Any
    reset_width: int
    gates: Any
    step: int
    further: int


class Weights(NamedTuple):
    """Panels of `gru_packing`, flat."""

    gates: Any
    inputs: Any
    states: Any
    C: int
    H: int


class Run(NamedTuple):
    """Observations beside one another at a step: how many, and where the row of the first begins.

    before, after : of rows, before and after the step; reset : of reset
    n, rz, p : of the first panel of candidates, of gates, and of products that are reset
    rest : h is 0
    """

    size: int
    before: int
    after: int
    reset: int
    n: int
    rz: int
    p: int
    rest: bool


@jit
def forward_part(  # type: ignore[no-untyped-def]
    x,
    start,
    stop,
    order,
    gate,
    state,
    resets_state,
    W,
    R,
    b,
    panels,
    inputs,
    states,
    packs,
    saves,
    rows,
    reset,
    gates,
    h,
    hT,
    items,
    meeting,
    threads,
    first_item,
    last_item,
):
    """Some items of a division; hT holds the states before step 0, then the last states.

    resets_state : r multiplies the hidden state, and not the product of it
    packs : the panels are to be filled from W, R and b
    h : [T, B, H], or [0, B, H] if only the last states are wanted
    """
    count = len(panels) + len(inputs)
    if packs:
        low, high = count * first_item // len(items), count * last_item // len(items)
        pack_weights(W, R, b, panels, inputs, states, low, high)
    meet(meeting, 0, threads)
    weights = Weights(flat(panels), flat(inputs), flat(states), W.shape[1], R.shape[1])
    for item in range(first_item, last_item):
        own, how = gates[0 if saves else item], (gate, state, resets_state)
        _run_item(x, start, stop, order, how, weights, rows, reset, own, h, hT, items[item], meeting)


@jit
def _run_item(x, start, stop, order, how, weights, rows, reset, gates, h, hT, item, meeting):  # type: ignore[no-untyped-def]
    first, last, low, high = item[FIRST], item[LAST], item[LOW], item[HIGH]
    place, parties, resets_state = item[PLACE], item[PARTIES], how[2]
    (T, B, C), (kept, _, width), (slots, _, reset_width) = x.shape, rows.shape, reset.shape
    H, nb, kept_gates = weights.H, -(-weights.H // UNITS), gates.shape[1]
    x_flat, h_flat = flat(x), flat(h)
    step, further = kept_gates * B * PANEL, B * PANEL if kept_gates > 1 else 0
    arrays = Arrays(flat(rows), width, flat(reset), reset_width, flat(gates), step, further)
    unit, units = low * UNITS, (high - low) * UNITS
    real, h_at = min(units, H - unit), C + 1 + unit

    own = Observations(start, stop, order, first, last)
    rest = at_rest(own, hT, 0, H)
    enter_states(own, hT, unit, real, units, arrays.rows, h_at, width)
    if low == 0:
        enter_inputs(own, x_flat, 0, B, C, arrays.rows, 0, width)
    meet(meeting, place, parties)
    for t in range(T):
        before, after, gates_at = t % kept * B, (t + 1) % kept * B, t % kept_gates * B
        keep_states(own, t, arrays.rows, before * width + h_at, after * width + h_at, width, units, 1, 0)
        reset_at = t % max(1, slots) * B
        if resets_state:
            skip_rows(own, t, arrays.reset, reset_at * reset_width + 1 + unit, reset_width, units, 1, 0)
            for m in range(first if low == 0 else last, last):
                arrays.reset[(reset_at + m) * reset_width] = 1
        for late in range(2 if resets_state else 1):
            if late:
                # All of r h has to be there before any of it is multiplied.
                meet(meeting, place, parties)
            one, end = next_run(start, stop, order, t, first, last)
            while one < end:
                n = (gates_at + one) * PANEL
                rz = n + -(-nb // 2) * step
                run = Run(
                    end - one,
                    (before + one) * width,
                    (after + one) * width,
                    (reset_at + one) * reset_width,
                    n,
                    rz,
                    rz + nb * step,
                    t == 0 and rest,
                )
                together = max(2, TOGETHER // 2 // run.size * 2)
                for p in range(low, high, together):
                    most = min(high, p + together)
                    if not late:
                        _gates(how, weights, arrays, run, p, most)
                    if late or not resets_state:
                        _candidate(how, weights, arrays, run, p, most)
                one, end = next_run(start, stop, order, t, end, last)
        if h.shape[0] > 0:
            leave_outputs(own, t, B, arrays.rows, after * width + h_at, width, real, h_flat, unit, H)
        if low == 0 and t + 1 < T:
            enter_inputs(own, x_flat, t + 1, B, C, arrays.rows, after * width, width)
        meet(meeting, place, parties)
    leave_states(own, arrays.rows, T % kept * B * width + h_at, width, real, hT, unit)


@jit
def _gates(how, weights, arrays, run, low, high):  # type: ignore[no-untyped-def]
    """r and z of blocks low ... high-1, and what r makes of h."""
    gate, _, resets_state = how
    rows, width, reset, reset_width, gates, step, _ = arrays
    C, K = weights.C, weights.C + 1 + weights.H
    # Nothing comes from a hidden state of zeros.
    factor = Factor(rows, run.before, width, 1, 1, 0, C + 1 if run.rest else K)
    packed = Panels(weights.gates, 0, K * PANEL, PANEL, low * PANEL, high * PANEL)
    product(run.size, factor, packed, Place(gates, run.rz, PANEL, step, False))
    for p in range(low, high):
        rz, unit = run.rz + p * step, p * UNITS
        gates_forward(gate, run.size, gates, rz)
        if resets_state:
            h = run.before + C + 1 + unit
            reset_forward(run.size, gates, rz, rows, h, width, reset, run.reset + 1 + unit, reset_width)


@jit
def _candidate(how, weights, arrays, run, low, high):  # type: ignore[no-untyped-def]
    """n and h of blocks low ... high-1, which begin with an even one."""
    _, state, resets_state = how
    rows, width, reset, reset_width, gates, step, further = arrays
    C, H = weights.C, weights.H
    columns = low * UNITS, high * UNITS
    factor = Factor(rows, run.before, width, 1, 1, 0, C + 1)
    packed = Panels(weights.inputs, 0, (C + 1) * PANEL, PANEL, *columns)
    product(run.size, factor, packed, Place(gates, run.n, PANEL, step, False))
    depth = 1 if run.rest else 1 + H
    packed = Panels(weights.states, 0, (1 + H) * PANEL, PANEL, *columns)
    if resets_state:
        factor = Factor(reset, run.reset, reset_width, 1, 1, 0, depth)
        product(run.size, factor, packed, Place(gates, run.n, PANEL, step, True))
    else:
        factor = Factor(rows, run.before + C, width, 1, 1, 0, depth)
        product(run.size, factor, packed, Place(gates, run.p, PANEL, step, False))
    for p in range(low, high):
        rz, pair, h = run.rz + p * step, p // 2 * step + p % 2 * HALF, C + 1 + p * UNITS
        n, product_at = run.n + pair, run.p + pair
        before, after = run.before + h, run.after + h
        candidate_forward(state, resets_state, run.size, gates, rz, n, product_at, rows, before, after, width)
        # What the next step writes is far from this one's: the processor does not guess it.
        for m in range(run.size if further > 0 else 0):
            for at in (rz, rz + HALF, n, product_at):
                prefetch(gates, at + further + m * PANEL)
