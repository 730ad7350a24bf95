"""Threads that each do a share of a kernel's work.

They are Python's threads that run compiled code without its lock. Between two kernels they look for the next
one without sleeping, for a millisecond, but offer their core to any other thread that wants it: a kernel
begins at once where the cores are free, and nothing is lost where they are not.
"""

import ctypes
import os
import sys
import threading
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.board import ASLEEP, CALLS, DONE, EDGES, FINISHED, FRAME, FUNCTION, LINE, SEEN, SHARES
from lstmcli.kernels.kernel import LOCK, Frame, Kernel
from lstmcli.thread_count import thread_count

Edges = NDArray[np.int64]
"""Where each thread's share of a range begins, and the last one ends: int64[shares + 1]."""

ALONE: Edges = np.array([0, 1])
"""Edges of the one share of a kernel that has nothing to divide."""


def run(kernel: Kernel, arguments: tuple[Any, ...], edges: Edges) -> None:
    """Run all shares of a kernel, each by a thread of its own; a single one by this thread."""
    with LOCK:
        frame = kernel.frame(arguments)
        if len(edges) == 2:
            frame.run(edges.item(0), edges.item(1))
        else:
            _team().run(frame, edges)


def equal_shares(count: int, worth: bool = True) -> Edges:
    """Edges of equal shares of 0 ... count-1, as many as there are threads if that is worth it, else one."""
    return _edges(count, max(1, min(count, thread_count())) if worth else 1)


@lru_cache(maxsize=1024)
def _edges(count: int, shares: int) -> Edges:
    return np.arange(shares + 1) * count // shares


def meeting_places(count: int) -> NDArray[np.int64]:
    """Places where threads that share a kernel `meet`, for one call of it."""
    places = np.zeros((count + 1) * LINE, np.int64)
    places[0] = GIVE_WAY
    return places


class _Team:
    """This thread and its workers."""

    def __init__(self, workers: int):
        self.workers, self.process = workers, os.getpid()
        self.board = np.zeros(SEEN + LINE * workers, np.int64)
        self._add = Kernel("team", "add").frame((self.board,))
        self._wait = Kernel("team", "wait").frame((self.board, workers, GIVE_WAY))
        self._work = Kernel("team", "work").frame((self.board, GIVE_WAY))
        self._bell = threading.Semaphore(0)
        for number in range(workers):
            threading.Thread(target=self._serve, args=(number,), daemon=True).start()

    def run(self, frame: Frame, edges: Edges) -> None:
        board = self.board
        board[FUNCTION], board[FRAME] = frame.code, frame.address
        board[EDGES], board[SHARES], board[DONE] = id(edges), len(edges) - 1, 0
        # Who has not seen the call after this is counted as asleep, or will look again.
        self._add.run(CALLS, 1)
        while board[ASLEEP] > 0:
            self._add.run(ASLEEP, -1)
            self._bell.release()
        try:
            frame.run(edges.item(0), edges.item(1))
        finally:
            self._wait.run(0, 0)
            while not board[FINISHED]:
                self._wait.run(0, 0)

    def _serve(self, number: int) -> None:
        while True:
            self._work.run(number, 0)
            self._bell.acquire()


_TEAMS: list[_Team] = []


def _team() -> _Team:
    """The team of this process with a worker for each thread but this one."""
    workers = thread_count() - 1
    if not _TEAMS or _TEAMS[-1].workers < workers or _TEAMS[-1].process != os.getpid():
        _TEAMS.append(_Team(workers))
    return _TEAMS[-1]


def _system_function() -> int:
    library = ctypes.CDLL("kernel32" if sys.platform == "win32" else None)
    function = library.SwitchToThread if sys.platform == "win32" else library.sched_yield
    return int(ctypes.cast(function, ctypes.c_void_p).value or 0)


GIVE_WAY = _system_function()
