"""What the threads that divide kernels read and write: places on a board of int64."""

LINE = 8
"""Words of a cache line; what several threads write has lines of its own."""
CALLS, FUNCTION, FRAME, EDGES, SHARES, REFUSED, DONE = 0, 8, 9, 10, 11, 12, 16
"""The number of calls so far; function, frame, edges and number of shares of the last call, and whether it
refused its arrays; the workers that are done with it.
"""
GIVE_WAY, ACQUIRE, RELEASE = 24, 25, 26
"""Addresses of functions: the system's to offer a core to another thread, Python's for its locks."""
WORKERS = 32
"""From here on a line for each worker, with the places of the next three words in it."""
SEEN, ASLEEP, LOCK = 0, 1, 2
"""The calls that it has seen; whether it sleeps until its lock is released; the lock."""
PATIENCE = 3000
"""Times that a thread gives way before it sleeps: about a millisecond where no other wants its core."""
LOOKS = 300
"""Times that a thread looks whether the others are there before it begins to give way."""
