"""What predict and classify share: a model, data from anywhere, and CSV on stdout."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmcli.cli.data_source import columns_to_read, data_arguments
from lstmcli.cli.flags import COLUMN_WORDS, Command, given_flags, network_flags, threads_flag, use_threads
from lstmcli.cli.reading_notes import noted_blocks
from lstmcli.cli.states import going_on, layers_that_need_all, read_going_on, state_flags, write_going_on
from lstmcli.cli.streaming import stream_predictions
from lstmcli.cli.streams import flush_results, note, result
from lstmcli.cli.whole_steps import refuse_padding
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.errors import Fault, ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lstmcli.graph import Graph
    from lstmcli.prediction import Prediction
    from lstmcli.prediction_table import PredictionTable
    from lstmcli.records import Sequences


def prediction_flags(command: Command) -> Command:
    """The arguments and flags of a verb that ends in `write_predictions`."""
    arguments = click.argument("data", nargs=-1), click.argument("model")
    for add in (network_flags(COLUMN_WORDS), state_flags, threads_flag, *arguments):
        command = add(command)
    return command


def write_predictions(
    model: str, data: tuple[str, ...], threads: int | None, flags: dict[str, Any], labels: bool, scores: bool
) -> None:
    """Predict each sequence of `data` and write its rows as soon as they are known; or row by row.

    Raises UsageFaultError, and ModelError if there is no class to write.
    """
    paths = data_arguments(data)
    options, given = given_flags(flags)
    asked = going_on(flags)

    from lstmcli.network_file import read_network

    stored = read_network(Path(model), options, given)
    if asked.carries:
        refuse_padding(options, stored.options, "states")
    graph = stored.network.graph
    if not scores and not graph.task.classification:
        help = "use `lstmcli predict` for its responses"
        raise ModelError(Fault(f"`{model}` is a regression network: it has no classes", None, help))
    use_threads(threads)
    columns = columns_to_read(stored, given, paths)

    def make_table(timed: bool, graph: "Graph", per_step: bool) -> "PredictionTable":
        from lstmcli.prediction_table import PredictionTable

        return PredictionTable(graph, _time(columns, timed, per_step), labels, scores, per_step)

    if asked.stream:
        stream_predictions(stored, model, paths, columns, asked, make_table)
        return

    from lstmcli.blocks import answer_blocks
    from lstmcli.continuation import Continuation
    from lstmcli.data_fit import fitting_blocks
    from lstmcli.kernels.memory import Memory
    from lstmcli.prediction import predict
    from lstmcli.spec_words import stored_vocabulary

    states = read_going_on(asked, stored.network, model)
    vocabulary = stored_vocabulary(stored.spec)
    pieces = asked.carries and not layers_that_need_all(graph)
    coming_in = noted_blocks(paths, columns, again=not asked.carries)
    blocks = fitting_blocks(graph, coming_in, stored.options, vocabulary, pieces)
    predicted: Iterable[tuple[Sequences, Iterable[Prediction]]]
    if asked.carries:
        for title in layers_that_need_all(graph):
            note(f"note: {title} sees only one call's rows: pieces are not answered as the whole would be")
        continuation = Continuation(stored.network, stored.options, states)
        predicted = ((sequences, continuation.predict(sequences)) for sequences in blocks)
    else:
        by_length = columns.sort == "length"
        own, memory = stored.options, Memory()
        predicted = answer_blocks(
            lambda sequences: predict(stored.network, sequences, own, memory), blocks, own, by_length
        )
    table: PredictionTable | None = None
    for sequences, predictions in predicted:
        coming = iter(predictions)
        while done := list(islice(coming, stored.options.mini_batch_size)):
            lines = []
            # The header waits for the first rows: where those are at fault nothing is written.
            if table is None:
                table = make_table(sequences.times is not None, graph, graph.output_size.time)
                lines = [table.header()]
            result("\n".join(lines + table.lines(sequences, done)))
        flush_results()
    write_going_on(asked, states, stored.network)


def _time(columns: DataSection, timed: bool, per_step: bool) -> str | None:
    """The column of times in the output, with a note if the data has it not."""
    if columns.time == NONE or not per_step:
        return None
    if not timed:
        note(f"note: the data has no column `{columns.time}`: rows are written without times")
        return None
    return columns.time
