"""All steps of a GRU backward: what one thread does. Steps and arrays are those of `gru_forward`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.division import next_run
from lstmcli.kernels.compiled.gru_cell import candidate_backward, reset_backward
from lstmcli.kernels.compiled.gru_packing import pack_transposed
from lstmcli.kernels.compiled.product import Factor, Panels, Place, product
from lstmcli.kernels.compiled.recurrent_gradients import add_outputs, enter_last, leave_first
from lstmcli.kernels.compiled.recurrent_rows import Observations, skip_rows
from lstmcli.kernels.compiled.rows import fill_row
from lstmcli.kernels.compiled.team import meet
from lstmcli.kernels.compiled.views import flat, prefetch
from lstmcli.kernels.division import FIRST, HIGH, LAST, LOW, PARTIES, PLACE
from lstmcli.kernels.layout import HALF, PANEL, UNITS


@jit
def backward_part(  # type: ignore[no-untyped-def]
    dh,
    start,
    stop,
    order,
    gate,
    state,
    resets_state,
    R,
    panels,
    rows,
    gates,
    tile,
    dreset,
    dh0,
    states,
    items,
    meeting,
    threads,
    first_item,
    last_item,
):
    """Some items of a division; gates become their gradients.

    dh : [T, B, H], or [0, B, H] for zeros
    tile : [P, B, 32], gradients of h of one step; dreset : the same, of the h that is reset
    dh0 holds the last states' gradients, then the first states', if `states` says so
    """
    count, nb = len(panels), -(-R.shape[1] // UNITS)
    low, high = count * first_item // len(items), count * last_item // len(items)
    pack_transposed(R, panels, nb, False, low, high)
    meet(meeting, 0, threads)
    for item in range(first_item, last_item):
        how, arrays = (gate, state, resets_state, states), (panels, rows, gates, tile, dreset)
        _run_item(dh, start, stop, order, how, arrays, dh0, items[item], meeting)


@jit
def _run_item(dh, start, stop, order, how, arrays, dh0, item, meeting):  # type: ignore[no-untyped-def]
    gate, state, resets_state, states = how
    all_panels, rows, all_gates, tile, dreset = arrays
    first, last, low, high = item[FIRST], item[LAST], item[LOW], item[HIGH]
    place, parties = item[PLACE], item[PARTIES]
    (_, T, B, _), H, width = all_gates.shape, dh0.shape[1], rows.shape[2]
    panels, rows_flat, gates = flat(all_panels), flat(rows), flat(all_gates)
    dh_flat, tile_flat, dreset_flat = flat(dh), flat(tile), flat(dreset)
    nb, step = -(-H // UNITS), T * B * PANEL
    pairs = -(-nb // 2)
    # Panels of n come first, then those of r z, then those of the product that is reset.
    rz, products = pairs * step, (pairs + nb) * step
    depth, unit, padded = (nb + pairs) * PANEL * PANEL, low * UNITS, high * UNITS
    real, h_at = min(padded, H), width - nb * UNITS

    own = Observations(start, stop, order, first, last)
    enter_last(own, dh0, 0, unit, real, padded, tile)
    for t in range(T - 1, -1, -1):
        row = t * B * PANEL
        first_pair, own_pairs = low // 2 * step, -(-high // 2) - low // 2
        skip_rows(own, t, gates, row + first_pair, PANEL, PANEL, own_pairs, step)
        skip_rows(own, t, gates, row + rz + low * step, PANEL, PANEL, high - low, step)
        if not resets_state:
            skip_rows(own, t, gates, row + products + first_pair, PANEL, PANEL, own_pairs, step)
        if dh.shape[0] > 0:
            add_outputs(own, dh_flat, t, B, 0, H, unit, real, tile_flat)
        one, end = next_run(start, stop, order, t, first, last)
        while one < end:
            row, h = (t * B + one) * PANEL, (t * B + one) * width + h_at
            for p in range(low, high):
                pair, rz_at = row + p // 2 * step + p % 2 * HALF, row + rz + p * step
                candidate_backward(
                    gate,
                    state,
                    resets_state,
                    end - one,
                    gates,
                    rz_at,
                    pair,
                    pair + products,
                    rows_flat,
                    h + p * UNITS,
                    width,
                    tile_flat,
                    (p // 2 * B + one) * PANEL + p % 2 * HALF,
                )
                for m in range(end - one):
                    if p + 1 == nb and p % 2 == 0:
                        # The half of a panel that belongs to no block is multiplied by zeros.
                        fill_row(gates, pair + HALF + m * PANEL, HALF, 0)
                        if not resets_state:
                            fill_row(gates, pair + products + HALF + m * PANEL, HALF, 0)
                    # What the next step reads is far from this one's: the processor does not guess it.
                    for at in (rz_at, rz_at + HALF, pair, pair + products):
                        prefetch(gates, at + (m - B) * PANEL)
            one, end = next_run(start, stop, order, t, end, last)
        meet(meeting, place, parties)
        if resets_state:
            one, end = next_run(start, stop, order, t, first, last)
            while one < end:
                row, h = (t * B + one) * PANEL, (t * B + one) * width + h_at
                da = Factor(gates, row, PANEL, 1, pairs, step, PANEL)
                packed = Panels(panels, nb * PANEL * PANEL, depth, PANEL, unit, padded)
                product(end - one, da, packed, Place(dreset_flat, one * PANEL, PANEL, B * PANEL, False))
                for p in range(low, high):
                    reset_backward(
                        gate,
                        end - one,
                        gates,
                        row + rz + p * step,
                        rows_flat,
                        h + p * UNITS,
                        width,
                        dreset_flat,
                        tile_flat,
                        (p // 2 * B + one) * PANEL + p % 2 * HALF,
                    )
                one, end = next_run(start, stop, order, t, end, last)
            meet(meeting, place, parties)
        if t > 0 or states:
            one, end = next_run(start, stop, order, t, first, last)
            while one < end:
                terms = nb if resets_state else nb + pairs
                dz = Factor(gates, (t * B + one) * PANEL + rz, PANEL, 1, terms, step, PANEL)
                packed = Panels(panels, 0, depth, PANEL, unit, padded)
                product(end - one, dz, packed, Place(tile_flat, one * PANEL, PANEL, B * PANEL, True))
                one, end = next_run(start, stop, order, t, end, last)
    if states:
        leave_first(own, tile, 0, unit, real, dh0)
