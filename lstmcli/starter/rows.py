"""Lines of a spec with the reasons behind them."""

from collections.abc import Iterable
from textwrap import wrap
from typing import Any, NamedTuple

from lstmcli.errors import printable
from lstmcli.spec.writer import write_value

WIDTH = 80
"""Columns that a line takes at most, where its words allow it; a reason that does not fit stands above."""


class Row(NamedTuple):
    """A line of YAML, and why it is so."""

    text: str
    why: str = ""


def entry(word: str, value: Any, why: str = "") -> Row:
    """A name with its value."""
    return Row(f"{word}: {write_value(value)}", why)


def layer(word: str, value: Any = None, why: str = "") -> Row:
    """A layer with its arguments: one value, a list, or a mapping of properties."""
    return Row(f"- {word}" if value is None else f"- {word}: {write_value(value)}", why)


def section(name: str, rows: Iterable[Row]) -> list[str]:
    """The lines of a section of a spec; reasons stand beside what they explain, or above it."""
    lines = [f"{name}:"]
    for text, why in rows:
        beside = f"  {text}  # {printable(why)}" if why else f"  {text}"
        if len(beside) <= WIDTH or not why:
            lines.append(beside)
        else:
            lines += [f"  # {part}" for part in _wrapped(why, WIDTH - 4)]
            lines.append(f"  {text}")
    return lines


def comment(text: str) -> list[str]:
    """A text as lines of comment."""
    return [f"# {line}" for line in _wrapped(text, WIDTH - 2)]


def _wrapped(text: str, width: int) -> list[str]:
    # Names of files and templates stay whole.
    return wrap(printable(text), width, break_long_words=False, break_on_hyphens=False)
