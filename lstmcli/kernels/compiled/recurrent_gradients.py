"""Gradients of a recurrent layer on their way backward: what comes in, stays, and goes out.

Steps, observations and gates [D, panels, T, B, 32] are kept as on the way forward. The gradients of one
step's h are a `tile` [P, B, 32], all units of a thread padded to whole halves of a panel.
"""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.product import STRIP, STRIP_OF_PANEL, Factor, Panels, Place, product
from lstmcli.kernels.compiled.recurrent_rows import counts
from lstmcli.kernels.compiled.rows import add_row, copy_row
from lstmcli.kernels.compiled.views import flat, scratch
from lstmcli.kernels.layout import HALF, PANEL


@jit
def enter_last(own, dhT, place, low, real, padded, tile):  # type: ignore[no-untyped-def]
    """Gradients [B, DH] of the last h of units low ... real-1, zeros up to `padded`."""
    for m in range(own.first, own.last):
        for u in range(low, padded):
            tile[u // PANEL, m, u % PANEL] = dhT[own.order[m], place + u] if u < real else 0


@jit
def leave_first(own, tile, place, low, real, dh0):  # type: ignore[no-untyped-def]
    """Gradients [B, DH] of the first h."""
    for m in range(own.first, own.last):
        for u in range(low, real):
            dh0[own.order[m], place + u] = tile[u // PANEL, m, u % PANEL]


@jit
def add_outputs(own, dh, t, B, place, width, low, real, tile):  # type: ignore[no-untyped-def]
    """Gradients of the outputs [T, B, width] of step t, where it counts; all flat."""
    for m in range(own.first, own.last):
        if counts(own, m, t):
            dh_at = (t * B + own.order[m]) * width + place
            for u in range(low, real, HALF):
                tile_at = (u // PANEL * B + m) * PANEL + u % PANEL
                add_row(dh, dh_at + u, tile, tile_at, min(HALF, real - u))


@jit
def input_part(gates, order, panels, dx, first, last):  # type: ignore[no-untyped-def]
    """dx[T, B, C] of steps first ... last-1 from the gradients dz of the gates, all directions' sum."""
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
