"""`lstmcli evaluate`: metrics against the targets in the data."""

from pathlib import Path
from typing import Any

import click

from lstmcli.cli.data_source import data_arguments
from lstmcli.cli.flags import COLUMN_WORDS, TARGET_WORDS, given_flags, network_flags, threads_flag
from lstmcli.cli.picture_file import check_picture, draw_file
from lstmcli.cli.streams import flush_results, note
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, ModelError


@click.command("evaluate")
@click.argument("model")
@click.argument("data", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print all figures as one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a row for each class or response as CSV.")
@click.option(
    "--by",
    type=click.Choice(("sequence", "step")),
    help="Print a row for each sequence or time step instead: CSV, or with --json an object a line.",
)
@click.option(
    "--worst",
    type=click.IntRange(min=1),
    metavar="N",
    help="Of these rows (of sequences, without --by) only the N worst, the worst first.",
)
@click.option(
    "--plot", metavar="FILE", help="Also draw the confusion, or the responses (.png, .svg or .pdf)."
)
@threads_flag
@network_flags((*COLUMN_WORDS, *TARGET_WORDS))
def command(
    model: str,
    data: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    by: str | None,
    worst: int | None,
    plot: str | None,
    threads: int | None,
    **flags: Any,
) -> None:
    """How well the model answers on DATA, which has the targets too.

    For classification: accuracy, balanced accuracy, precision, recall, F1 and area under the curve of each
    class, and the confusion table with true classes in rows; for regression: RMSE, MAE, MAPE and R2 of each
    response (MAPE as a share in JSON and CSV). Each time step of a sequence-to-sequence network counts as a
    sample.

    Rows of sequences and steps have the true and the predicted label and the score of the true class, or the
    error true - predicted of each response; those of a sequence of answers have the figures of its steps. The
    worst are wrong with the smallest score, or have the largest error beside the RMSE of their response.
    """
    if as_json and as_csv:
        raise UsageFaultError(Fault("`--json` and `--csv` are two forms of the same", None, "choose one"))
    paths = data_arguments(data)
    picture = None if plot is None else check_picture(plot)

    from lstmcli.cli.measuring import measured
    from lstmcli.cli.metrics_data import print_csv, print_json
    from lstmcli.cli.metrics_text import print_metrics
    from lstmcli.cli.rows import print_rows, print_worst
    from lstmcli.evaluation_table import sequence_rows, step_rows
    from lstmcli.network_file import read_network

    options, given = given_flags(flags)
    stored = read_network(Path(model), options, given)
    if by == "step" and not stored.network.graph.task.per_step:
        help = "use `--by sequence`"
        raise ModelError(Fault(f"`{model}` answers once a sequence: it has no answers to steps", None, help))
    found, _, columns = measured(stored, given, paths, threads)
    if by is not None or worst is not None:
        rows = step_rows(found, columns.time) if by == "step" else sequence_rows(found)
        print_rows(rows if worst is None else rows.worst(worst), as_json)
    elif as_json:
        print_json(found.metrics)
    elif as_csv:
        print_csv(found.metrics)
    else:
        print_metrics(found.metrics, "", tables=True)
        print_worst(sequence_rows(found))
    if picture is not None:
        from lstmcli.pictures.evaluation import draw_evaluation
        from lstmcli.pictures.figure import drawn

        flush_results()
        draw_file(picture, lambda form: drawn(draw_evaluation(found), form), note)
