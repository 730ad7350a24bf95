"""All steps of an LSTM forward: what one thread does.

Steps and observations are kept as `recurrent_rows` says, arrays as `lstm.Saved` does; h and c are padded to
whole blocks of 8 hidden units. Where no backward pass follows, rows and cells hold two steps, the one before
and the one after, in turn, and every item has some rows for gates.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.division import next_run
from lstmcli.kernels.compiled.lstm_cell import cell_forward
from lstmcli.kernels.compiled.lstm_packing import pack_weights
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.compiled.recurrent_rows import (
    Observations,
    at_rest,
    enter_inputs,
    enter_states,
    keep_states,
    leave_outputs,
    leave_states,
)
from lstmcli.kernels.compiled.team import meet
from lstmcli.kernels.compiled.views import flat, prefetch
from lstmcli.kernels.division import DIRECTION, FIRST, HIGH, LAST, LOW, PARTIES, PLACE
from lstmcli.kernels.layout import BLOCK, CELL, PANEL, PEEPHOLES, TOGETHER


@jit
def forward_part(  # type: ignore[no-untyped-def]
    x,
    start,
    stop,
    order,
    gate,
    state,
    W,
    R,
    b,
    panels,
    packs,
    saves,
    peepholes,
    rows,
    gates,
    cells,
    h,
    hT,
    cT,
    items,
    meeting,
    threads,
    first_item,
    last_item,
):
    """Some items of a division; hT and cT hold the states before step 0, then the last states.

    packs : the panels are to be filled from W, R and b
    peepholes : [D, nb, 24], rows of `lstm_cell`, or [0] if there are none
    h : [T, B, DH], or [0, B, DH] if only the last states are wanted
    """
    count = panels.shape[0] * panels.shape[1]
    if packs:
        pack_weights(W, R, b, panels, count * first_item // len(items), count * last_item // len(items))
    meet(meeting, 0, threads)
    for item in range(first_item, last_item):
        z = gates[items[item, DIRECTION] if saves else item]
        own = items[item]
        _run_item(
            x,
            start,
            stop,
            order,
            gate,
            state,
            saves,
            panels,
            peepholes,
            rows,
            z,
            cells,
            h,
            hT,
            cT,
            own,
            meeting,
        )


@jit
def _run_item(  # type: ignore[no-untyped-def]
    x,
    start,
    stop,
    order,
    gate,
    state,
    saves,
    all_panels,
    peepholes,
    all_rows,
    gates,
    all_cells,
    h,
    hT,
    cT,
    item,
    meeting,
):
    d, first, last = item[DIRECTION], item[FIRST], item[LAST]
    low_block, high_block, place, parties = item[LOW], item[HIGH], item[PLACE], item[PARTIES]
    panels, rows, cells = all_panels[d], all_rows[d], all_cells[d]
    (T, B, C), (_, K, _), (kept, _, width) = x.shape, panels.shape, rows.shape
    H, h_width, h_place = hT.shape[1] // len(all_panels), hT.shape[1], d * hT.shape[1] // len(all_panels)
    x_flat, h_flat, panels_flat = flat(x), flat(h), flat(panels)
    rows_flat, gates_flat, cells_flat = flat(rows), flat(gates), flat(cells)
    # Their number of axes is known when this is compiled: an LSTM without them does not ask for them.
    peephole, p_flat, p_first = peepholes.ndim > 1, flat(peepholes), d * panels.shape[0]
    low_unit, units = low_block * BLOCK, (high_block - low_block) * BLOCK
    real, blocks = min(units, H - low_unit), high_block - low_block
    own_h = C + 1 + low_unit

    own = Observations(start, stop, order, first, last)
    rest = at_rest(own, hT, h_place, H)
    enter_states(own, hT, h_place + low_unit, real, units, rows_flat, own_h, width)
    for p in range(low_block, high_block):
        u, cell = p * BLOCK, p * kept * B * CELL
        enter_states(own, cT, h_place + u, H - u, BLOCK, cells_flat, cell, CELL)
    if low_block == 0:
        enter_inputs(own, x_flat, T - 1 if d else 0, B, C, rows_flat, 0, width)
    meet(meeting, place, parties)
    for s in range(T):
        t = T - 1 - s if d else s
        before, after = s % kept, (s + 1) % kept
        from_row, to_row = before * B * width + own_h, after * B * width + own_h
        from_cell, to_cell = (low_block * kept + before) * B * CELL, (low_block * kept + after) * B * CELL
        keep_states(own, t, rows_flat, from_row, to_row, width, units, 1, 0)
        keep_states(own, t, cells_flat, from_cell, to_cell, CELL, BLOCK, blocks, kept * B * CELL)
        low, high = next_run(start, stop, order, t, first, last)
        while low < high:
            # Nothing comes from a hidden state of zeros.
            depth = C + 1 if s == 0 and rest else K
            factor = Factor(rows_flat, (before * B + low) * width, width, 1, 1, 0, depth)
            together, z_step = max(1, TOGETHER // (high - low)), (T * B if saves else high - low) * PANEL
            for p in range(low_block, high_block, together):
                count = min(together, high_block - p)
                packed = Panels(panels_flat, p * K * PANEL, K * PANEL, PANEL, 0, count * PANEL)
                z = p * z_step + (s * B + low) * PANEL if saves else 0
                product(high - low, factor, packed, Place(gates_flat, z, PANEL, z_step, False))
                for q in range(p, p + count):
                    cell_forward(
                        gate,
                        state,
                        high - low,
                        gates_flat,
                        z + (q - p) * z_step,
                        cells_flat,
                        ((q * kept + before) * B + low) * CELL,
                        ((q * kept + after) * B + low) * CELL,
                        rows_flat,
                        (after * B + low) * width + C + 1 + q * BLOCK,
                        width,
                        peephole,
                        p_flat,
                        (p_first + q) * PEEPHOLES,
                    )
                    if saves:
                        # What the next step writes is far from this one's: the processor does not guess it.
                        for m in range(high - low):
                            gates_at = z + (q - p) * z_step + (B + m) * PANEL
                            prefetch(gates_flat, gates_at)
                            prefetch(gates_flat, gates_at + PANEL // 2)
                            prefetch(cells_flat, ((q * kept + after + 1) * B + low + m) * CELL)
            low, high = next_run(start, stop, order, t, high, last)
        if h.shape[0] > 0:
            leave_outputs(own, t, B, rows_flat, to_row, width, real, h_flat, h_place + low_unit, h_width)
        if low_block == 0 and s + 1 < T:
            t = T - 2 - s if d else s + 1
            enter_inputs(own, x_flat, t, B, C, rows_flat, after * B * width, width)
        meet(meeting, place, parties)
    end = T % kept
    leave_states(own, rows_flat, end * B * width + own_h, width, real, hT, h_place + low_unit)
    for p in range(low_block, high_block):
        u, cell = p * BLOCK, (p * kept + end) * B * CELL
        leave_states(own, cells_flat, cell, CELL, min(BLOCK, H - u), cT, h_place + u)
