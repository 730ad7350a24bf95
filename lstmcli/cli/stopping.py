"""SIGINT and SIGTERM as a wish to stop after the iteration that runs."""

import signal
from types import FrameType, TracebackType


class Stopper:
    """Inside `with`, a signal is noted rather than obeyed; `code` is then 130 or 143, else 0.

    Further signals change nothing, so that one cannot break the file being written.
    """

    def __init__(self) -> None:
        self.code = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Stopper":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.code = self.code or 128 + number
