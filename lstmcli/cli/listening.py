"""Rows from a pipe that may be silent for long: signals, and sequences that have no more rows."""

import signal
import time
from collections.abc import Iterable, Iterator
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lstmcli.data.table import Rows


class StoppedError(Exception):
    """A signal came while nothing was at work, or once more."""


class Listener:
    """Rows as they come, until a SIGINT or SIGTERM: what was begun is finished; `code` is then 130 or 143.

    A second signal gives up what was begun: its reader may have fallen asleep. A SIGINT that is ignored from
    the start stays ignored.
    """

    def __init__(self) -> None:
        self.code, self._waits, self._over = 0, False, False
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Listener":
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def listen(self, rows: "Iterator[Rows]") -> "Iterator[Rows]":
        """The same rows; raises StoppedError at a second signal."""
        while True:
            try:
                # Reading from a pipe that is silent must end, and answering must not.
                self._waits = True
                found = None if self.code else next(rows, None)
                self._waits = False
            except StoppedError:
                return
            if found is None:
                return
            yield found

    def end(self) -> None:
        """From now on nothing is given up."""
        self._over = True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        again = self.code != 0
        self.code = self.code or 128 + number
        if (self._waits or again) and not self._over:
            self._waits = False
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
