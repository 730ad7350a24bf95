"""Whether rows follow one another as steps of a sequence do: times that go back, a sequence in each row."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lstmcli.data.layout import IN_ROWS
from lstmcli.data.times import moments
from lstmcli.records import Sequences
from lstmcli.survey.values import EVIDENCE, steps_inside

SEEN = 2000
"""Rows that are compared, at most."""
CLOSER = 2.0
"""Times as much as along a row values must differ from row to row, if a row is a sequence; and"""
APART = 1.5
"""times as much as from their mean, where rows that have nothing to do with one another differ twice as much
(all in mean squares).
"""

_COUNT = re.compile(r"(.*?)(\d+)", re.ASCII)


class Backward(NamedTuple):
    """A step whose time is before that of the step before it, both as texts, in the same sequence."""

    step: int
    before: str
    time: str


def backward_steps(sequences: Sequences) -> list[Backward]:
    """Where time goes back; nowhere if times are neither numbers nor ISO dates."""
    times = sequences.times
    found = None if times is None else moments(times)
    if times is None or found is None:
        return []
    back = np.flatnonzero((found[1:] < found[:-1]) & steps_inside(sequences)) + 1
    return [Backward(step, times[step - 1], times[step]) for step in back.tolist()]


def changes_with(sequences: Sequences, steps: Sequence[int]) -> str | None:
    """The channel of a single sequence that changes at each of these steps and at no other, if one does."""
    changes = sequences.values[1:] != sequences.values[:-1]
    wanted = np.isin(np.arange(1, len(changes) + 1), steps)
    # Where time goes back all the while, so may anything.
    if len(sequences) > 1 or 2 * len(steps) > len(changes):
        return None
    columns = zip(sequences.channels or (), changes.T, strict=True)
    return next((name for name, column in columns if (column == wanted).all()), None)


def sequence_in_a_row(sequences: Sequences) -> tuple[str, ...]:
    """The channels that look like the steps of one sequence in each row; none if they do not.

    Their names count up, values differ less along a row than from row to row, and a row is not like the one
    before it, as it is where sensors are measured again and again.
    """
    names = sequences.channels or ()
    first, stop = _longest_count(names)
    x = sequences.values[:SEEN, first:stop].astype(np.float64)
    if stop - first < IN_ROWS or len(x) < EVIDENCE:
        return ()
    along, down = (float(np.median(np.square(np.diff(x, axis=axis)).mean(axis=0))) for axis in (1, 0))
    is_wide = down > CLOSER * along and down > APART * float(np.median(x.var(axis=0)))
    return names[first:stop] if is_wide else ()


def _longest_count(names: Sequence[str]) -> tuple[int, int]:
    """Where the longest run of names that count up, such as `t_1`, `t_2`, ..., begins, and where it ends."""
    longest, first = (0, 0), 0
    parts = [_COUNT.fullmatch(name) for name in names]
    for k, (part, after) in enumerate(pairwise([*parts, None])):
        if part and after and part[1] == after[1] and int(part[2]) + 1 == int(after[2]):
            continue
        longest, first = max(longest, (first, k + 1), key=lambda run: run[1] - run[0]), k + 1
    return longest
