"""What predict and classify share: a model, data from anywhere, and CSV on stdout."""

import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lstmcli.cli.flags import Given, given_flags, use_threads
from lstmcli.cli.joined_files import note_joined_files
from lstmcli.cli.streams import flush_results, note, result
from lstmcli.cli.usage import UsageFaultError
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.errors import Fault, ModelError

if TYPE_CHECKING:
    from lstmcli.graph import Graph
    from lstmcli.network_file import Stored
    from lstmcli.records import Sequences


def data_arguments(data: tuple[str, ...]) -> tuple[str, ...]:
    """The data to read: what was named, or stdin where that is no terminal."""
    if data:
        return data
    if sys.stdin.isatty():
        raise UsageFaultError(Fault("no data is named", None, "name files, a folder, or `-` for stdin"))
    return ("-",)


def columns_to_read(stored: "Stored", given: Given, paths: tuple[str, ...]) -> DataSection:
    """How the model's data is read: without times where they are not in it and this command asks for none; of
    MAT-files the variables of test data, unless it names others.
    """
    from lstmcli.data.reading import of_part

    columns = stored.spec.data
    asked = {word: getattr(columns, word) for word in ("features", "labels", "responses") if word in given}
    return replace(of_part(paths, columns, "test"), **asked, time_optional="time" not in given)


def write_predictions(
    model: str, data: tuple[str, ...], threads: int | None, flags: dict[str, Any], labels: bool, scores: bool
) -> None:
    """Predict each sequence of `data` and write its rows as soon as they are known."""
    paths = data_arguments(data)

    from lstmcli.data.reading import read_blocks
    from lstmcli.data_fit import fitting_blocks
    from lstmcli.network_file import read_network
    from lstmcli.prediction import predict_blocks
    from lstmcli.prediction_table import PredictionTable
    from lstmcli.spec_words import stored_vocabulary

    options, given = given_flags(flags)
    stored = read_network(Path(model), options, given)
    graph = stored.network.graph
    if not scores and not graph.task.classification:
        help = "use `lstmcli predict` for its responses"
        raise ModelError(Fault(f"`{model}` is a regression network: it has no classes", None, help))
    use_threads(threads)
    columns = columns_to_read(stored, given, paths)
    vocabulary = stored_vocabulary(stored.spec)
    blocks = fitting_blocks(graph, read_blocks(paths, columns, None), stored.options, vocabulary)
    by_length = columns.sort == "length"
    table: PredictionTable | None = None
    count = 0
    for sequences, predictions in predict_blocks(stored.network, blocks, stored.options, by_length):
        coming = iter(predictions)
        while done := list(islice(coming, stored.options.mini_batch_size)):
            lines = []
            if table is None:
                # The header waits for the first rows: where those are at fault nothing is written.
                table = PredictionTable(graph, _time(columns, sequences, graph), labels, scores)
                lines = [table.header()]
            result("\n".join(lines + table.lines(sequences, done)))
        flush_results()
        count += len(sequences)
    if count == 1:
        note_joined_files(paths, columns, [sequences])


def _time(columns: DataSection, sequences: "Sequences", graph: "Graph") -> str | None:
    """The column of times in the output, with a note if the data has it not."""
    if columns.time == NONE or not graph.output_size.time:
        return None
    if sequences.times is None:
        note(f"note: the data has no column `{columns.time}`: rows are written without times")
        return None
    return columns.time
