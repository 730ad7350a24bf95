"""`lstmcli classify`: class labels of sequences."""

from typing import Any

import click

from lstmcli.cli.flags import COLUMN_WORDS, network_flags, threads_flag
from lstmcli.cli.predicting import write_predictions
from lstmcli.cli.states import state_flags


@click.command("classify")
@click.argument("model")
@click.argument("data", nargs=-1)
@threads_flag
@state_flags
@network_flags(COLUMN_WORDS)
def command(model: str, data: tuple[str, ...], threads: int | None, **flags: Any) -> None:
    """The class with the highest score for each sequence in DATA, or for each of its steps, as CSV.

    DATA and flags are as for `lstmcli predict`.
    """
    write_predictions(model, data, threads, flags, labels=True, scores=False)
