"""`lstmcli predict`: scores or responses of sequences."""

from typing import Any

import click

from lstmcli.cli.flags import COLUMN_WORDS, network_flags, threads_flag
from lstmcli.cli.predicting import write_predictions
from lstmcli.cli.states import state_flags


@click.command("predict")
@click.argument("model")
@click.argument("data", nargs=-1)
@threads_flag
@state_flags
@network_flags(COLUMN_WORDS)
def command(model: str, data: tuple[str, ...], threads: int | None, **flags: Any) -> None:
    """Scores (with the label) or responses of the sequences in DATA, as CSV on stdout.

    DATA are CSV files, a folder of them, .ts or MAT-files, .npy files, or - for stdin. Options and the
    reading of columns are those the model was trained with, unless a flag says otherwise. Of MAT-files
    with XTrain and XTest XTest is taken.
    """
    write_predictions(model, data, threads, flags, labels=True, scores=True)
