"""`lstmcli warmup`: every kernel into the cache."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from lstmcli.cli.flags import threads_flag, use_threads
from lstmcli.cli.streams import note

LINE_EVERY = 10
"""Kernels from line to line where there is no terminal."""


@click.command("warmup")
@threads_flag
def command(threads: int | None) -> None:
    """Compile all kernels into the cache now, so that no later run has to.

    The cache is made for one machine's processor; on a cluster run it once on each kind of node.
    """
    from lstmcli.kernels.cache import cache_folder
    from lstmcli.warmup import compile_all

    begun = time.monotonic()
    with counting(sys.stderr.isatty()) as count:
        use_threads(threads, announce=count)
        compile_all()
    where = f" into {cache_folder()}" if cache_folder() else ""
    note(f"compiled{where} in {time.monotonic() - begun:.1f} s")


@contextmanager
def counting(terminal: bool) -> Iterator[Callable[[], None]]:
    """Inside `with`, what is to be called before each kernel is compiled, which shows how many there were."""
    if terminal:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        text = TextColumn("compiling kernel {task.completed:.0f}")
        columns = (SpinnerColumn(), text, TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task("", total=None, visible=False)
            yield lambda: shown.update(task, advance=1, visible=True)
    else:
        done = -1

        def count() -> None:
            nonlocal done
            done += 1
            if done and done % LINE_EVERY == 0:
                note(f"compiled {done} kernels")

        yield count
