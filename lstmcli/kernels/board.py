"""What the threads that divide kernels read and write: places on a board of int64."""

LINE = 8
"""Words of a cache line; what several threads write has lines of its own."""
CALLS, FUNCTION, FRAME, EDGES, SHARES, DONE, ASLEEP, FINISHED, SEEN = 0, 8, 9, 10, 11, 16, 24, 32, 40
"""The number of calls so far; function, frame, edges and number of shares of the last call; workers that are
done with it; workers that sleep; whether all were done; from SEEN on, a line each, the calls that each worker
has seen.
"""
PATIENCE = 3000
"""Times that a thread gives way before it sleeps: about a millisecond where no other wants its core."""
LOOKS = 300
"""Times that a thread looks whether the others are there before it begins to give way."""
