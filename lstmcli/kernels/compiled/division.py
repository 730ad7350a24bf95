"""How the work of a recurrent layer is divided over threads; see `division`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.division import DIRECTION, FEW, FIRST, HIGH, LARGE, LAST, LOW, PARTIES, PLACE
from lstmcli.kernels.layout import PANEL


@jit
def divide(  # type: ignore[no-untyped-def]
    start, stop, order, directions, blocks, depth, grain, threads, work, items, shares, counts, _first, _last
):
    """Fill items and shares, and `counts` with how many items and edges of shares there are.

    work : int64[B + 1], where the steps of observations are summed
    """
    observations, each, units = order.size, max(1, threads // directions), -(-blocks // grain)
    groups, parties = max(1, min(observations // FEW, each)), 1
    if blocks * depth * PANEL >= LARGE:
        parties = min(each // groups, units)
    work[0] = 0
    for m in range(observations):
        work[m + 1] = work[m] + stop[order[m]] - start[order[m]] + 1
    whole = work[observations]
    n = 0
    if parties > 1:
        for d in range(directions):
            for g in range(groups):
                first, last = _place(work, whole * g // groups), _place(work, whole * (g + 1) // groups)
                for p in range(parties):
                    low = units * p // parties * grain
                    high = min(blocks, units * (p + 1) // parties * grain)
                    _fill(items, n, d, first, last, low, high, 1 + d * groups + g, parties)
                    shares[n] = n
                    n += 1
        shares[n] = n
        counts[0], counts[1] = n, n + 1
        return
    # The observations of all directions in a row, cut for the threads, and again where a direction begins.
    count = max(1, min(threads, directions * observations))
    shares[0] = 0
    for k in range(count):
        low, high = directions * whole * k // count, directions * whole * (k + 1) // count
        for d in range(directions):
            first, last = _place(work, low - d * whole), _place(work, high - d * whole)
            if first < last:
                _fill(items, n, d, first, last, 0, blocks, 1 + n, 1)
                n += 1
        shares[k + 1] = n
    counts[0], counts[1] = n, count + 1


@jit
def _fill(items, n, direction, first, last, low, high, place, parties):  # type: ignore[no-untyped-def]
    items[n, DIRECTION], items[n, FIRST], items[n, LAST] = direction, first, last
    items[n, LOW], items[n, HIGH], items[n, PLACE], items[n, PARTIES] = low, high, place, parties


@jit
def _place(work, value):  # type: ignore[no-untyped-def]
    """The first place up to which there is as much work, or the last place."""
    place = 0
    while place < work.size - 1 and work[place] < value:
        place += 1
    return place


@jit
def next_run(start, stop, order, t, first, last):  # type: ignore[no-untyped-def]
    """The next observations beside one another, from `first` on, for which step t counts."""
    low = first
    while low < last and not start[order[low]] <= t < stop[order[low]]:
        low += 1
    high = low
    while high < last and start[order[high]] <= t < stop[order[high]]:
        high += 1
    return low, high
