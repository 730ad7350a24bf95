"""SIGINT and SIGTERM as a wish to stop after the iteration that runs."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

from lstmcli.cli.streams import note


class Stopper:
    """Inside `with`, a signal is answered and noted rather than obeyed; `code` is then 130 or 143, else 0.

    Further signals change nothing, so that one cannot break the file being written. A SIGINT that is ignored
    from the start, as in a job that a script has put in the background, stays ignored.

    answer : says a line, in the midst of whatever else is being said
    is_saved : there is a file, and what goes on may be given up
    """

    def __init__(self, answer: Callable[[str], None]) -> None:
        self.code, self.is_saved, self._again = 0, False, False
        self._answer = answer
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Stopper":
        for number in (signal.SIGINT, signal.SIGTERM):
            if number == signal.SIGTERM or signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def is_told_again(self) -> bool:
        """Whether a signal came since the network is saved."""
        return self._again

    def _note(self, number: int, frame: FrameType | None) -> None:
        what = "stopping after this iteration, then saving"
        if self.is_saved:
            what, self._again = "stopping; the network is saved", True
        elif self.code:
            what = "already stopping; the network will be saved"
        self.code = self.code or 128 + number
        self._answer(f"{signal.Signals(number).name}: {what}")


@contextmanager
def before_the_first_iteration(quiet: bool) -> Iterator[None]:
    """Inside `with`, an interrupt is obeyed, with a word on what it costs."""
    try:
        yield
    except KeyboardInterrupt:
        if not quiet:
            note("stopped before the first iteration: nothing is saved")
        raise
