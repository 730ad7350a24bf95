"""Threads do each share once, however long they were idle, and touch nothing that is gone."""

import time

import numpy as np
import pytest

from lstmcli.kernels import jit, set_threads, thread_count
from lstmcli.kernels.threads import divided, equal_shares


@divided
@jit
def count_up(a, step, first, last):
    for k in range(first, last):
        a[k] += step


@pytest.fixture(params=[1, 2])
def threads(request):
    before = thread_count()
    yield set_threads(request.param)
    set_threads(before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_share_is_done_once(threads, dtype):
    a = np.zeros(1001, dtype)
    for _ in range(2000):
        count_up((a, 1), equal_shares(len(a)))
    assert (a == 2000).all()


def test_threads_that_slept_are_woken(threads):
    a = np.zeros(100)
    for pause in (0, 0.001, 0.003, 0.01, 0.1, 0):
        time.sleep(pause)
        count_up((a, 1), equal_shares(len(a)))
    assert (a == 6).all()


def test_arrays_may_go_as_soon_as_a_call_returns(threads):
    for size in range(1, 3000):
        a = np.zeros(size)
        count_up((a, 1), equal_shares(size))
        assert a.sum() == size
        del a


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_shares_are_equal_and_no_more_than_there_is(threads, count):
    edges = equal_shares(count)
    assert edges[0] == 0
    assert edges[-1] == count
    assert len(edges) - 1 == max(1, min(count, threads))
    assert np.ptp(np.diff(edges)) <= 1
    assert equal_shares(count, worth=False).tolist() == [0, count]
