"""Rows [x 1 h] of a recurrent layer on its way forward: what comes in, stays, and goes out.

Steps are kept in running order s = 0 ... T-1, in which step t is s, or T-1-s in a second direction, which
runs back; observations are kept in an `order` that puts those of a step beside one another. Arrays are flat;
their row m, of observation number m in that order, begins at `at` + m `step`.
"""

from typing import Any, NamedTuple

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.rows import copy_row, fill_row


class Observations(NamedTuple):
    """Those of an item: first ... last-1 in their order; and which steps of all observations count."""

    start: Any
    stop: Any
    order: Any
    first: int
    last: int


@jit(inline=True)
def counts(own, m, t):  # type: ignore[no-untyped-def]
    """Whether step t of observation number m does."""
    n = own.order[m]
    return own.start[n] <= t < own.stop[n]


@jit
def at_rest(own, states, place, H):  # type: ignore[no-untyped-def]
    """Whether the hidden states are zeros, from which nothing comes."""
    for m in range(own.first, own.last):
        for u in range(place, place + H):
            if states[own.order[m], u] != 0:
                return False
    return True


@jit
def enter_states(own, states, place, real, units, rows, at, step):  # type: ignore[no-untyped-def]
    """Units from `place` on of the states [B, DH], then zeros if fewer than `units` are real."""
    for m in range(own.first, own.last):
        for u in range(units):
            rows[at + m * step + u] = states[own.order[m], place + u] if u < real else 0


@jit
def enter_inputs(own, x, t, B, C, rows, at, step):  # type: ignore[no-untyped-def]
    """The input [T, B, C] of step t, and 1; or zeros where the step does not count."""
    for m in range(own.first, own.last):
        row = at + m * step
        if counts(own, m, t):
            copy_row(x, (t * B + own.order[m]) * C, rows, row, C)
            rows[row + C] = 1
        else:
            fill_row(rows, row, C + 1, 0)


@jit
def keep_states(own, t, rows, before, after, step, units, blocks, block_step):  # type: ignore[no-untyped-def]
    """Blocks of units where step t does not count, from rows that begin at `before` to those at `after`."""
    for m in range(own.first, own.last):
        if not counts(own, m, t):
            for p in range(blocks):
                at = p * block_step + m * step
                copy_row(rows, before + at, rows, after + at, units)


@jit
def skip_rows(own, t, rows, at, step, units, blocks, block_step):  # type: ignore[no-untyped-def]
    """Zeros in blocks of units where step t does not count."""
    for m in range(own.first, own.last):
        if not counts(own, m, t):
            for p in range(blocks):
                fill_row(rows, at + p * block_step + m * step, units, 0)


@jit
def leave_outputs(own, t, B, rows, at, step, units, h, place, width):  # type: ignore[no-untyped-def]
    """Units to the outputs [T, B, width] of step t, from `place` on; zeros where the step does not count."""
    for m in range(own.first, own.last):
        h_at = (t * B + own.order[m]) * width + place
        if counts(own, m, t):
            copy_row(rows, at + m * step, h, h_at, units)
        else:
            fill_row(h, h_at, units, 0)


@jit
def leave_states(own, rows, at, step, units, states, place):  # type: ignore[no-untyped-def]
    """Units to the last states [B, DH], from `place` on."""
    for m in range(own.first, own.last):
        for u in range(units):
            states[own.order[m], place + u] = rows[at + m * step + u]
