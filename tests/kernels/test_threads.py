"""Threads do each share once, however long they were idle, touch nothing that is gone, and can meet.

Neither a signal nor a fork finds them in the middle of it.
"""

import os
import signal
import subprocess
import sys
import threading
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


class RangError(Exception):
    """The alarm's."""


@pytest.mark.skipif(sys.platform == "win32", reason="needs an interval timer")
@pytest.mark.parametrize("count", [2, 3])
def test_an_interrupt_leaves_no_call_half_done(count, set_any_threads):
    """Neither of a kernel whose threads meet nor of one whose arrays would be gone."""
    set_any_threads(count)
    misread_numbers(1, count, 1)
    random = np.random.default_rng(count)

    def ring(number, frame):
        raise RangError

    before = signal.signal(signal.SIGALRM, ring)
    try:
        for _ in range(150):
            try:
                signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0003, 0.003))
                while True:
                    a = np.zeros(20_000)
                    run(COUNT_UP, (a, 1), equal_shares(len(a)))
                    misread_numbers(1, count, 20)
            except RangError:
                a = np.zeros(1001)
                run(COUNT_UP, (a, 1), equal_shares(len(a)))
                assert (a == 1).all()
                assert misread_numbers(1, count, 20) == [0] * count
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_of_a_process_that_computes_computes_itself(set_any_threads):
    set_any_threads(2)
    ended = threading.Event()

    def compute():
        while not ended.is_set():
            run(COUNT_UP, (np.zeros(200_000), 1), equal_shares(200_000))

    computing = threading.Thread(target=compute)
    computing.start()
    try:
        for _ in range(5):
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                a = np.zeros(1001)
                run(COUNT_UP, (a, 1), equal_shares(len(a)))
                os._exit(0 if (a == 1).all() else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        ended.set()
        computing.join()


def test_arrays_of_another_byte_order_are_refused(threads):
    with pytest.raises(ValueError, match="the machine's own numbers"):
        run(COUNT_UP, (np.zeros(10, ">f4"), 1), equal_shares(10))


END = """
import time
import numpy as np
from lstmcli import thread_count
from lstmcli.kernels import threads
from lstmcli.kernels.dropout import dropout

thread_count._threads[:] = [3]
for _ in range(30):
    dropout(np.ones(200_000, np.float32), 0.5, np.uint64(1))
size = threads._TEAMS[-1].board.size
threads._TEAMS.clear()
other = [np.full(size, 7) for _ in range(200)]
time.sleep(0.02)
"""


def test_workers_outlive_what_the_end_of_a_program_throws_away():
    """They look at the board for a while after the last call, when modules may be gone already."""
    done = subprocess.run([sys.executable, "-c", END], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
