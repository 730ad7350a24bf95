"""What predict and classify share: a model, data from anywhere, and CSV on stdout."""

import sys
from pathlib import Path
from typing import Any

from lstmcli.cli.flags import given_flags, use_threads
from lstmcli.cli.streams import flush_results, result
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, ModelError


def data_arguments(data: tuple[str, ...]) -> tuple[str, ...]:
    """The data to read: what was named, or stdin where that is no terminal."""
    if data:
        return data
    if sys.stdin.isatty():
        raise UsageFaultError(Fault("no data is named", None, "name files, a folder, or `-` for stdin"))
    return ("-",)


def write_predictions(
    model: str, data: tuple[str, ...], threads: int | None, flags: dict[str, Any], labels: bool, scores: bool
) -> None:
    """Predict each sequence of `data` and write its rows as soon as they are known."""
    paths = data_arguments(data)

    from lstmcli.data.reading import read_blocks
    from lstmcli.network_file import read_network
    from lstmcli.prediction import predict_blocks
    from lstmcli.prediction_table import PredictionTable

    stored = read_network(Path(model), *given_flags(flags))
    graph = stored.network.graph
    if not scores and not graph.task.classification:
        help = "use `lstmcli predict` for its responses"
        raise ModelError(Fault(f"`{model}` is a regression network: it has no classes", None, help))
    use_threads(threads)
    columns = stored.spec.data.columns
    table = PredictionTable(graph, columns.time, labels, scores)
    blocks = (sequences for sequences, _ in read_blocks(paths, columns, None))
    by_length = stored.spec.data.sort == "length"
    # The header waits for the first rows: where the data is at fault from the start, nothing is written.
    lines = [table.header()]
    for sequences, predictions in predict_blocks(stored.network, blocks, stored.options, by_length):
        for prediction in predictions:
            lines.extend(table.lines(sequences, prediction))
            result("\n".join(lines))
            lines.clear()
        flush_results()
