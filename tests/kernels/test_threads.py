"""Threads do each share once, however long they were idle, touch nothing that is gone, and can meet."""

import time

import numpy as np
import pytest

from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.threads import equal_shares, meeting_places, run

COUNT_UP = Kernel("counting", "count_up", "kernels")
COUNT_IN_STEP = Kernel("counting", "count_in_step", "kernels")


@pytest.fixture(params=[1, 2, 3])
def threads(request, set_any_threads):
    set_any_threads(request.param)
    return request.param


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_share_is_done_once(threads, dtype):
    a = np.zeros(1001, dtype)
    for _ in range(2000):
        run(COUNT_UP, (a, 1), equal_shares(len(a)))
    assert (a == 2000).all()


def test_threads_that_slept_are_woken(threads):
    a = np.zeros(100)
    for pause in (0, 0.001, 0.003, 0.01, 0.1, 0):
        time.sleep(pause)
        run(COUNT_UP, (a, 1), equal_shares(len(a)))
    assert (a == 6).all()


def test_arrays_may_go_as_soon_as_a_call_returns(threads):
    for size in range(1, 3000):
        a = np.zeros(size)
        run(COUNT_UP, (a, 1), equal_shares(size))
        assert a.sum() == size
        del a


@pytest.mark.parametrize("step", [1, 0.5, True])
def test_arguments_of_other_kinds(threads, step):
    for dtype in (np.float32, np.float64, np.int64):
        a = np.zeros(10, dtype)
        run(COUNT_UP, (a, step), equal_shares(len(a)))
        assert (a == np.zeros(10, dtype) + dtype(step)).all()


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_shares_are_equal_and_no_more_than_there_is(threads, count):
    edges = equal_shares(count)
    assert edges[0] == 0
    assert edges[-1] == count
    assert len(edges) - 1 == max(1, min(count, threads))
    assert np.ptp(np.diff(edges)) <= 1
    assert equal_shares(count, worth=False).tolist() == [0, count]


def misread_numbers(groups, parties, rounds):
    """What each thread read wrong of the others' numbers."""
    threads, misread = groups * parties, np.zeros(groups * parties, np.int64)
    boards = np.full((2, threads), -1)
    run(COUNT_IN_STEP, (boards, rounds, meeting_places(groups), parties, misread), np.arange(threads + 1))
    return misread.tolist()


@pytest.mark.parametrize(("groups", "parties"), [(1, 1), (1, 2), (1, 3), (2, 2)])
def test_threads_that_meet_see_what_the_others_wrote(groups, parties, set_any_threads):
    set_any_threads(groups * parties)
    for _ in range(20):
        assert misread_numbers(groups, parties, 500) == [0] * groups * parties


@pytest.mark.parametrize("parties", [2, 3])
def test_threads_that_slept_meet(parties, set_any_threads):
    set_any_threads(parties)
    for pause in (0, 0.001, 0.003, 0.01, 0.1, 0):
        time.sleep(pause)
        assert misread_numbers(1, parties, 3) == [0] * parties
