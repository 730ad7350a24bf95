"""Where a running training shows itself: lines on stderr, or in a terminal lines above a progress bar."""

import os
import sys
from contextlib import suppress
from math import inf
from types import TracebackType
from typing import TYPE_CHECKING

from lstmcli.cli.columns import room_on
from lstmcli.cli.streams import note

if TYPE_CHECKING:
    from lstmcli.training.run import Step


class Lines:
    """Plain lines, as a log file gets them; none if `quiet`.

    They are printed at any time; whatever else a display draws is there within `with`.
    """

    def __init__(self, quiet: bool = False):
        self._quiet = quiet

    def __enter__(self) -> "Lines":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def say(self, line: str) -> None:
        """Print a line."""
        if not self._quiet:
            note(line)

    def room(self) -> float:
        """The cells of a line: a log takes any."""
        return room_on(sys.stderr) if sys.stderr.isatty() else inf

    def show(self, step: "Step") -> None:
        """Show an iteration that is done."""

    def answer(self, line: str) -> None:
        """Print a line from within a signal, which may have come while another line was being written."""
        if not self._quiet:
            write_at_once(line + "\n")


class Bar(Lines):
    """Lines above a progress bar, of which nothing stays."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        super().__init__()
        self._progress = Progress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[loss]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> "Bar":
        self._progress.start()
        self._task = self._progress.add_task("training", total=1.0, loss="", epoch=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def show(self, step: "Step") -> None:
        """Move the bar on."""
        loss = f"loss {step.loss:.4g}"
        self._progress.update(self._task, completed=step.progress, loss=loss, epoch=step.epoch)

    def answer(self, line: str) -> None:
        """Take the line of the bar, which is drawn anew below it."""
        write_at_once(f"\r\x1b[2K{line}\n")


def write_at_once(text: str) -> None:
    """Write to stderr past Python's own stream, which would refuse to be entered twice."""
    with suppress(OSError):
        os.write(sys.stderr.fileno(), text.encode())
