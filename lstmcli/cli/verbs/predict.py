"""`lstmcli predict`: scores or responses of sequences."""

from typing import Any

import click

from lstmcli.cli.predicting import prediction_flags, write_predictions


@click.command("predict")
@prediction_flags
def command(model: str, data: tuple[str, ...], threads: int | None, **flags: Any) -> None:
    """Scores (with the label) or responses of the sequences in DATA, as CSV on stdout.

    DATA are CSV files, a folder of them, .ts or MAT-files, .npy files, or - for stdin. Options and the
    reading of columns are those the model was trained with, unless a flag says otherwise. Of MAT-files
    with XTrain and XTest XTest is taken.
    """
    write_predictions(model, data, threads, flags, labels=True, scores=True)
