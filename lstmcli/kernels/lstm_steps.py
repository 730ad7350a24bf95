"""All steps of some observations of an LSTM, forward and backward: what one thread does.

Steps are kept in running order s = 0 ... T-1, in which step t is s, or T-1-s in reverse; observations are
kept in an `order` that puts those of a step beside one another. See `lstm.Saved` for the arrays; h and c are
padded to whole blocks of 8 hidden units. Where no backward pass follows, rows and cells hold two steps, the
one before and the one after, in turn, and gates WIDE panels of one.
"""

from lstmcli.kernels import jit
from lstmcli.kernels.layout import BLOCK, PANEL
from lstmcli.kernels.lstm_cell import CELL, cell_backward, cell_forward
from lstmcli.kernels.product import product
from lstmcli.kernels.rows import add_row, copy_row, fill_row
from lstmcli.kernels.threads import divided
from lstmcli.kernels.vectors import WIDE


@divided
@jit
def forward_part(  # type: ignore[no-untyped-def]
    x, start, stop, order, gate, state, reverse, panels, rows, gates, cells, h, hT, cT, first, last
):
    """Observations order[first ... last-1]; hT and cT hold the states before step 0, then the last states.

    h : [T, B, H], or [0, B, H] if only the last states are wanted
    """
    (T, B, C), H, (blocks, K, _), (kept, _, width) = x.shape, h.shape[2], panels.shape, rows.shape
    places, slots, gates_step = gates.shape[0], gates.shape[1], gates.shape[1] * B * PANEL
    x_flat, h_flat, panels_flat = x.reshape(-1), h.reshape(-1), panels.reshape(-1)
    rows_flat, gates_flat, cells_flat = rows.reshape(-1), gates.reshape(-1), cells.reshape(-1)
    for m in range(first, last):
        n = order[m]
        for u in range(blocks * BLOCK):
            rows[0, m, C + 1 + u] = hT[n, u] if u < H else 0
            cells[u // BLOCK, 0, m, u % BLOCK] = cT[n, u] if u < H else 0
    for s in range(T):
        t = T - 1 - s if reverse else s
        before, after = s % kept, (s + 1) % kept
        for m in range(first, last):
            n, row = order[m], (before * B + m) * width
            if start[n] <= t < stop[n]:
                copy_row(x_flat, (t * B + n) * C, rows_flat, row, C)
                rows_flat[row + C] = 1
            else:
                fill_row(rows_flat, row, C + 1, 0)
                copy_row(rows_flat, row + C + 1, rows_flat, (after * B + m) * width + C + 1, width - C - 1)
                for p in range(blocks):
                    cell = (p * kept * B + m) * CELL
                    copy_row(cells_flat, cell + before * B * CELL, cells_flat, cell + after * B * CELL, BLOCK)
        low, high = _run(start, stop, order, t, first, last)
        while low < high:
            row_at = (before * B + low) * width
            together = WIDE if high - low == 1 else 1
            for p in range(0, blocks, together):
                count, gates_at = (
                    min(together, blocks - p),
                    p % places * gates_step + (s % slots * B + low) * PANEL,
                )
                product(
                    high - low,
                    rows_flat,
                    row_at,
                    width,
                    1,
                    1,
                    0,
                    K,
                    panels_flat,
                    p * K * PANEL,
                    K * PANEL,
                    count,
                    gates_flat,
                    gates_at,
                    PANEL,
                    gates_step,
                )
                for q in range(p, p + count):
                    cell_forward(
                        gate,
                        state,
                        high - low,
                        gates_flat,
                        gates_at + (q - p) * gates_step,
                        cells_flat,
                        ((q * kept + before) * B + low) * CELL,
                        ((q * kept + after) * B + low) * CELL,
                        rows_flat,
                        (after * B + low) * width + C + 1 + q * BLOCK,
                        width,
                    )
            low, high = _run(start, stop, order, t, high, last)
        if h.shape[0] > 0:
            for m in range(first, last):
                n = order[m]
                if start[n] <= t < stop[n]:
                    copy_row(rows_flat, (after * B + m) * width + C + 1, h_flat, (t * B + n) * H, H)
                else:
                    fill_row(h_flat, (t * B + n) * H, H, 0)
    end = T % kept
    for m in range(first, last):
        n = order[m]
        for u in range(H):
            hT[n, u] = rows[end, m, C + 1 + u]
            cT[n, u] = cells[u // BLOCK, end, m, u % BLOCK]


@divided
@jit
def backward_part(  # type: ignore[no-untyped-def]
    dh,
    start,
    stop,
    order,
    gate,
    state,
    reverse,
    panels,
    gates,
    cells,
    tile,
    dc,
    dx,
    dh0,
    dc0,
    states,
    first,
    last,
):
    """Observations order[first ... last-1]; gates become their gradients.

    tile : [P, B, 32], gradients of one step: h, and x if it is needed; dc : [nb, B, 8], of the cell
    dh0 and dc0 hold the last states' gradients, then the first states', if `states` says so
    """
    (blocks, T, B, _), (H, C), Hp = gates.shape, (dh0.shape[1], dx.shape[2]), gates.shape[0] * BLOCK
    panels_flat, gates_flat, cells_flat = panels.reshape(-1), gates.reshape(-1), cells.reshape(-1)
    tile_flat, dc_flat, dh_flat = tile.reshape(-1), dc.reshape(-1), dh.reshape(-1)
    for m in range(first, last):
        n = order[m]
        for p in range(tile.shape[0]):
            fill_row(tile_flat, (p * B + m) * PANEL, PANEL, 0)
        for u in range(Hp):
            tile[u // PANEL, m, u % PANEL] = dh0[n, u] if u < H else 0
            dc[u // BLOCK, m, u % BLOCK] = dc0[n, u] if u < H else 0
    for s in range(T - 1, -1, -1):
        t = T - 1 - s if reverse else s
        for m in range(first, last):
            n = order[m]
            if not start[n] <= t < stop[n]:
                for p in range(blocks):
                    fill_row(gates_flat, ((p * T + s) * B + m) * PANEL, PANEL, 0)
            elif dh.shape[0] > 0:
                for u in range(0, H, PANEL):
                    add_row(
                        dh_flat,
                        (t * B + n) * H + u,
                        tile_flat,
                        (u // PANEL * B + m) * PANEL,
                        min(PANEL, H - u),
                    )
        low, high = _run(start, stop, order, t, first, last)
        while low < high:
            for p in range(blocks):
                before = ((p * (T + 1) + s) * B + low) * CELL
                cell_backward(
                    gate,
                    state,
                    high - low,
                    gates_flat,
                    ((p * T + s) * B + low) * PANEL,
                    cells_flat,
                    before,
                    before + B * CELL,
                    tile_flat,
                    (p * BLOCK // PANEL * B + low) * PANEL + p * BLOCK % PANEL,
                    dc_flat,
                    (p * B + low) * BLOCK,
                )
            if s > 0 or states or dx.shape[0] > 0:
                product(
                    high - low,
                    gates_flat,
                    (s * B + low) * PANEL,
                    PANEL,
                    1,
                    blocks,
                    T * B * PANEL,
                    PANEL,
                    panels_flat,
                    0,
                    blocks * PANEL * PANEL,
                    panels.shape[0],
                    tile_flat,
                    low * PANEL,
                    PANEL,
                    B * PANEL,
                )
            low, high = _run(start, stop, order, t, high, last)
        if dx.shape[0] > 0:
            for m in range(first, last):
                n = order[m]
                runs = start[n] <= t < stop[n]
                for k in range(C):
                    column = Hp + k
                    dx[t, n, k] = tile[column // PANEL, m, column % PANEL] if runs else 0
    if states:
        for m in range(first, last):
            n = order[m]
            for u in range(H):
                dh0[n, u] = tile[u // PANEL, m, u % PANEL]
                dc0[n, u] = dc[u // BLOCK, m, u % BLOCK]


@jit
def _run(start, stop, order, t, first, last):  # type: ignore[no-untyped-def]
    """The next observations beside one another, from `first` on, for which step t counts."""
    low = first
    while low < last and not start[order[low]] <= t < stop[order[low]]:
        low += 1
    high = low
    while high < last and start[order[high]] <= t < stop[order[high]]:
        high += 1
    return low, high
