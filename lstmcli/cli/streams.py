"""Results on stdout, everything else on stderr, and what happens where nobody reads one of them."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, TextIO

import click

from lstmcli.errors import Fault, ModelError


class ReaderGoneError(Exception):
    """Whoever read stdout has closed it, as `head` does: there is nothing more to do."""


def prepare_streams() -> None:
    """Make stdout UTF-8 in any locale, as the data is. Of closed streams only that is missed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Writing to what is open for reading fails, as it does to a full disk.
            access = os.O_RDONLY if name == "stdout" else os.O_RDWR
            setattr(sys, name, os.fdopen(os.open(os.devnull, access), mode))
    if isinstance(sys.stdout, io.TextIOWrapper):
        if isinstance(sys.stdout.buffer, io.RawIOBase):
            # Under PYTHONUNBUFFERED Python drops what a pipe or a disk does not take at once.
            sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.detach()))
        sys.stdout.reconfigure(encoding="utf-8")


@contextmanager
def leaving_quietly() -> Iterator[None]:
    """What other code prints on stdout raises as `result` does."""
    try:
        yield
    except OSError as error:
        _fail(error)


def result(text: str = "", flush: bool = False) -> None:
    """Print a line, or lines, of results on stdout.

    Raises ReaderGoneError if the reader is gone, ModelError if the disk is full or the like.
    """
    _print(text + "\n", flush)


def flush_results() -> None:
    """Send on what is still held back; raises as `result` does."""
    _print("", flush=True)


def give_up_results() -> None:
    """Drop what is still held back, as nobody takes it."""
    _discard(sys.stdout)


def note(text: str) -> None:
    """Print a line on stderr; if it cannot be written the work goes on without."""
    try:
        click.echo(text, err=True)
    except OSError:
        _discard(sys.stderr)


def _print(text: str, flush: bool) -> None:
    try:
        print(text, end="", flush=flush)
    except OSError as error:
        _fail(error)


def _fail(error: OSError) -> NoReturn:
    _discard(sys.stdout)
    if isinstance(error, BrokenPipeError):
        raise ReaderGoneError from None
    raise ModelError(Fault(f"the results cannot be written to stdout: {error.strerror}")) from None


def _discard(stream: TextIO) -> None:
    # What is left in the buffer goes to the stream once more when Python ends, and would fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
