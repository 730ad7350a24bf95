"""A network with its spec to a stored model, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lstmcli.errors import Fault, ModelError, Place, SpecError
from lstmcli.given import NOT_NEGATIVE
from lstmcli.graph import Graph, Network
from lstmcli.graph_building import build_graph
from lstmcli.layers.word_embedding import WordEmbedding
from lstmcli.modelfile import read_model
from lstmcli.options import TrainingOptions
from lstmcli.records import Model, Weights
from lstmcli.spec.command_line import Flags, flag_nodes
from lstmcli.spec.properties import shown_properties
from lstmcli.spec_file import Spec, read_spec


@dataclass(frozen=True)
class Stored:
    """A network as it comes from a file, with the spec it was made from and the history of its training."""

    spec: Spec
    network: Network
    history: Mapping[str, list[float]] = field(default_factory=dict)

    @property
    def options(self) -> TrainingOptions:
        """The options it was trained with; prediction's defaults."""
        return self.spec.options


def to_model(spec: Spec, network: Network, history: Mapping[str, list[float]]) -> Model:
    """What the model file holds of a network, trained with this spec."""
    graph = network.graph
    in_order = sorted(graph.nodes, key=lambda node: node.number)
    names, classification = graph.output.names or (), graph.output.classification
    return Model(
        spec=spec.text(node.layer for node in in_order),
        weights=network.weights,
        classes=names if classification else (),
        response_names=() if classification else names,
        vocabulary=spec.vocabulary,
        training_options=shown_properties(spec.options),
        training_info={name: np.array(values) for name, values in history.items()},
    )


def read_network(path: Path, option_flags: Flags | None = None, data_flags: Flags | None = None) -> Stored:
    """The network in a model file, flags laid over its options and its reading of columns.

    Raises ModelError if the file is damaged or its arrays do not fit its spec; SpecError for bad flags.
    """
    model, name = read_model(path), f"{path}:/Spec"
    try:
        own = read_spec(model.spec, name, path.parent)
        graph = build_graph(own.layers)
    except SpecError as error:
        raise _damaged(path, error.faults[0].message) from None
    _check_vocabulary(path, graph, model.vocabulary, own.data.words is not None)
    spec = own
    if option_flags or data_flags:
        _check_flags(own, option_flags or {}, data_flags or {})
        spec = read_spec(model.spec, name, path.parent, option_flags, data_flags)
    weights: Weights = {}
    for node in graph.nodes:
        weights[node.name] = {}
        for parameter in node.parameters():
            array = model.weights.get(node.name, {}).get(parameter.name)
            shape = parameter.shape
            # A vector that another program wrote comes back as a column.
            if array is None or array.shape not in (shape, (*shape, 1)):
                raise _damaged(path, f"`/Layers/{node.name}/{parameter.name}` is missing or of another size")
            if not np.isfinite(array).all():
                raise _damaged(path, f"`/Layers/{node.name}/{parameter.name}` has values that are not finite")
            if parameter.name in NOT_NEGATIVE and array.min() < 0:
                raise _damaged(path, f"`/Layers/{node.name}/{parameter.name}` has values below 0")
            weights[node.name][parameter.name] = np.ascontiguousarray(array.reshape(shape))
    history = {name: values.tolist() for name, values in model.training_info.items()}
    return Stored(replace(spec, vocabulary=model.vocabulary), Network(graph, weights), history)


def _check_vocabulary(path: Path, graph: Graph, words: tuple[str, ...], needed: bool) -> None:
    """Raise ModelError unless the words, which data is read by if they are needed, have a number each."""
    sizes = [node.layer.num_words for node in graph.nodes if isinstance(node.layer, WordEmbedding)]
    if needed and not words:
        raise _damaged(path, "`/Vocabulary` is missing")
    if len(words) > max((size for size in sizes if isinstance(size, int)), default=0):
        raise _damaged(path, "`/Vocabulary` has more words than the network")
    if "" in words or len(set(words)) < len(words):
        raise _damaged(path, "`/Vocabulary` has a word twice, or one of nothing")
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        raise _damaged(path, "`/Vocabulary` has half a character") from None


def _check_flags(own: Spec, option_flags: Flags, data_flags: Flags) -> None:
    """Raise SpecError for a column of words where the model takes numbers, and the other way round."""
    nodes = flag_nodes(option_flags, data_flags)[1]
    if "words" in nodes and own.data.words is None:
        key, value = nodes["words"]
        help = "leave out `--words`, or train on a column of words"
        message = f"the model has no vocabulary to read `{value.text}` by"
        raise SpecError(Fault(message, key.mark, help))
    if "features" in nodes and own.data.words is not None:
        message = "the model reads words of a text, not `features` that are numbers"
        help = f"leave out `--features`; `--words` names the column, if it is not `{own.data.words}`"
        raise SpecError(Fault(message, nodes["features"][0].mark, help))


def _damaged(path: Path, what: str) -> ModelError:
    return ModelError(Fault(f"the model does not hold together: {what}", Place(str(path))))
