"""How far work is that takes long: a bar in a terminal, from time to time a line in a log."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from lstmcli.cli.streams import note

if TYPE_CHECKING:
    from rich.progress import Progress

SOON, OFTEN = 2.0, 10.0
"""Seconds after which a bar is drawn, and between two lines of a log."""


class Waiting:
    """Shows that `done` of `total` are done, where that takes longer than a moment; nothing of a bar stays.

    what : is done, such as `steps ahead`
    """

    def __init__(self, what: str, total: int):
        self._what, self._total = what, total
        self._begun = self._told = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, done: int) -> None:
        """So many are done."""
        now = time.monotonic()
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done)
        elif sys.stderr.isatty() and now - self._begun > SOON:
            self._bar = self._new_bar(done)
        elif now - self._told > OFTEN and done < self._total:
            self._told = now
            left = (now - self._begun) / done * (self._total - done)
            note(f"{done} of {self._total} {self._what}, {left:.0f} s left")

    def _new_bar(self, done: int) -> "Progress":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        bar.start()
        bar.add_task(f"{self._total} {self._what}", total=self._total, completed=done)
        return bar
