"""What the threads of a team do: look for calls on the board, do shares of them, wait for one another."""

from lstmcli.kernels.board import (
    ASLEEP,
    CALLS,
    DONE,
    EDGES,
    FINISHED,
    FRAME,
    FUNCTION,
    LINE,
    LOOKS,
    PATIENCE,
    SEEN,
    SHARES,
)
from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.atomics import atomic_add, atomic_get, call_share, give_way, word_at
from lstmcli.kernels.kinds import DATA


@jit
def add(board, place, amount):  # type: ignore[no-untyped-def]
    """Add to a word of the board; whoever sees it sees all that was written before."""
    atomic_add(board, place, amount)


@jit
def wait(board, workers, way, first, last):  # type: ignore[no-untyped-def]
    """Wait for all workers, or for a while, so that a signal is heard."""
    board[FINISHED] = 0
    for _ in range(PATIENCE):
        if atomic_get(board, DONE) >= workers:
            board[FINISHED] = 1
            return
        give_way(way)


@jit
def work(board, way, number, last):  # type: ignore[no-untyped-def]
    """Do the shares of a worker in all calls, until there is none for long."""
    patience, place = PATIENCE, SEEN + number * LINE
    while True:
        if atomic_get(board, CALLS) != board[place]:
            board[place], patience = board[place] + 1, PATIENCE
            if number + 1 < board[SHARES]:
                edges = word_at(board[EDGES] + DATA) + 8 * (number + 1)
                call_share(board[FUNCTION], board[FRAME], word_at(edges), word_at(edges + 8))
            atomic_add(board, DONE, 1)
        elif patience > 0:
            patience -= 1
            give_way(way)
        else:
            atomic_add(board, ASLEEP, 1)
            if atomic_get(board, CALLS) == board[place]:
                return
            # A call came just now. Whoever rings the bell for this worker rings it once too often.
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
