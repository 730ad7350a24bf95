"""Where a network and data meet: what data decides about a network, and what must agree."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from lstmcli.data.selection import Observations
from lstmcli.data.vocabulary import Vocabulary
from lstmcli.errors import DataError, Fault, Place, SpecError
from lstmcli.graph import Graph, Network, Node
from lstmcli.graph_building import show_steps
from lstmcli.initialization import missing_statistics
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.regression_output import RegressionOutput
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.layers.word_embedding import ERROR, WordEmbedding
from lstmcli.options import TrainingOptions
from lstmcli.records import Sequences, Targets, Weights
from lstmcli.spec_file import Spec

_SIZES = {"output_size", "num_hidden_units"}
"""Properties that decide how many channels a layer gives."""


def complete(spec: Spec, sequences: Sequences, targets: Targets) -> Spec:
    """The spec with what the training data decides: Classes, ResponseNames, feature columns and words."""
    spec = name_outputs(spec, targets.names)
    words = sequences.words or ()
    entries = tuple(
        replace(entry, layer=replace(entry.layer, num_words=len(words)))
        if isinstance(entry.layer, WordEmbedding) and entry.layer.num_words == "auto"
        else entry
        for entry in spec.layers.entries
    )
    # Variables and channels without a name stay as the spec has them.
    data = replace(spec.data, features=sequences.channels or spec.data.features)
    return replace(spec, layers=replace(spec.layers, entries=entries), data=data, vocabulary=words)


def name_outputs(spec: Spec, names: tuple[str, ...]) -> Spec:
    """The spec with these classes or responses where it does not name them itself."""
    entries = tuple(
        replace(entry, layer=entry.layer.with_names(names))
        if isinstance(entry.layer, OutputLayer) and entry.layer.names is None
        else entry
        for entry in spec.layers.entries
    )
    return replace(spec, layers=replace(spec.layers, entries=entries))


def check_sequences(graph: Graph, sequences: Sequences, options: TrainingOptions, trained: bool) -> None:
    """Raise DataError where sequences do not fit the network: channels, MinLength, too short for a layer, or
    with a last piece that is.

    trained : whether the network is what it is, and only the data can be another
    """
    got, wanted = sequences.values.shape[1], graph.columns
    if got != wanted:
        place = sequences.places[0][0] if sequences.places else "data"
        columns = f" ({_list_some(sequences.channels)})" if sequences.channels else ""
        count = f"{got} feature channel{'' if got == 1 else 's'}"
        several = len(graph.inputs) > 1
        title = " and ".join(node.entry.title for node in graph.inputs)
        message = f"the data has {count}{columns}, but {title} expect{'' if several else 's'} {wanted}"
        ways = [f"choose {wanted} with `features`"] if sequences.channels else []
        ways += [] if trained or several else [f"set `InputSize` to {got} in the spec"]
        raise DataError(Fault(message, Place(place), ", or ".join(ways) or None))
    for node in graph.nodes:
        if isinstance(node.layer, WordEmbedding):
            _check_words(sequences, node, graph.nodes[node.wires[0].layer].columns)
        if isinstance(node.layer, SequenceInput):
            reason, help = f"has `MinLength` {node.layer.min_length}", "train with a smaller `MinLength`"
            _check_lengths(sequences, node.layer.min_length, node, reason, help)
        steps = node.size_out.steps
        if steps is not None:
            reason = f"leaves {show_steps(steps)} of T time steps"
            least = steps.divide - steps.add
            _check_lengths(sequences, least, node, reason, "give the layer `Padding`")
            if not isinstance(options.sequence_length, str) and graph.counts_steps:
                _check_pieces(sequences, options.sequence_length, least, node, reason)


def _check_lengths(sequences: Sequences, least: int, node: Node, reason: str, help: str) -> None:
    """Raise DataError at the first sequence of fewer time steps than a layer needs."""
    short = np.flatnonzero(sequences.lengths < least)
    if len(short):
        n = int(short[0])
        steps = int(sequences.lengths[n])
        message = (
            f"sequence `{sequences.ids[n]}` has {steps} time step{'' if steps == 1 else 's'}, "
            f"but {node.entry.title} {reason}"
        )
        place = Place(*sequences.places[n]) if sequences.places else None
        raise DataError(Fault(message, place, f"leave the sequence out, or {help}"))


def _check_pieces(sequences: Sequences, length: int, least: int, node: Node, reason: str) -> None:
    """Raise DataError at the first sequence whose last piece has fewer time steps than a layer needs."""
    last = (sequences.lengths - 1) % length + 1
    short = np.flatnonzero(last < least)
    if len(short):
        n = int(short[0])
        message = (
            f"sequence `{sequences.ids[n]}` has {sequences.lengths[n]} time steps, of which `SequenceLength` "
            f"{length} leaves {last[n]} for the last piece, but {node.entry.title} {reason}"
        )
        place = Place(*sequences.places[n]) if sequences.places else None
        raise DataError(Fault(message, place, "choose another `SequenceLength`, or longest"))


def _check_words(sequences: Sequences, node: Node, columns: slice | None) -> None:
    """Raise DataError at the first value that is no number of a word."""
    layer = node.layer
    assert isinstance(layer, WordEmbedding)
    values = sequences.values[:, columns or slice(None)]
    wrong, wanted = (values != np.rint(values)) | (values < 0), "whole numbers"
    if layer.oov_mode == ERROR and isinstance(layer.num_words, int):
        wrong |= (values < 1) | (values > layer.num_words)
        wanted = f"numbers from 1 to {layer.num_words}"
    if wrong.any():
        step = int(wrong.argmax())
        n = int(np.searchsorted(sequences.offsets, step, "right")) - 1
        message = (
            f"sequence `{sequences.ids[n]}` has {values[step, 0]:g} for a word, "
            f"but {node.entry.title} takes {wanted}"
        )
        raise DataError(Fault(message, Place(*sequences.places[n]) if sequences.places else None))


def fitting_blocks(
    graph: Graph,
    blocks: Iterable[Observations],
    options: TrainingOptions,
    vocabulary: Vocabulary | None = None,
) -> Iterator[Sequences]:
    """The sequences of the blocks, each checked when it comes, words by their numbers in the vocabulary.

    Raises as `check_sequences` and `Vocabulary.look_up` do.
    """
    for sequences, _ in blocks:
        if vocabulary is not None:
            sequences = vocabulary.look_up(sequences)
        check_sequences(graph, sequences, options, trained=True)
        yield sequences


def check_targets(graph: Graph, targets: Targets) -> None:
    """Raise SpecError where the network's output has another number of channels than there are targets."""
    wanted, got = len(targets.names), graph.output_size.channels
    if wanted == got:
        return
    sizing = (node.entry for node in reversed(graph.nodes) if _SIZES & node.entry.marks.keys())
    entry = next(sizing, graph.inputs[0].entry)
    what = "classes" if graph.task.classification else "responses"
    message = (
        f"{entry.title} gives {got} channel{'' if got == 1 else 's'}, "
        f"but there are {wanted} {what} ({_list_some(targets.names)})"
    )
    if "output_size" in entry.marks:
        raise SpecError(Fault(message, entry.marks["output_size"], f"set its `OutputSize` to {wanted}"))
    raise SpecError(Fault(message, entry.mark, f"put `- fullyConnected: {wanted}` after it"))


