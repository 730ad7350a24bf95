"""How many threads this process may use: kernels that compute, and parsers of large tables."""

import os

_threads: list[int] = []


def set_threads(n: int) -> int:
    """Lets the process use n threads, or as many as there are processors (at least 1); returns how many."""
    _threads[:] = [max(1, min(n, os.cpu_count() or 1))]
    return _threads[0]


def use_allowed_processors() -> None:
    """Lets the process use the processors that it may use, unless it was said how many threads."""
    if not _threads:
        set_threads(allowed_processors())


def allowed_processors() -> int:
    """How many processors this process may use: affinity and Slurm's share, not all there are."""
    affinity = getattr(os, "sched_getaffinity", None)
    allowed = len(affinity(0)) if affinity else os.cpu_count() or 1
    slurm = os.environ.get("SLURM_CPUS_PER_TASK", "")
    return min(allowed, int(slurm)) if slurm.isdigit() and int(slurm) > 0 else allowed


def thread_count() -> int:
    """How many threads may be used."""
    return _threads[0] if _threads else 1
