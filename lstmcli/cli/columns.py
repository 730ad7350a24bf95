"""Tables as a person reads them: as wide as they are, or wrapped or cut to what a terminal has room for."""

import os
import re
from collections.abc import Iterable, Sequence
from math import inf
from typing import TextIO

from lstmcli.cli.streams import result
from lstmcli.errors import cells, printable

Cell = tuple[str, ...]
"""Lines of text."""
Row = Sequence[Cell]
BETWEEN, INDENT = "  ", " "
SHORTEST = 12
"""Cells of a name that is cut."""
_SPACE = re.compile(r"(?<!\bx) ")
"""Where a line may be wrapped; `x 1(T)` is one word."""


def room_on(stream: TextIO) -> float:
    """Cells of a line: what COLUMNS says, else those of the terminal; what is no terminal takes any."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    return os.get_terminal_size(stream.fileno()).columns or inf if stream.isatty() else inf


def print_columns(rows: Sequence[Sequence[str]], room: float = inf, names: Sequence[int] = (0,)) -> None:
    """Print on stdout what `aligned` gives."""
    for line in aligned(rows, room, names):
        result(line)


def aligned(rows: Sequence[Sequence[str]], room: float, names: Sequence[int] = (0,)) -> list[str]:
    """Rows as lines, the first column to the left and the others to the right; the first row is a heading.

    room : cells of a line, which are kept to by cutting the columns with names, the widest first, but none
        below its heading or a few cells
    """
    shown = [[printable(text) for text in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    while _sum(widths) > room:
        longer = [k for k in names if widths[k] > max(SHORTEST, cells(shown[0][k]))]
        if not longer:
            break
        widths[max(longer, key=widths.__getitem__)] -= 1
    lines = []
    for row in shown:
        for k in names:
            row[k] = cut_short(row[k], widths[k])
        gaps = [" " * (width - cells(text)) for text, width in zip(row, widths, strict=True)]
        others = [gap + text for gap, text in zip(gaps[1:], row[1:], strict=True)]
        lines.append(BETWEEN.join([row[0] + gaps[0], *others]).rstrip())
    return lines


def print_table(arrangements: Sequence[Sequence[Row]], room: float) -> None:
    """Print rows on stdout, the first of them a heading, in so many cells of a terminal if words allow it.

    arrangements : the same table in several forms; the first that fits is printed, else the last is wrapped
    """
    fitting = (rows for rows in arrangements if _sum(_widths(rows)) <= room)
    rows = next(fitting, arrangements[-1])
    widths = _fitted(rows, room)
    rule = [("-" * width,) for width in widths]
    for row in (rows[0], rule, *rows[1:]):
        columns = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
        for k in range(max(map(len, columns))):
            parts = (column[k] if k < len(column) else "" for column in columns)
            padded = (part + " " * (width - cells(part)) for part, width in zip(parts, widths, strict=True))
            result(BETWEEN.join(padded).rstrip())


def cut_short(text: str, width: int) -> str:
    """The text in so many cells, without its middle: names often differ at their ends."""
    kept, cut = width, text
    while cells(cut) > width:
        kept -= 1
        cut = f"{text[: (kept + 1) // 2]}...{text[len(text) - kept // 2 :]}"
    return cut


def _fitted(rows: Sequence[Row], room: float) -> list[int]:
    """Widths of the columns: of those that fit the ones that break the fewest lines, the first ones first."""
    natural = _widths(rows)
    if _sum(natural) <= room:
        return natural
    least = _widths([[tuple(_wrapped(cell, 0)) for cell in row] for row in rows])
    room = max(room, _sum(least)) - _sum([0 for _ in least])
    # Cells that are taken by the columns so far -> the fewest lines for it, and the widths.
    best: dict[int, tuple[int, list[int]]] = {0: (0, [])}
    for k, column in enumerate(zip(*rows, strict=True)):
        found: dict[int, tuple[int, list[int]]] = {}
        for width in range(least[k], natural[k] + 1):
            lines = sum(len(_wrapped(cell, width)) for cell in column)
            for taken, (count, widths) in best.items():
                total, option = taken + width, (count + lines, [*widths, width])
                if total + sum(least[k + 1 :]) <= room:
                    found[total] = min(found.get(total, option), option)
        best = found
    return min(best.values())[1]


def _wrapped(cell: Cell, width: int) -> list[str]:
    """The lines of a cell, at words only; what is wrapped goes on a little to the right."""
    lines = []
    for line in cell:
        begun, *words = _SPACE.split(line)
        for word in words:
            longer = f"{begun} {word}"
            if cells(longer) > width:
                lines.append(begun)
                longer = INDENT + word
            begun = longer
        lines.append(begun)
    return lines


def _widths(rows: Iterable[Row]) -> list[int]:
    """The longest line of each column."""
    return [
        max((cells(line) for cell in column for line in cell), default=0)
        for column in zip(*rows, strict=True)
    ]


def _sum(widths: Sequence[int]) -> int:
    return sum(widths) + len(BETWEEN) * (len(widths) - 1)
