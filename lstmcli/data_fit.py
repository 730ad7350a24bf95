"""Where a network and data meet: what data decides about a network, and what must agree."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import prod

import numpy as np

from lstmcli.data.selection import Observations, select
from lstmcli.data.sizes import show_shape
from lstmcli.data.vocabulary import Vocabulary
from lstmcli.errors import DataError, Fault, Place, SpecError, counted
from lstmcli.graph import Graph, Node
from lstmcli.graph_building import show_size, show_steps
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.layers.word_embedding import ERROR, WordEmbedding
from lstmcli.options import TrainingOptions
from lstmcli.records import Sequences, Targets
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
    """Raise DataError where sequences do not fit the network: as `check_steps` does, and for MinLength, for
    those that are too short for a layer, or with a last piece that is.

    trained : whether the network is what it is, and only the data can be another
    """
    check_steps(graph, sequences, trained)
    for node in graph.nodes:
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


def check_steps(graph: Graph, sequences: Sequences, trained: bool) -> None:
    """Raise DataError where the steps do not fit the network, however many they are: their channels, and
    numbers that are to be those of words.
    """
    if sequences.shape is not None:
        _check_images(graph, sequences, sequences.shape, trained)
    else:
        _check_channels(graph, sequences, trained)
    for node in graph.nodes:
        if isinstance(node.layer, WordEmbedding):
            _check_words(sequences, node, graph.nodes[node.wires[0].layer].columns)


def _check_images(graph: Graph, sequences: Sequences, shape: tuple[int, ...], trained: bool) -> None:
    """Raise DataError where images have another height, width or channels than the network takes."""
    sizes = [node.size_out for node in graph.inputs]
    if all(size.spatial == shape[:2] for size in sizes) and graph.columns == prod(shape):
        return
    takes = " and ".join(f"{node.entry.title} takes {show_size(node.size_out)}" for node in graph.inputs)
    message = f"the data are {show_shape(shape)}, but {takes}"
    help = f"set `InputSize: [{', '.join(map(str, shape))}]` in the spec"
    raise DataError(Fault(message, _file(sequences), None if trained or len(sizes) > 1 else help))


def _check_channels(graph: Graph, sequences: Sequences, trained: bool) -> None:
    """Raise DataError where there are more or fewer columns than the network takes."""
    got, wanted = sequences.values.shape[1], graph.columns
    if got == wanted:
        return
    columns = f" ({_list_some(sequences.channels)})" if sequences.channels else ""
    several = len(graph.inputs) > 1
    title = " and ".join(node.entry.title for node in graph.inputs)
    expects = f"{title} expect{'' if several else 's'} {wanted}"
    message = f"the data has {counted(got, 'feature channel')}{columns}, but {expects}"
    ways = [f"choose {wanted} with `features`"] if sequences.channels else []
    ways += [] if trained or several else [f"set `InputSize` to {got} in the spec"]
    raise DataError(Fault(message, _file(sequences), ", or ".join(ways) or None))


def _file(sequences: Sequences) -> Place | None:
    return Place(sequences.places[0][0]) if sequences.places else None


def _place(sequences: Sequences, n: int) -> Place | None:
    return Place(*sequences.places[n]) if sequences.places else None


def _check_lengths(sequences: Sequences, least: int, node: Node, reason: str, help: str) -> None:
    """Raise DataError at the first sequence of fewer time steps than a layer needs."""
    short = np.flatnonzero(sequences.lengths < least)
    if len(short):
        n = int(short[0])
        steps = counted(int(sequences.lengths[n]), "time step")
        message = f"sequence `{sequences.ids[n]}` has {steps}, but {node.entry.title} {reason}"
        raise DataError(Fault(message, _place(sequences, n), f"leave the sequence out, or {help}"))


def _check_pieces(sequences: Sequences, length: int, least: int, node: Node, reason: str) -> None:
    """Raise DataError at the first sequence whose last piece has fewer time steps than a layer needs."""
    last = (sequences.lengths - 1) % length + 1
    short = np.flatnonzero(last < least)
    if len(short):
        n = int(short[0])
        steps = counted(int(sequences.lengths[n]), "time step")
        message = (
            f"sequence `{sequences.ids[n]}` has {steps}, of which `SequenceLength` "
            f"{length} leaves {last[n]} for the last piece, but {node.entry.title} {reason}"
        )
        help = "choose another `SequenceLength`, or longest"
        raise DataError(Fault(message, _place(sequences, n), help))


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
        raise DataError(Fault(message, _place(sequences, n)))


def fitting_blocks(
    graph: Graph,
    blocks: Iterable[Observations],
    options: TrainingOptions,
    vocabulary: Vocabulary | None = None,
    pieces: bool = False,
) -> Iterator[Sequences]:
    """The sequences of the blocks, each checked when it comes, words by their numbers in the vocabulary.

    pieces : they go on with others, so that none is too short

    Raises as `check_sequences` and `Vocabulary.look_up` do, after the sequences before the one at fault.
    """

    def fitting(sequences: Sequences) -> Sequences:
        if vocabulary is not None:
            sequences = vocabulary.look_up(sequences)
        if pieces:
            check_steps(graph, sequences, trained=True)
        else:
            check_sequences(graph, sequences, options, trained=True)
        return sequences

    for sequences, _ in blocks:
        try:
            checked = fitting(sequences)
        except DataError:
            sound = _sound(sequences, fitting)
            if sound is not None:
                yield sound
            raise
        yield checked


def _sound(sequences: Sequences, fitting: Callable[[Sequences], Sequences]) -> Sequences | None:
    """The most sequences from the first on that fit, None if that one does not."""

    def first(count: int) -> Sequences:
        return select(sequences, np.arange(count))

    def is_at_fault(count: int) -> bool:
        try:
            fitting(first(count))
        except DataError:
            return True
        return False

    count = bisect_left(range(1, len(sequences)), True, key=is_at_fault)
    return fitting(first(count)) if count else None


def check_answers(graph: Graph, sequences: Sequences, targets: Targets) -> None:
    """Raise DataError where there are more or fewer responses than the trained network answers."""
    wanted, got = len(targets.names), graph.output_size.channels
    if wanted != got:
        responses = f"the data has {_count_targets(graph, targets)}, but the network answers {got}"
        raise DataError(Fault(responses, _file(sequences)))


def check_targets(graph: Graph, targets: Targets) -> None:
    """Raise SpecError where the network's output has another number of channels than there are targets."""
    wanted, got = len(targets.names), graph.output_size.channels
    if wanted == got:
        return
    sizing = (node.entry for node in reversed(graph.nodes) if _SIZES & node.entry.marks.keys())
    entry = next(sizing, graph.inputs[0].entry)
    verb = "is" if wanted == 1 else "are"
    given = f"{entry.title} gives {counted(got, 'channel')}"
    message = f"{given}, but there {verb} {_count_targets(graph, targets)}"
    if "output_size" in entry.marks:
        raise SpecError(Fault(message, entry.marks["output_size"], f"set its `OutputSize` to {wanted}"))
    raise SpecError(Fault(message, entry.mark, f"put `- fullyConnected: {wanted}` after it"))


def _count_targets(graph: Graph, targets: Targets) -> str:
    nouns = ("class", "classes") if graph.task.classification else ("response", "responses")
    return f"{counted(len(targets.names), *nouns)} ({_list_some(targets.names)})"


def _list_some(names: tuple[str, ...]) -> str:
    return ", ".join(names if len(names) <= 15 else (*names[:12], "..."))
