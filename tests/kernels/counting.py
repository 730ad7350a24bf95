"""Kernels that count, for the tests of the threads."""

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.team import meet


@jit
def count_up(a, step, first, last):
    for k in range(first, last):
        a[k] += step


@jit
def count_in_step(boards, rounds, meeting, parties, misread, first, last):
    """Thread n writes the number of the round on one of two boards in turn, and reads its group's numbers."""
    for n in range(first, last):
        group = n // parties
        for r in range(rounds):
            boards[r % 2, n] = r
            meet(meeting, group, parties)
            for other in range(group * parties, (group + 1) * parties):
                misread[n] += boards[r % 2, other] != r
