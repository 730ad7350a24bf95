"""`lstmcli evaluate`: metrics against the targets in the data."""

from pathlib import Path
from typing import Any

import click

from lstmcli.cli.flags import (
    COLUMN_WORDS,
    PREDICTION_OPTIONS,
    TARGET_WORDS,
    data_flags,
    given_flags,
    option_flags,
    threads_flag,
    use_threads,
)
from lstmcli.cli.predicting import columns_to_read, data_arguments


@click.command("evaluate")
@click.argument("model")
@click.argument("data", nargs=-1)
@click.option("--json", "form", flag_value="json", help="Print all figures as one JSON object.")
@click.option("--csv", "form", flag_value="csv", help="Print a row for each class or response as CSV.")
@threads_flag
@data_flags((*COLUMN_WORDS, *TARGET_WORDS))
@option_flags(PREDICTION_OPTIONS)
def command(model: str, data: tuple[str, ...], form: str | None, threads: int | None, **flags: Any) -> None:
    """How well the model answers on DATA, which has the targets too.

    For classification: accuracy, balanced accuracy, precision, recall, F1 and area under the curve of each
    class, and the confusion table with true classes in rows; for regression: RMSE, MAE, MAPE and R2 of each
    response. Each time step of a sequence-to-sequence network counts as a sample.
    """
    paths = data_arguments(data)

    from lstmcli.cli.figures import print_csv, print_json
    from lstmcli.cli.joined_files import note_joined_files
    from lstmcli.cli.metrics import print_metrics
    from lstmcli.data.reading import read_sequences
    from lstmcli.data.windows import cut_and_sort
    from lstmcli.data_fit import check_answers, check_sequences
    from lstmcli.evaluation import evaluate
    from lstmcli.network_file import read_network
    from lstmcli.spec_words import stored_vocabulary

    options, given = given_flags(flags)
    stored = read_network(Path(model), options, given)
    graph = stored.network.graph
    columns = columns_to_read(stored, given, paths)
    sequences, targets = cut_and_sort(read_sequences(paths, columns, graph.task), columns, graph.task)
    note_joined_files(paths, columns, [sequences])
    vocabulary = stored_vocabulary(stored.spec)
    if vocabulary is not None:
        sequences = vocabulary.look_up(sequences)
    check_sequences(graph, sequences, stored.options, trained=True)
    check_answers(graph, sequences, targets)
    use_threads(threads)
    metrics = evaluate(stored.network, sequences, targets, stored.options)
    if form == "json":
        print_json(metrics)
    elif form == "csv":
        print_csv(metrics)
    else:
        print_metrics(metrics, "", tables=True)
