"""All steps of an LSTM backward: what one thread does. Steps and arrays are those of `lstm_forward`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.division import next_run
from lstmcli.kernels.compiled.lstm_cell import cell_backward
from lstmcli.kernels.compiled.lstm_packing import pack_transposed
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.compiled.recurrent_gradients import add_outputs, enter_last, leave_first
from lstmcli.kernels.compiled.recurrent_rows import Observations, skip_rows
from lstmcli.kernels.compiled.rows import fill_row
from lstmcli.kernels.compiled.team import meet
from lstmcli.kernels.compiled.views import flat, prefetch
from lstmcli.kernels.division import DIRECTION, FIRST, HIGH, LAST, LOW, PARTIES, PLACE
from lstmcli.kernels.layout import BLOCK, CELL, HALF, PANEL, PEEPHOLES


@jit
def backward_part(  # type: ignore[no-untyped-def]
    dh,
    start,
    stop,
    order,
    gate,
    state,
    R,
    panels,
    peepholes,
    gates,
    cells,
    tile,
    dc,
    dh0,
    dc0,
    dpeepholes,
    states,
    items,
    meeting,
    threads,
    first_item,
    last_item,
):
    """Some items of a division; gates become their gradients dz.

    dh : [T, B, DH], or [0, B, DH] for zeros
    tile : [D, P, B, 32], gradients of h of one step; dc : [D, nb, B, 8], of c
    peepholes and dpeepholes are as `lstm.Saved` has them
    dh0 and dc0 hold the last states' gradients, then the first states', if `states` says so
    """
    count = panels.shape[0] * panels.shape[1]
    pack_transposed(R, panels, count * first_item // len(items), count * last_item // len(items))
    meet(meeting, 0, threads)
    for item in range(first_item, last_item):
        own = items[item]
        _run_item(
            dh,
            start,
            stop,
            order,
            gate,
            state,
            panels,
            peepholes,
            gates,
            cells,
            tile,
            dc,
            dh0,
            dc0,
            dpeepholes,
            states,
            own,
            meeting,
        )


@jit
def _run_item(  # type: ignore[no-untyped-def]
    dh,
    start,
    stop,
    order,
    gate,
    state,
    all_panels,
    peepholes,
    all_gates,
    all_cells,
    all_tiles,
    all_dc,
    dh0,
    dc0,
    dpeepholes,
    states,
    item,
    meeting,
):
    d, first, last = item[DIRECTION], item[FIRST], item[LAST]
    low_block, high_block, place, parties = item[LOW], item[HIGH], item[PLACE], item[PARTIES]
    panels, gates, cells, tile, dc = all_panels[d], all_gates[d], all_cells[d], all_tiles[d], all_dc[d]
    (blocks, T, B, _), width = gates.shape, dh0.shape[1]
    H = width // len(all_panels)
    panels_flat, gates_flat, cells_flat = flat(panels), flat(gates), flat(cells)
    tile_flat, dc_flat, dh_flat = flat(tile), flat(dc), flat(dh)
    peephole, p_flat, dp_flat = peepholes.ndim > 1, flat(peepholes), flat(dpeepholes)
    low, high, h_place = low_block * BLOCK, high_block * BLOCK, d * H
    real, padded = min(high, H), -(-high // HALF) * HALF
    own = Observations(start, stop, order, first, last)
    enter_last(own, dh0, h_place, low, real, padded, tile)
    for m in range(first, last):
        for u in range(low, high):
            dc[u // BLOCK, m, u % BLOCK] = dc0[order[m], h_place + u] if u < real else 0
    if peephole:
        for p in range(low_block, high_block):
            fill_row(dp_flat, ((d * blocks + p) * B + first) * PEEPHOLES, (last - first) * PEEPHOLES, 0)
    for s in range(T - 1, -1, -1):
        t = T - 1 - s if d else s
        z, panel_step = (low_block * T + s) * B * PANEL, T * B * PANEL
        skip_rows(own, t, gates_flat, z, PANEL, PANEL, high_block - low_block, panel_step)
        if dh.shape[0] > 0:
            add_outputs(own, dh_flat, t, B, h_place, width, low, real, tile_flat)
        one, end = next_run(start, stop, order, t, first, last)
        while one < end:
            for p in range(low_block, high_block):
                before = ((p * (T + 1) + s) * B + one) * CELL
                cell_backward(
                    gate,
                    state,
                    end - one,
                    gates_flat,
                    ((p * T + s) * B + one) * PANEL,
                    cells_flat,
                    before,
                    before + B * CELL,
                    tile_flat,
                    (p * BLOCK // PANEL * B + one) * PANEL + p * BLOCK % PANEL,
                    dc_flat,
                    (p * B + one) * BLOCK,
                    peephole,
                    p_flat,
                    (d * blocks + p) * PEEPHOLES,
                    dp_flat,
                    ((d * blocks + p) * B + one) * PEEPHOLES,
                )
                # What the next step reads is far from this one's: the processor does not guess it.
                for m in range(one, end):
                    gates_at = ((p * T + s - 1) * B + m) * PANEL
                    prefetch(gates_flat, gates_at)
                    prefetch(gates_flat, gates_at + PANEL // 2)
                    prefetch(cells_flat, before + (m - one - B) * CELL)
            one, end = next_run(start, stop, order, t, end, last)
        meet(meeting, place, parties)
        if s > 0 or states:
            one, end = next_run(start, stop, order, t, first, last)
            while one < end:
                dz = Factor(gates_flat, (s * B + one) * PANEL, PANEL, 1, blocks, T * B * PANEL, PANEL)
                packed = Panels(panels_flat, 0, blocks * PANEL * PANEL, PANEL, low, padded)
                product(end - one, dz, packed, Place(tile_flat, one * PANEL, PANEL, B * PANEL, False))
                one, end = next_run(start, stop, order, t, end, last)
    if states:
        leave_first(own, tile, h_place, low, real, dh0)
        for m in range(first, last):
            for u in range(low, real):
                dc0[order[m], h_place + u] = dc[u // BLOCK, m, u % BLOCK]
