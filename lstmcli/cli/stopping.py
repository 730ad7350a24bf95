"""SIGINT and SIGTERM as a wish to stop after the iteration that runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lstmcli.cli.signals import Signals
from lstmcli.cli.streams import note


class Stopper(Signals):
    """Inside `with`, a signal is answered and noted rather than obeyed.

    Further signals change nothing, so that one cannot break the file being written.

    answer : says a line, in the midst of whatever else is being said
    is_saved : there is a file, and what goes on may be given up
    """

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__()
        self.is_saved, self._again, self._answer = False, False, answer

    def is_told_again(self) -> bool:
        """Whether a signal came since the network is saved."""
        return self._again

    def told(self, name: str, again: bool) -> None:
        """Say what will happen."""
        what = "stopping after this iteration, then saving"
        if self.is_saved:
            what, self._again = "stopping; the network is saved", True
        elif again:
            what = "already stopping; the network will be saved"
        self._answer(f"{name}: {what}")


@contextmanager
def before_the_first_iteration(quiet: bool) -> Iterator[None]:
    """Inside `with`, an interrupt is obeyed, with a word on what it costs."""
    try:
        yield
    except KeyboardInterrupt:
        if not quiet:
            note("stopped before the first iteration: nothing is saved")
        raise
