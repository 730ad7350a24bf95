"""How many threads this process may use: kernels that compute, and parsers of large tables."""

import os

_threads = [1]


def set_threads(n: int) -> int:
    """Lets the process use n threads, or as many as there are processors (at least 1); returns how many."""
    _threads[0] = max(1, min(n, os.cpu_count() or 1))
    return _threads[0]


def thread_count() -> int:
    """How many threads may be used."""
    return _threads[0]
