"""A stored network measured on data that the command line names."""

from typing import TYPE_CHECKING

from lstmcli.cli.data_source import columns_to_read
from lstmcli.cli.flags import Given, use_threads
from lstmcli.cli.reading_notes import note_again, note_joined_files

if TYPE_CHECKING:
    from lstmcli.data.declaration import DataSection
    from lstmcli.evaluation import Evaluation
    from lstmcli.network_file import Stored
    from lstmcli.records import Data


def measured(
    stored: "Stored", given: Given, paths: tuple[str, ...], threads: int | None
) -> tuple["Evaluation", "Data", "DataSection"]:
    """The network's answers to the data, the data with its targets, and how its columns were read.

    given : the data flags. Raises DataError.
    """
    from lstmcli.data.reading import read_sequences
    from lstmcli.data.windows import cut_and_sort
    from lstmcli.data_fit import check_answers, check_sequences
    from lstmcli.evaluation import evaluate
    from lstmcli.records import Data
    from lstmcli.spec_words import stored_vocabulary

    graph = stored.network.graph
    columns = columns_to_read(stored, given, paths)
    whole = read_sequences(paths, columns, graph.task)
    note_joined_files(paths, columns, whole[:1])
    note_again(whole[0].ids, set())
    sequences, targets = cut_and_sort(whole, columns, graph.task)
    vocabulary = stored_vocabulary(stored.spec)
    if vocabulary is not None:
        sequences = vocabulary.look_up(sequences)
    check_sequences(graph, sequences, stored.options, trained=True)
    check_answers(graph, sequences, targets)
    use_threads(threads)
    return evaluate(stored.network, sequences, targets, stored.options), Data(sequences, targets), columns
