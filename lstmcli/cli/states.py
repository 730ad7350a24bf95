"""Flags by which a network goes on with sequences where it left them, and the file of their states."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lstmcli.cli.streams import note
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, ModelError

if TYPE_CHECKING:
    from lstmcli.carried_states import CarriedStates
    from lstmcli.graph import Graph, Network

Command = TypeVar("Command", bound=Callable[..., Any])
_FLAGS = (
    click.option(
        *("--state", "file"),
        metavar="FILE",
        help="Start each sequence from its state in FILE; one that is not there from the model's.",
    ),
    click.option(
        *("--update-state", "update"), is_flag=True, help="Write the states after the last rows into FILE."
    ),
    click.option("--reset-state", "reset", is_flag=True, help="Forget what is in FILE before."),
    click.option("--stream", is_flag=True, help="A row out for each row in, at once; states by sequence."),
    click.option("--skip-bad-rows", "skip", is_flag=True, help="With --stream: report bad rows and go on."),
    click.option(
        "--forget-after",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="With --stream: forget a sequence without rows for so long.",
    ),
)


@dataclass(frozen=True)
class GoingOn:
    """What was asked of states and streams."""

    file: str | None
    update: bool
    reset: bool
    stream: bool
    skip: bool
    forget_after: float | None

    @property
    def carries(self) -> bool:
        """Whether sequences go on at all."""
        return self.stream or self.file is not None


def state_flags(command: Command) -> Command:
    """`--state FILE` and its like; `going_on` takes what click makes of them."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def going_on(flags: dict[str, Any]) -> GoingOn:
    """What was asked; raises UsageFaultError for flags that do not go together."""
    asked = GoingOn(**{name: flags[name] for name in GoingOn.__dataclass_fields__})
    if asked.file is None:
        for given, flag in ((asked.update, "--update-state"), (asked.reset, "--reset-state")):
            if given:
                raise UsageFaultError(Fault(f"`{flag}` needs a file of states", None, "add `--state FILE`"))
    if not asked.stream:
        for given, flag in ((asked.skip, "--skip-bad-rows"), (bool(asked.forget_after), "--forget-after")):
            if given:
                raise UsageFaultError(Fault(f"`{flag}` is for rows one by one", None, "add `--stream`"))
    if asked.file == "-":
        raise UsageFaultError(
            Fault("states are kept in a file, not in a pipe", None, "name it: `--state FILE`")
        )
    return asked


def read_going_on(asked: GoingOn, network: "Network", model: str) -> "CarriedStates":
    """The states to start from; raises ModelError before the work for what would fail after it."""
    from lstmcli.carried_states import CarriedStates
    from lstmcli.modelfile import check_writable
    from lstmcli.modelfile.states import read_states
    from lstmcli.state_file import carried_from

    if asked.file is None:
        return CarriedStates(network)
    if not network.graph.stateful:
        message = f"the layers of `{model}` have no states"
        raise ModelError(Fault(message, None, "leave out `--state`: each step is answered by itself"))
    path = Path(asked.file)
    if asked.update:
        check_writable(path)
    # What is no file of states is not replaced, whatever is forgotten.
    stored = read_states(path)
    if stored is None and not asked.update:
        note(f"note: there is no file `{path}` yet: sequences start from the model's states")
    if stored is None or asked.reset:
        return CarriedStates(network)
    return carried_from(stored, path, network)


def write_going_on(asked: GoingOn, states: "CarriedStates", network: "Network") -> None:
    """Keep the states if that was asked; raises ModelError."""
    if asked.update:
        from lstmcli.state_file import write_carried

        assert asked.file is not None
        write_carried(Path(asked.file), states, network)


def layers_that_need_all(graph: "Graph") -> list[str]:
    """The layers that see no more of a sequence than what comes in one call, by their titles."""
    return [node.entry.title for node in graph.nodes if not node.layer.works_in_pieces]
