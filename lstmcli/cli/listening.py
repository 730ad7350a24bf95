"""Rows from a pipe that may be silent for long: signals, and sequences that have no more rows."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lstmcli.cli.signals import Signals

if TYPE_CHECKING:
    from lstmcli.data.table import Rows


class StoppedError(Exception):
    """A signal came while nothing was at work, or once more."""


class Listener(Signals):
    """Rows as they come, until a signal: what was begun is finished.

    A second signal gives up what was begun: its reader may have fallen asleep.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waits = self._works = False

    def listen(self, rows: "Iterator[Rows]") -> "Iterator[Rows]":
        """The same rows, until a signal comes."""
        while True:
            try:
                # Reading from a pipe that is silent must end, and answering must not.
                self._waits = True
                found = None if self.code else next(rows, None)
            except StoppedError:
                return
            finally:
                self._waits = False
            if found is None:
                return
            yield found

    @contextmanager
    def work(self) -> Iterator[None]:
        """In it a second signal raises StoppedError, once: what is done about that is not stopped."""
        self._works = True
        try:
            yield
        finally:
            self._works = False

    def told(self, name: str, again: bool) -> None:
        """Raise StoppedError where that costs nothing, or at a second signal."""
        if self._waits or (self._works and again):
            self._waits = self._works = False
            raise StoppedError


class Idle:
    """Which sequences have had no row for so many seconds; none where that is None.

    names : those that have had one by now
    """

    def __init__(self, seconds: float | None, names: Iterable[str]):
        self._seconds = seconds
        self._last = dict.fromkeys(names, time.monotonic())

    def since(self, names: Iterable[str]) -> list[str]:
        """Those that are idle, when rows of these come."""
        if self._seconds is None:
            return []
        now = time.monotonic()
        idle = []
        for name, last in self._last.items():
            if now - last <= self._seconds:
                break
            idle.append(name)
        for name in idle:
            del self._last[name]
        for name in names:
            # The order is that of the last rows.
            self._last.pop(name, None)
            self._last[name] = now
        return idle
