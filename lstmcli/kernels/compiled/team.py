"""What the threads of a team do: look for calls on the board, do shares of them, wait for one another."""

from lstmcli.kernels.board import (
    ACQUIRE,
    ASLEEP,
    CALLS,
    DONE,
    EDGES,
    FRAME,
    FUNCTION,
    GIVE_WAY,
    LINE,
    LOCK,
    LOOKS,
    PATIENCE,
    REFUSED,
    RELEASE,
    SEEN,
    SHARES,
    WORKERS,
)
from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.atomics import (
    acquire_lock,
    atomic_add,
    atomic_get,
    atomic_swap,
    call_share,
    give_way,
    release_lock,
    word_at,
)
from lstmcli.kernels.kinds import DATA


@jit
def call(board, workers, first, last):  # type: ignore[no-untyped-def]
    """Announce the call on the board, do its first share, and wait until all workers are done with it.

    All in one, as no signal may end a part of it: workers would go on with arrays that are gone.
    """
    board[DONE] = 0
    atomic_add(board, CALLS, 1)
    for number in range(workers):
        place = WORKERS + number * LINE
        if atomic_swap(board, place + ASLEEP, 0) == 1:
            release_lock(board[RELEASE], board[place + LOCK])
    board[REFUSED] = call_share(board[FUNCTION], board[FRAME], first, last)
    while atomic_get(board, DONE) < workers:
        give_way(board[GIVE_WAY])


@jit
def work(board, number, last):  # type: ignore[no-untyped-def]
    """Do the shares of a worker in all calls, for ever; sleep where there is none for long."""
    patience, place = PATIENCE, WORKERS + number * LINE
    while True:
        if atomic_get(board, CALLS) != board[place + SEEN]:
            board[place + SEEN], patience = board[place + SEEN] + 1, PATIENCE
            if number + 1 < board[SHARES]:
                edges = word_at(board[EDGES] + DATA) + 8 * (number + 1)
                call_share(board[FUNCTION], board[FRAME], word_at(edges), word_at(edges + 8))
            atomic_add(board, DONE, 1)
        elif patience > 0:
            patience -= 1
            give_way(board[GIVE_WAY])
        else:
            atomic_swap(board, place + ASLEEP, 1)
            # A call that came just now has released the lock, unless it finds this worker awake again.
            if atomic_get(board, CALLS) == board[place + SEEN] or atomic_swap(board, place + ASLEEP, 0) == 0:
                acquire_lock(board[ACQUIRE], board[place + LOCK])
            patience = PATIENCE


@jit
def meet(places, place, parties):  # type: ignore[no-untyped-def]
    """Wait until so many threads are here; all see what any of them has written before.

    Each has to be run by a thread of its own, or they wait for ever.
    """
    if parties > 1:
        counter, looks = (1 + place) * LINE, 0
        everyone = (atomic_add(places, counter, 1) // parties + 1) * parties
        while atomic_get(places, counter) < everyone:
            looks += 1
            if looks > LOOKS:
                give_way(places[0])
