"""SIGINT and SIGTERM as a wish to stop after the iteration that runs."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType

from lstmcli.cli.streams import note


class Stopper:
    """Inside `with`, a signal is answered and noted rather than obeyed; `code` is then 130 or 143, else 0.

    Further signals change nothing, so that one cannot break the file being written. A SIGINT that is ignored
    from the start, as in a job that a script has put in the background, stays ignored.

    quiet : answer nothing; bar : the answer takes the line of a progress bar, which is drawn anew below it
    is_saved : there is a file, and what goes on may be given up
    """

    def __init__(self, quiet: bool = False, bar: bool = False) -> None:
        self.code, self.is_saved, self._again = 0, False, False
        self.quiet, self.bar = quiet, bar
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
        if not self.quiet:
            _write(f"{signal.Signals(number).name}: {what}\n", erase=self.bar)


@contextmanager
def before_the_first_iteration(quiet: bool) -> Iterator[None]:
    """Inside `with`, an interrupt is obeyed, with a word on what it costs."""
    try:
        yield
    except KeyboardInterrupt:
        if not quiet:
            note("stopped before the first iteration: nothing is saved")
        raise


def _write(line: str, erase: bool) -> None:
    """A line on stderr from within a signal, which may have come while another line was being written."""
    # Python's own stream would refuse to be entered twice.
    with suppress(OSError):
        os.write(sys.stderr.fileno(), (("\r\x1b[2K" if erase else "") + line).encode())
