"""How far work is that takes long: a bar in a terminal, from time to time a line in a log."""

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lstmcli.cli.streams import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

SOON, OFTEN = 2.0, 10.0
"""Seconds after which a bar is drawn, and between two lines of a log."""


class Waiting:
    """Shows how far the parts of some work are, once that takes longer than a moment."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()

    @contextmanager
    def work(self, what: str, total: int) -> "Iterator[Callable[[int], None]]":
        """Do a part, which has so many steps: the function that is given is told how many are done.

        what : is done, such as `steps ahead`; of a bar nothing stays
        """
        part, bar = time.monotonic(), None

        def show(done: int) -> None:
            nonlocal bar
            now = time.monotonic()
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done)
            elif sys.stderr.isatty() and now - self._begun > SOON:
                bar = _new_bar(f"{total} {what}", total, done)
            elif now - self._told > OFTEN and done < total:
                self._told = now
                note(f"{done} of {total} {what}, {(now - part) / done * (total - done):.0f} s left")

        try:
            yield show
        finally:
            if bar is not None:
                bar.stop()


def _new_bar(text: str, total: int, done: int) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    bar.add_task(text, total=total, completed=done)
    return bar
