"""SIGINT and SIGTERM told to whoever is at work."""

import signal
from types import FrameType, TracebackType
from typing import Self


class Signals:
    """Inside `with`, a signal is told rather than obeyed; `code` is then 130 or 143, by the first, else 0.

    A SIGINT that is ignored from the start, as in a job that a script has put in the background, stays
    ignored.
    """

    def __init__(self) -> None:
        self.code = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            if number == signal.SIGTERM or signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def told(self, name: str, again: bool) -> None:
        """A signal of this name came; again : it is not the first."""
        raise NotImplementedError

    def _note(self, number: int, frame: FrameType | None) -> None:
        again = self.code != 0
        self.code = self.code or 128 + number
        self.told(signal.Signals(number).name, again)
