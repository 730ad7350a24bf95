"""Pixels taken from the places that a table has, and added there; see `padding`."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import add_row, copy_row, fill_row
from lstmcli.kernels.compiled.views import flat
from lstmcli.kernels.padding import EXCLUDE_EDGE, REPLICATE, VALUE


@jit
def places(first, start, stop, edges, table, begin, end):  # type: ignore[no-untyped-def]
    """Rows begin ... end-1 of table[row, b]: which pixel, numbered step by step, stands in the place of step
    first[b] + row of sequence b, whose own steps are start[b] ... stop[b]-1; -1 for the value.
    """
    B = len(first)
    for row in range(begin, end):
        for b in range(B):
            low, high, step = start[b], stop[b], row + first[b]
            if step < low or step >= high:
                if edges == VALUE or high <= low:
                    step = -1
                elif edges == REPLICATE:
                    step = low if step < low else high - 1
                else:
                    once = 1 if edges == EXCLUDE_EDGE else 0
                    period = max(2 * (high - low - once), 1)
                    turn = (step - low) % period
                    step = low + min(turn, period - turn - 1 + once)
            table[row * B + b] = step * B + b if step >= 0 else -1


@jit
def gather(x, table, value, y, first, last):  # type: ignore[no-untyped-def]
    """Pixels first ... last-1 of all of y[n, R, C]: number r of image i is x[i, table[r]], or the value where
    the table has -1.
    """
    (_, R, C), P = y.shape, x.shape[1]
    source, target, k = flat(x), flat(y), first
    while k < last:
        i, r = k // R, k % R
        end, place, count = min(R, r + last - k), table[r], 1
        if place < 0:
            while r + count < end and table[r + count] < 0:
                count += 1
            fill_row(target, k * C, count * C, value)
        else:
            while r + count < end and table[r + count] == place + count:
                count += 1
            copy_row(source, (i * P + place) * C, target, k * C, count * C)
        k += count


@jit
def scatter_add(y, table, lanes, x, first, last):  # type: ignore[no-untyped-def]
    """x[i, p] = sum of y[i, r] over all r with table[r] = p, for y[n, R, C].

    Unit u is every lanes-th pixel of image u // lanes, from u % lanes on: no other is in its sums.
    """
    (_, R, C), P = y.shape, x.shape[1]
    source, target = flat(y), flat(x)
    for i in range(first // lanes, -(-last // lanes)):
        begin, end = max(first - i * lanes, 0), min(last - i * lanes, lanes)
        for p in range(begin, P, lanes):
            fill_row(target, (i * P + p) * C, (end - begin) * C, 0)
        for row in range(0, R, lanes):
            for r in range(row + begin, row + end):
                if table[r] >= 0:
                    add_row(source, (i * R + r) * C, target, (i * P + table[r]) * C, C)
