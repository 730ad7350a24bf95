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

from lstmcli.kernels.board import (
    ACQUIRE,
    EDGES,
    FRAME,
    FUNCTION,
    GIVE_WAY,
    LINE,
    LOCK,
    REFUSED,
    RELEASE,
    SHARES,
    WORKERS,
)
from lstmcli.kernels.kernel import ONE_AT_A_TIME, Frame, Kernel, NotTakenError
from lstmcli.thread_count import thread_count

Edges = NDArray[np.int64]
"""Where each thread's share of a range begins, and the last one ends: int64[shares + 1]."""

ALONE: Edges = np.array([0, 1])
"""Edges of the one share of a kernel that has nothing to divide."""


def run(kernel: Kernel, arguments: tuple[Any, ...], edges: Edges) -> None:
    """Run all shares of a kernel, each by a thread of its own; a single one by this thread."""
    with ONE_AT_A_TIME:
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
    places[0] = SYSTEM
    return places


class _Team:
    """This thread and its workers, which are in machine code for as long as the process lives."""

    def __init__(self, workers: int):
        self.workers, self.process = workers, os.getpid()
        self.board = np.zeros(WORKERS + LINE * workers, np.int64)
        self.board[[GIVE_WAY, ACQUIRE, RELEASE]] = SYSTEM, _ACQUIRE, _RELEASE
        self._call = Kernel("team", "call").frame((self.board, workers))
        self._work = Kernel("team", "work").frame((self.board,))
        for number in range(workers):
            self.board[WORKERS + number * LINE + LOCK] = _taken_lock()
            threading.Thread(target=self._serve, args=(number,), daemon=True).start()

    def run(self, frame: Frame, edges: Edges) -> None:
        board = self.board
        board[FUNCTION], board[FRAME] = frame.code, frame.address
        board[EDGES], board[SHARES] = id(edges), len(edges) - 1
        self._call.run(edges.item(0), edges.item(1))
        if board[REFUSED]:
            raise NotTakenError

    def _serve(self, number: int) -> None:
        # This call never returns, and holds the team: a worker looks at the board until the process ends.
        self._work.run(number, 0)


_TEAMS: list[_Team] = []


def _team() -> _Team:
    """The team of this process with a worker for each thread but this one."""
    workers = thread_count() - 1
    if not _TEAMS or _TEAMS[-1].workers < workers or _TEAMS[-1].process != os.getpid():
        _TEAMS.append(_Team(workers))
    return _TEAMS[-1]


def _system_function() -> int:
    library = ctypes.CDLL("kernel32" if sys.platform == "win32" else None)
    return _address(library.SwitchToThread if sys.platform == "win32" else library.sched_yield)


def _address(function: Any) -> int:
    return int(ctypes.cast(function, ctypes.c_void_p).value or 0)


def _taken_lock() -> int:
    """A lock of Python's that is taken: whoever wants it sleeps until it is released."""
    allocate, take = ctypes.pythonapi.PyThread_allocate_lock, ctypes.pythonapi.PyThread_acquire_lock
    allocate.restype, take.argtypes = ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)
    lock = allocate()
    take(lock, 1)
    return int(lock)


SYSTEM = _system_function()
_ACQUIRE = _address(ctypes.pythonapi.PyThread_acquire_lock)
_RELEASE = _address(ctypes.pythonapi.PyThread_release_lock)
