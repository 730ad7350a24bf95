"""What a shell offers for the arguments and flags of a verb when someone presses Tab."""

from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from lstmcli.cli.flags import flag_kinds
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault
from lstmcli.spec.json_schema import words_of

SHELLS = ("bash", "zsh", "fish")
FILES = {"spec", "model", "source", "data"}
"""Arguments that are files; of flags the metavar says so."""
PLACES = {"FILE", "MODEL", "SPEC", "FOLDER"}


class _Words(click.ParamType):  # type: ignore[type-arg]
    """Enumerated words, matched without regard to case."""

    name = "word"

    def __init__(self, words: tuple[str, ...]):
        self.words = words

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[Any]]":
        return [CompletionItem(word) for word in self.words if word.lower().startswith(incomplete.lower())]


def teach(command: click.Command) -> None:
    """Give the arguments and flags of a verb that are texts to click what completes them."""
    kinds = flag_kinds()
    for item in command.params:
        kind = kinds.get(item.name or "")
        words = words_of(kind.schema) if kind is not None else ()
        if words:
            item.type = _Words(words)
        elif item.name in FILES or item.metavar in PLACES or (kind is not None and kind.paths):
            item.type = click.Path()


class _Asked(ShellComplete):
    """Offers flags in one spelling: MATLAB's to who begins with a capital, else the one in lower case."""

    def get_completion_args(self) -> tuple[list[str], str]:
        try:
            return super().get_completion_args()
        except (KeyError, ValueError, IndexError):
            help = "unset it; `lstmcli completion SHELL` prints the script that sets it"
            message = "the environment asks for completions, but not of which words"
            raise UsageFaultError(Fault(message, None, help)) from None

    def get_completions(self, args: list[str], incomplete: str) -> "list[CompletionItem[Any]]":
        # bash takes `--flag=value` apart, others do not, and want it whole.
        found = super().get_completions(args[:-1] if args[-1:] == ["="] else args, incomplete)
        flag, equals, _ = incomplete.partition("=")
        if equals and flag:
            return [CompletionItem(f"{flag}={item.value}", item.type, item.help) for item in found]
        if not incomplete.startswith("-") or incomplete != incomplete.lower():
            return found
        return [item for item in found if item.value == item.value.lower()]


class _Bash(_Asked, BashComplete):
    pass


class _Zsh(_Asked, ZshComplete):
    pass


class _Fish(_Asked, FishComplete):
    pass


def prepare() -> None:
    """Let click complete in this way."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)
