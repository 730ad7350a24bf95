"""What columns are for, and what of it was guessed."""

from dataclasses import replace
from typing import Any, NamedTuple

from lstmcli.data.declaration import DataSection


class Roles(NamedTuple):
    """Columns with what was guessed of them, and why: word of the section -> reason."""

    columns: DataSection
    guesses: dict[str, str]

    def with_guess(self, word: str, value: str | tuple[str, ...], reason: str) -> "Roles":
        """One guess more."""
        guess: dict[str, Any] = {word: value}
        return Roles(replace(self.columns, **guess), self.guesses | {word: reason})
