"""How the work of a recurrent layer is divided over threads: the directions, the observations, and the
hidden units where there are too few observations.

An item is one direction of some observations and some blocks of hidden units. Observations of one item need
nothing of those of another; items that share observations meet after each step.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.threads import ALONE, Edges, meeting_places, run
from lstmcli.thread_count import thread_count

DIVIDE = Kernel("division", "divide")

DIRECTION, FIRST, LAST, LOW, HIGH, PLACE, PARTIES = range(7)
"""What an item says: its observations first ... last-1 in running order, its blocks low ... high-1, where
it meets the others that share its observations, and how many they are with it."""
FEW = 4
"""Observations for which a thread reads weights from its cache no faster than it multiplies by them."""
LARGE = 2**15
"""Multiply-adds of a step of one observation from which on it is worth meeting after every step."""


class Division(NamedTuple):
    """order : int64[B], the running order, which puts observations that run at the same steps together
    items : int64[N, 7]; shares : a thread's items each; meeting : for `team.meet`
    """

    order: NDArray[np.int64]
    items: NDArray[np.int64]
    shares: Edges
    meeting: NDArray[np.int64]


def divide(
    start: NDArray[np.int32], stop: NDArray[np.int32], directions: int, blocks: int, depth: int, grain: int
) -> Division:
    """Equal work for every thread.

    start, stop : the steps of each observation that count
    blocks : of hidden units, kept together in groups of `grain`; depth : of the product of a step
    """
    return _divided(start.tobytes(), stop.tobytes(), directions, blocks, depth, grain, thread_count())


@lru_cache(maxsize=256)
def _divided(
    starts: bytes, stops: bytes, directions: int, blocks: int, depth: int, grain: int, threads: int
) -> Division:
    # Mini-batches come again, once an epoch. Their meeting places can be used again: each meeting ends
    # with a number of arrivals that all its parties divide.
    start, stop = (np.frombuffer(bytearray(steps), np.int32) for steps in (starts, stops))
    order = np.lexsort((-stop, start))
    items, shares = np.empty((threads + directions, PARTIES + 1), np.int64), np.empty(threads + 1, np.int64)
    work, counts = np.empty(len(order) + 1, np.int64), np.empty(2, np.int64)
    sizes = (directions, blocks, depth, grain, threads)
    run(DIVIDE, (start, stop, order, *sizes, work, items, shares, counts), ALONE)
    count, edges = counts.tolist()
    return Division(order, items[:count], shares[:edges], meeting_places(count + 1))
