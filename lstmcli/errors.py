"""What can be wrong with a user's input: faults, where they are, and the exit code of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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
        """The place in three lines: file, source line, caret."""
        number = str(self.line)
        margin = " " * len(number)
        length = max(1, min(self.length, len(self.source) - self.column + 1))
        return (
            f"{margin}--> {self.file}:{self.line}:{self.column}\n"
            f"{margin} |\n"
            f"{number} | {self.source}\n"
            f"{margin} | {' ' * (self.column - 1)}{'^' * length}"
        )


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
    """Faults in what the user gave; `exit_code` says in which part of it."""

    exit_code = 1

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults = [faults] if isinstance(faults, Fault) else list(faults)
        super().__init__("\n\n".join(fault.render() for fault in self.faults))


class SpecError(InputError):
    """Faults in a spec or in options."""

    exit_code = 3


class DataError(InputError):
    """Faults in data."""

    exit_code = 4


class ModelError(InputError):
    """Faults in a model or checkpoint file, or in writing one."""

    exit_code = 5


class DivergedError(InputError):
    """The loss is no longer finite."""

    exit_code = 6


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The help line that names the known word nearest to `word`, if one is near."""
    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"did you mean `{by_lower[near[0]]}`?" if near else None
