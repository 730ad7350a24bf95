"""What can be wrong with a user's input: faults, where they are, and the exit code of each kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from unicodedata import combining, east_asian_width

ROOM = 100
"""Cells of a terminal that a shown line of source may take."""

MOST_FAULTS = 10
"""Faults in data that are shown: of one mistake there may be one in each row."""


@dataclass(frozen=True)
class Mark:
    """A place in a text the user wrote.

    file : name as the user gave it; line, column : counted from 1;
    length : characters to underline; source : the whole line.
    """

    file: str
    line: int
    column: int
    length: int
    source: str

    def render(self) -> str:
        """The place in three lines: file, source line, caret. Of a long line, what is around the place."""
        number = str(self.line)
        margin = " " * len(number)
        before, marked, after = self._window()
        return (
            f"{margin}--> {self.file}:{self.line}:{self.column}\n"
            f"{margin} |\n"
            f"{number} | {before}{marked}{after}\n"
            f"{margin} | {' ' * cells(before)}{'^' * max(1, cells(marked))}"
        )

    def _window(self) -> tuple[str, str, str]:
        """What is shown of the source before, under and after the caret; `...` where it is cut."""
        at = self.column - 1
        first = 0 if cells(self.source[: ROOM + 1]) <= ROOM else max(0, at - ROOM // 3)
        shown = printable(self.source[first : first + ROOM])
        while cells(shown) > ROOM:
            shown = shown[: -1 - (cells(shown) - ROOM) // 2]
        head = "..." if first else ""
        tail = "..." if first + len(shown) < len(self.source) else ""
        stop = at - first + self.length
        return head + shown[: at - first], shown[at - first : stop], shown[stop:] + tail


def printable(text: str) -> str:
    """The text with a space for a tab and whatever else would move the cursor."""
    return "".join(character if character.isprintable() else " " for character in text)


def cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(combining(character) > 0 for character in text)


@dataclass(frozen=True)
class Place:
    """A place in a data file: row counted from 1 with the header as row 1; column by number and name."""

    file: str
    row: int | None = None
    column: int | None = None
    name: str | None = None

    def render(self) -> str:
        """The place in one line: `--> train.csv: row 12, column 3 (`lpc3`)`."""
        parts = []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column}" + (f" (`{self.name}`)" if self.name else ""))
        return " --> " + self.file + (": " + ", ".join(parts) if parts else "")


@dataclass(frozen=True)
class Fault:
    """One mistake: what is wrong (lower case, no full stop), where, and what would be right."""

    message: str
    where: Mark | Place | None = None
    help: str | None = None

    def render(self) -> str:
        """The message as a user reads it."""
        lines = [f"error: {self.message}"]
        if self.where is not None:
            lines.append(self.where.render())
        if self.help:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)


class InputError(Exception):
    """Faults in what the user gave; `exit_code` says in which part of it, `shown` how many are shown."""

    exit_code = 1
    shown: int | None = None

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults = [faults] if isinstance(faults, Fault) else list(faults)
        texts = [fault.render() for fault in _helped_once(self.faults[: self.shown])]
        if len(texts) < len(self.faults):
            texts.append("... and more")
        super().__init__("\n\n".join(texts))


def _helped_once(faults: list[Fault]) -> list[Fault]:
    """The faults, of which only the last of a run with the same help still has it."""
    following = [fault.help for fault in faults[1:]]
    return [
        replace(fault, help=None) if fault.help == help else fault
        for fault, help in zip(faults, [*following, None], strict=True)
    ]


class SpecError(InputError):
    """Faults in a spec or in options."""

    exit_code = 3


class DataError(InputError):
    """Faults in data: whoever finds more than MOST_FAULTS need not look for all."""

    exit_code = 4
    shown = MOST_FAULTS


class ModelError(InputError):
    """Faults in a model or checkpoint file, or in writing one."""

    exit_code = 5


class DivergedError(InputError):
    """The loss is no longer finite."""

    exit_code = 6


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 time step`, `2 time steps`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Iterable[str], most: int | None = None, cells: Mapping[str, str] | None = None) -> str:
    """Names in a message, each in backquotes; of more than `most` the first and `...`.

    cells : what some of them hold, in brackets behind
    """
    held = {name: f" (`{cell}`)" for name, cell in (cells or {}).items()}
    named = [f"`{name}`{held.get(name, '')}" for name in names]
    return ", ".join(named[:most]) + (", ..." if most is not None and len(named) > most else "")


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The help line that names the known word nearest to `word`, if one is near.

    Words that begin alike may differ more in what follows.
    """
    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.66)
    alike = [name for name in by_lower if name[:3] == word[:3].lower()]
    near = near or get_close_matches(word.lower(), alike, n=1, cutoff=0.6)
    return f"did you mean `{by_lower[near[0]]}`?" if near else None
