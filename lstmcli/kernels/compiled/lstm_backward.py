"""All steps of an LSTM backward: what one thread does. Steps and arrays are those of `lstm_forward`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.division import next_run
from lstmcli.kernels.compiled.lstm_cell import cell_backward
from lstmcli.kernels.compiled.lstm_packing import pack_transposed
from lstmcli.kernels.compiled.product import STRIP, STRIP_OF_PANEL, Factor, Panels, Place, product
from lstmcli.kernels.compiled.rows import add_row, copy_row, fill_row
from lstmcli.kernels.compiled.team import meet
from lstmcli.kernels.compiled.views import flat, prefetch, scratch
from lstmcli.kernels.division import DIRECTION, FIRST, HIGH, LAST, LOW, PARTIES, PLACE
from lstmcli.kernels.layout import BLOCK, CELL, HALF, PANEL


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
    gates,
    cells,
    tile,
    dc,
    dh0,
    dc0,
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
            gates,
            cells,
            tile,
            dc,
            dh0,
            dc0,
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
    all_gates,
    all_cells,
    all_tiles,
    all_dc,
    dh0,
    dc0,
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
    low, high, h_place = low_block * BLOCK, high_block * BLOCK, d * H
    real, padded = min(high, H), -(-high // HALF) * HALF
    for m in range(first, last):
        n = order[m]
        for u in range(low, padded):
            tile[u // PANEL, m, u % PANEL] = dh0[n, h_place + u] if u < real else 0
        for u in range(low, high):
            dc[u // BLOCK, m, u % BLOCK] = dc0[n, h_place + u] if u < real else 0
    for s in range(T - 1, -1, -1):
        t = T - 1 - s if d else s
        for m in range(first, last):
            n = order[m]
            if not start[n] <= t < stop[n]:
                for p in range(low_block, high_block):
                    fill_row(gates_flat, ((p * T + s) * B + m) * PANEL, PANEL, 0)
            elif dh.shape[0] > 0:
                for u in range(low, real, HALF):
                    at = (u // PANEL * B + m) * PANEL + u % PANEL
                    add_row(dh_flat, (t * B + n) * width + h_place + u, tile_flat, at, min(HALF, real - u))
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
                own = Panels(panels_flat, 0, blocks * PANEL * PANEL, PANEL, low, padded)
                product(end - one, dz, own, Place(tile_flat, one * PANEL, PANEL, B * PANEL, False))
                one, end = next_run(start, stop, order, t, end, last)
    if states:
        for m in range(first, last):
            n = order[m]
            for u in range(low, real):
                dh0[n, h_place + u] = tile[u // PANEL, m, u % PANEL]
                dc0[n, h_place + u] = dc[u // BLOCK, m, u % BLOCK]


@jit
def input_part(gates, order, panels, dx, first, last):  # type: ignore[no-untyped-def]
    """dx[T, B, C] of steps first ... last-1 from the gradients dz of the gates, both directions' sum."""
    (D, blocks, T, B, _), C, P = gates.shape, dx.shape[2], panels.shape[1]
    panels_flat, gates_flat, dx_flat = flat(panels), flat(gates), flat(dx)
    panel, strip = blocks * PANEL * PANEL, scratch(dx, STRIP_OF_PANEL)
    for d in range(D):
        start, end = ((T - last) * B, (T - first) * B) if d else (first * B, last * B)
        for row in range(start, end, STRIP):
            rows, dz_at = min(STRIP, end - row), (d * blocks * T * B + row) * PANEL
            dz = Factor(gates_flat, dz_at, PANEL, 1, blocks, T * B * PANEL, PANEL)
            for p in range(P):
                count = min(PANEL, C - p * PANEL)
                own = Panels(panels_flat, (d * P + p) * panel, 0, PANEL, 0, -(-count // HALF) * HALF)
                product(rows, dz, own, Place(strip, 0, PANEL, 0, False))
                for r in range(rows):
                    s, m = (row + r) // B, (row + r) % B
                    dx_at = ((T - 1 - s if d else s) * B + order[m]) * C + p * PANEL
                    if d:
                        add_row(strip, r * PANEL, dx_flat, dx_at, count)
                    else:
                        copy_row(strip, r * PANEL, dx_flat, dx_at, count)
