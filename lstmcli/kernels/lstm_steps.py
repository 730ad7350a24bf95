"""All steps of some observations of an LSTM, forward and backward: what one thread does.

Steps are kept in running order s = 0 ... T-1, in which step t is s, or T-1-s in reverse. See `lstm.Saved`
for the arrays; h and c are padded by zeros to whole blocks of 16 hidden units. Where no backward pass
follows, rows and cells hold two steps, the one before and the one after, in turn.
"""

import numpy as np

from lstmcli.kernels import jit
from lstmcli.kernels.lstm_cell import CELL, STATE, cell_backward, cell_forward
from lstmcli.kernels.product import BLOCK, PANEL, product


@jit
def forward_part(  # type: ignore[no-untyped-def]
    x, start, stop, gate, state, reverse, panels, rows, cells, h, hT, cT, first, last
):
    """Observations first ... last-1; hT and cT hold the states before step 0, then the last states."""
    (T, B, C), H, (blocks, K, _), kept = x.shape, h.shape[2], panels.shape, rows.shape[0]
    Hp = blocks * BLOCK
    z = np.empty((last - first) * PANEL, x.dtype)
    panels_flat, rows_flat, cells_flat = panels.reshape(-1), rows.reshape(-1), cells.reshape(-1)
    for n in range(first, last):
        for u in range(Hp):
            rows[0, n, u] = hT[n, u] if u < H else 0
            cells[u // BLOCK, 0, n, STATE + u % BLOCK] = cT[n, u] if u < H else 0
    for s in range(T):
        t = T - 1 - s if reverse else s
        before, after = s % kept, (s + 1) % kept
        low, high = _running(start, stop, t, first, last)
        for n in range(first, last):
            runs = start[n] <= t < stop[n]
            for k in range(C):
                rows[before, n, Hp + k] = x[t, n, k] if runs else 0
            rows[before, n, K - 1] = 1
            if not runs:
                for u in range(Hp):
                    rows[after, n, u] = rows[before, n, u]
                    p, v = u // BLOCK, STATE + u % BLOCK
                    cells[p, after, n, v] = cells[p, before, n, v]
        for p in range(blocks):
            z[: (high - low) * PANEL] = 0
            row_at = (before * B + low) * K
            product(high - low, rows_flat, row_at, K, 1, panels_flat, p * K * PANEL, z, 0, K)
            for n in range(low, high):
                if start[n] <= t < stop[n]:
                    from_at = ((p * kept + before) * B + n) * CELL
                    to_at = ((p * kept + after) * B + n) * CELL
                    h_at = (after * B + n) * K + p * BLOCK
                    z_at = (n - low) * PANEL
                    cell_forward(gate, state, z, z_at, cells_flat, from_at, to_at, rows_flat, h_at)
        for n in range(first, last):
            runs = start[n] <= t < stop[n]
            for u in range(H):
                h[t, n, u] = rows[after, n, u] if runs else 0
    end = T % kept
    for n in range(first, last):
        for u in range(H):
            hT[n, u] = rows[end, n, u]
            cT[n, u] = cells[u // BLOCK, end, n, STATE + u % BLOCK]


@jit
def backward_part(  # type: ignore[no-untyped-def]
    start, stop, gate, state, reverse, panels, cells, dh, dx, dz, dh0, dc0, first, last
):
    """Observations first ... last-1; dh0 and dc0 hold the last states' gradients, then the first states'."""
    (blocks, steps, B, _), (H, C) = cells.shape, (dh0.shape[1], dx.shape[2])
    T, M, Hp = steps - 1, last - first, blocks * BLOCK
    # Gradients of one step: h, and x if it is needed, in panels of 64 columns; and c.
    tile = np.zeros((panels.shape[0], M, PANEL), cells.dtype)
    dc = np.zeros((M, Hp), cells.dtype)
    panels_flat, cells_flat, dz_flat = panels.reshape(-1), cells.reshape(-1), dz.reshape(-1)
    tile_flat, dc_flat = tile.reshape(-1), dc.reshape(-1)
    for m in range(M):
        for u in range(H):
            tile[u // PANEL, m, u % PANEL] = dh0[first + m, u]
            dc[m, u] = dc0[first + m, u]
    for s in range(T - 1, -1, -1):
        t = T - 1 - s if reverse else s
        low, high = _running(start, stop, t, first, last)
        for n in range(first, last):
            m = n - first
            runs = start[n] <= t < stop[n]
            if runs and dh.shape[0] > 0:
                for u in range(H):
                    tile[u // PANEL, m, u % PANEL] += dh[t, n, u]
            for p in range(blocks):
                if runs:
                    before, dz_at = ((p * steps + s) * B + n) * CELL, ((p * T + s) * B + n) * PANEL
                    now, dh_at = before + B * CELL, (p // 4 * M + m) * PANEL + p % 4 * BLOCK
                    dc_at = m * Hp + p * BLOCK
                    cell_backward(
                        gate, state, cells_flat, before, now, tile_flat, dh_at, dc_flat, dc_at, dz_flat, dz_at
                    )
                else:
                    for k in range(PANEL):
                        dz[p, s * B + n, k] = 0
            if runs:
                for j in range(panels.shape[0]):
                    for k in range(PANEL):
                        tile[j, m, k] = 0
        for j in range(panels.shape[0]):
            for p in range(blocks):
                dz_at, panel_at = ((p * T + s) * B + low) * PANEL, (j * blocks + p) * PANEL * PANEL
                tile_at = (j * M + low - first) * PANEL
                product(
                    high - low, dz_flat, dz_at, PANEL, 1, panels_flat, panel_at, tile_flat, tile_at, PANEL
                )
        if dx.shape[0] > 0:
            for n in range(first, last):
                runs = start[n] <= t < stop[n]
                for k in range(C):
                    column = Hp + k
                    dx[t, n, k] = tile[column // PANEL, n - first, column % PANEL] if runs else 0
    for m in range(M):
        for u in range(H):
            dh0[first + m, u] = tile[u // PANEL, m, u % PANEL]
            dc0[first + m, u] = dc[m, u]


@jit
def _running(start, stop, t, first, last):  # type: ignore[no-untyped-def]
    """From the first to behind the last of some observations for which step t counts."""
    low, high = last, first
    for n in range(first, last):
        if start[n] <= t < stop[n]:
            low, high = min(low, n), n + 1
    return min(low, high), high
