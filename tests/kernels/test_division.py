"""The work of a recurrent layer is divided so that all is done once, evenly, and no thread waits for ever."""

import itertools
from typing import Any, NamedTuple

import numpy as np
import pytest

from lstmcli.kernels import division
from lstmcli.kernels.board import LINE
from lstmcli.kernels.compiled.division import next_run
from lstmcli.kernels.division import (
    DIRECTION,
    FIRST,
    HIGH,
    LARGE,
    LAST,
    LOW,
    PARTIES,
    PLACE,
    divide,
)
from lstmcli.kernels.layout import PANEL

STEPS = 9


class Case(NamedTuple):
    """blocks in groups of `grain`; lengths : of the observations in running order."""

    directions: int
    blocks: int
    grain: int
    lengths: Any
    items: Any
    shares: Any
    meeting: Any


def deep(blocks, large):
    """A depth of the product of a step for which it is just worth meeting, or just not."""
    return -(-LARGE // (blocks * PANEL)) - (not large)


@pytest.fixture(
    params=itertools.product(range(1, 6), (1, 2)), ids=lambda p: f"{p[0]} threads, {p[1]} directions"
)
def cases(request, monkeypatch):
    """Few and many observations of full length, of any length, of none, and one long one."""
    threads, directions = request.param
    monkeypatch.setattr(division, "thread_count", lambda: threads)
    rng, found = np.random.default_rng(threads), []
    sizes = itertools.product((1, 2, 3, 4, 7, 8, 17, 40), (1, 2, 5, 13), (1, 2), (False, True))
    for B, blocks, grain, large in sizes:
        for stop in (np.full(B, STEPS), rng.integers(0, STEPS + 1, B), np.zeros(B), 100 * np.eye(1, B)[0]):
            stop = stop.astype(np.int32)
            start = rng.integers(0, stop // 2 + 1).astype(np.int32)
            divided = divide(start, stop, directions, blocks, deep(blocks, large), grain)
            found.append(Case(directions, blocks, grain, (stop - start)[divided.order], *divided[1:]))
    return threads, found


def test_all_is_done_once(cases):
    threads, found = cases
    for case in found:
        done = np.zeros((case.directions, len(case.lengths), case.blocks), int)
        for item in case.items:
            done[item[DIRECTION], item[FIRST] : item[LAST], item[LOW] : item[HIGH]] += 1
        assert (done == 1).all()
        assert (case.items[:, LOW] % case.grain == 0).all()
        assert (case.shares[0], case.shares[-1]) == (0, len(case.items))
        assert (np.diff(case.shares) >= 0).all()
        assert len(case.shares) - 1 <= threads


def test_items_that_meet_have_threads_of_their_own_and_know_how_many_they_are(cases):
    _, found = cases
    for items, shares, meeting in (case[-3:] for case in found):
        share_of = np.repeat(np.arange(len(shares) - 1), np.diff(shares))
        # Place 0 is where all threads meet.
        assert items[:, PLACE].min() > 0
        assert (1 + items[:, PLACE].max()) * LINE < len(meeting)
        for place in np.unique(items[:, PLACE]):
            here = items[:, PLACE] == place
            assert (items[here, PARTIES] == here.sum()).all()
            assert (np.ptp(items[here][:, [DIRECTION, FIRST, LAST]], axis=0) == 0).all()
            if here.sum() > 1:
                assert np.isin(share_of, share_of[here]).sum() == len(set(share_of[here])) == here.sum()


def test_no_thread_does_more_than_its_part_and_an_observation(cases):
    threads, found = cases
    for case in (case for case in found if (case.items[:, PARTIES] == 1).all()):
        work = [(case.lengths[item[FIRST] : item[LAST]] + 1).sum() for item in case.items]
        each = [sum(work[low:high]) for low, high in itertools.pairwise(case.shares)]
        assert len(each) == min(threads, case.directions * len(case.lengths))
        assert max(each) <= np.ceil(sum(work) / len(each)) + case.lengths.max() + 1


@pytest.mark.parametrize(
    ("threads", "directions", "observations", "grain", "parts"),
    [
        (2, 1, 1, 1, [(0, 0, 1, 0, 7), (0, 0, 1, 7, 15)]),
        (3, 1, 3, 2, [(0, 0, 3, 0, 4), (0, 0, 3, 4, 10), (0, 0, 3, 10, 15)]),
        (4, 2, 1, 2, [(0, 0, 1, 0, 8), (0, 0, 1, 8, 15), (1, 0, 1, 0, 8), (1, 0, 1, 8, 15)]),
        (4, 1, 8, 1, [(0, 0, 4, 0, 7), (0, 0, 4, 7, 15), (0, 4, 8, 0, 7), (0, 4, 8, 7, 15)]),
        (5, 2, 1, 1, [(0, 0, 1, 0, 7), (0, 0, 1, 7, 15), (1, 0, 1, 0, 7), (1, 0, 1, 7, 15)]),
    ],
)
def test_few_observations_are_divided_by_hidden_units(
    threads, directions, observations, grain, parts, monkeypatch
):
    """parts : direction, observations, blocks of 15, if the product of a step is worth it."""
    monkeypatch.setattr(division, "thread_count", lambda: threads)
    start = np.zeros(observations, np.int32)

    def items(large):
        return divide(start, start + STEPS, directions, 15, deep(15, large), grain).items

    assert [tuple(item) for item in items(True)[:, : HIGH + 1]] == parts
    assert (items(False)[:, PARTIES] == 1).all()


@pytest.mark.parametrize("seed", range(20))
def test_runs_are_the_longest_of_observations_for_which_a_step_counts(seed):
    rng = np.random.default_rng(seed)
    B = int(rng.integers(1, 12))
    stop = rng.integers(0, STEPS + 1, B).astype(np.int32)
    start, order = rng.integers(0, stop + 1).astype(np.int32), rng.permutation(B)
    first, last = sorted(rng.integers(0, B + 1, 2))
    for t in range(STEPS):
        counts = [first <= m < last and start[order[m]] <= t < stop[order[m]] for m in range(B)]
        edges = np.flatnonzero(np.diff([0, *counts, 0])).reshape(-1, 2).tolist()
        found, (low, high) = [], next_run(start, stop, order, t, first, last)
        while low < high:
            found.append([low, high])
            low, high = next_run(start, stop, order, t, high, last)
        assert found == edges
