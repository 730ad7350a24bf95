"""Whole processes: how long they take and how much memory they had at most.

A process begins as a copy of the one that starts it, and what that one holds counts as its own: whoever
measures must be small, so neither this module nor what uses it imports us or a peer.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
SLOWING = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Settings of Python under which each start compiles all it imports, and each line is written on its own."""


class Ran(NamedTuple):
    """Seconds from start to end, and the largest resident memory in MB."""

    seconds: float
    megabytes: float


def run(*arguments: str | Path, output: Path | None = None, **environment: str) -> Ran:
    """Run Python with these arguments, its results into a file or nowhere.

    Raises RuntimeError with what it said on stderr if it fails.
    """
    command = [sys.executable, *map(str, arguments)]
    settings = {word: value for word, value in os.environ.items() if word not in SLOWING} | environment
    with open(output or os.devnull, "wb") as out, tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        child = subprocess.Popen(command, cwd=TESTS, stdout=out, stderr=said, env=settings)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode(errors='replace')}")
    # Linux counts in KiB, macOS in bytes.
    return Ran(seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)


def medians(times: int, *calls: Callable[[], Ran]) -> list[float]:
    """Seconds of each, taken in turns, so many times."""
    found = [[call().seconds for call in calls] for _ in range(times)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def show(*arguments: str) -> None:
    """Run Python with these arguments and print what it prints."""
    subprocess.run([sys.executable, *arguments], cwd=TESTS, check=True)


def lstmcli(*arguments: str | Path, output: Path | None = None, **environment: str) -> Ran:
    """Run the program as a user does."""
    return run("-m", "lstmcli", *arguments, output=output, **environment)
