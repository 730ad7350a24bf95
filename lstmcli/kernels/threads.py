"""Threads that each do a share of a kernel's work.

They are Python's threads that run compiled code without its lock. Between two kernels they look for the next
one without sleeping, for a millisecond, but offer their core to any other thread that wants it: a kernel
begins at once where the cores are free, and nothing is lost where they are not.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from lstmcli.kernels import jit, thread_count
from lstmcli.kernels.atomics import atomic_add, atomic_get, call_share, give_way, pack_call, word_at

Edges = NDArray[np.int64]
"""Where each thread's share of a range begins, and the last one ends: int64[shares + 1]."""

# Places on the board, a cache line each for what several threads write: the number of calls so far; function,
# frame, edges and number of shares of the last call; workers that are done with it; workers that sleep.
CALLS, FUNCTION, FRAME, EDGES, SHARES, DONE, ASLEEP = 0, 8, 9, 10, 11, 16, 24
BOARD, FRAME_WORDS = 32, 512
PATIENCE = 3000
"""Times that a thread gives way before it sleeps: about a millisecond where no other wants its core."""


class Divided:
    """A kernel part(*arguments, first, last) of `@divided`: called with the arguments and edges of shares.

    The first of the arguments is an array; kinds of the others follow from its kind.
    """

    def __init__(self, part: Any):
        self.part = part
        self._addresses: dict[Any, int] = {}

    def __call__(self, arguments: tuple[Any, ...], edges: Edges) -> None:
        """Run all shares, each by a thread of its own; a single one by this thread."""
        kind = arguments[0].dtype
        address = self._addresses.get(kind)
        if address is not None and len(edges) == 2:
            self.part(*arguments, int(edges[0]), int(edges[1]))
            return
        if address is None:
            # The first call goes over the board in any case, so that all is compiled that ever will be.
            address = self._addresses[kind] = self._address(arguments)
        _team().run(address, arguments, edges)

    def _address(self, arguments: tuple[Any, ...]) -> int:
        signature = (*map(numba.typeof, arguments), types.int64, types.int64)
        self.part.compile(signature)
        compiled = self.part.overloads[signature]
        return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


def divided(part: Callable[..., None]) -> Divided:
    """A compiled kernel part(*arguments, first, last) as one whose range first ... last-1 threads divide."""
    return Divided(part)


def equal_shares(count: int, worth: bool = True) -> Edges:
    """Edges of equal shares of 0 ... count-1, as many as there are threads if that is worth it, else one."""
    shares = max(1, min(count, thread_count())) if worth else 1
    return np.arange(shares + 1) * count // shares


class _Team:
    """This thread and its workers."""

    def __init__(self, workers: int):
        self.workers, self.process = workers, os.getpid()
        self.board, self.frame = np.zeros(BOARD, np.int64), np.zeros(FRAME_WORDS, np.int64)
        self.bell = threading.Semaphore(0)
        for number in range(workers):
            threading.Thread(target=self._work, args=(number,), daemon=True).start()

    def run(self, address: int, arguments: tuple[Any, ...], edges: Edges) -> None:
        self._wake()
        _call(address, arguments, edges, self.board, self.frame)
        while not _all_done(self.board, self.workers, GIVE_WAY):
            self._wake()

    def _wake(self) -> None:
        if self.board[ASLEEP]:
            for _ in range(_take(self.board, ASLEEP)):
                self.bell.release()

    def _work(self, number: int) -> None:
        seen = 0
        while True:
            seen = _work(self.board, number, seen, GIVE_WAY)
            self.bell.acquire()


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


@jit
def _call(address, arguments, edges, board, frame):  # type: ignore[no-untyped-def]
    """Put a call on the board, and do the first share."""
    board[FUNCTION] = pack_call(address, arguments, frame)
    board[FRAME], board[EDGES], board[SHARES] = frame.ctypes.data, edges.ctypes.data, edges.size - 1
    board[DONE] = 0
    atomic_add(board, CALLS, 1)
    call_share(board[FUNCTION], board[FRAME], edges[0], edges[1])


@jit
def _all_done(board, workers, way):  # type: ignore[no-untyped-def]
    """Wait for the workers; False if one of them may have to be woken."""
    for _ in range(PATIENCE):
        if atomic_get(board, DONE) >= workers:
            return True
        give_way(way)
    return False


@jit
def _take(board, place):  # type: ignore[no-untyped-def]
    """What stands there, which then is 0."""
    there = atomic_get(board, place)
    atomic_add(board, place, -there)
    return there


@jit
def _work(board, number, seen, way):  # type: ignore[no-untyped-def]
    """Do this worker's shares of all calls, until there is none for long; the number of calls seen."""
    patience = PATIENCE
    while True:
        if atomic_get(board, CALLS) != seen:
            seen, patience = seen + 1, PATIENCE
            if number + 1 < board[SHARES]:
                first, last = word_at(board[EDGES], number + 1), word_at(board[EDGES], number + 2)
                call_share(board[FUNCTION], board[FRAME], first, last)
            atomic_add(board, DONE, 1)
        elif patience > 0:
            patience -= 1
            give_way(way)
        else:
            atomic_add(board, ASLEEP, 1)
            if atomic_get(board, CALLS) == seen:
                return seen
            # A call came just now. Whoever rings the bell for this worker rings it once too often.
            patience = PATIENCE