def measure_statistics(
    network: Network, sequences: Sequences, targets: Targets, options: TrainingOptions
) -> Network:
    """The network with the statistics of its training data.

    Input statistics are measured anew, or with ResetInputNormalization off only where none are given;
    ResponseNormalization measures the responses.
    """
    graph = network.graph
    weights: Weights = {layer: dict(arrays) for layer, arrays in network.weights.items()}
    for node in graph.nodes:
        own = weights[node.name]
        if isinstance(node.layer, SequenceInput):
            columns = slice(None) if node.columns is None else node.columns
            measured = node.layer.measure(sequences.values[:, columns])
            if options.reset_input_normalization:
                own.update(measured)
            else:
                weights[node.name] = {**measured, **own}
        elif isinstance(node.layer, RegressionOutput):
            responses = np.asarray(targets.values, np.float64)
            own.update(node.layer.measure(responses, options.response_normalization))
    return Network(graph, weights)


def require_statistics(network: Network) -> None:
    """Raise SpecError for every statistic that is neither given nor measured."""
    faults = [_missing(node, parameter.name) for node, parameter in missing_statistics(network)]
    if faults:
        raise SpecError(faults)


def _missing(node: Node, name: str) -> Fault:
    message = f"{node.entry.title} needs its `{name}`"
    help = f"give `{name}`, or name data to measure it from: `data: {{train: file.csv}}`"
    return Fault(message, node.entry.mark, help)


def _list_some(names: tuple[str, ...]) -> str:
    return ", ".join(names if len(names) <= 15 else (*names[:12], "..."))
