"""`lstmcli classify`: class labels of sequences."""

from typing import Any

import click

from lstmcli.cli.predicting import prediction_flags, write_predictions


@click.command("classify")
@prediction_flags
def command(model: str, data: tuple[str, ...], threads: int | None, **flags: Any) -> None:
    """The class with the highest score for each sequence in DATA, or for each of its steps, as CSV.

    DATA and flags are as for `lstmcli predict`.
    """
    write_predictions(model, data, threads, flags, labels=True, scores=False)
