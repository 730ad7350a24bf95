"""A network with its spec to a stored model, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lstmcli.errors import Fault, ModelError, Place, SpecError
from lstmcli.graph import Network
from lstmcli.graph_building import build_graph
from lstmcli.modelfile import read_model
from lstmcli.options import TrainingOptions
from lstmcli.records import Model, Weights
from lstmcli.spec.command_line import Flags
from lstmcli.spec.properties import shown_properties
from lstmcli.spec_file import Spec, read_spec


@dataclass(frozen=True)
class Stored:
    """A network as it comes from a file, with the spec it was made from."""

    spec: Spec
    network: Network

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
    model = read_model(path)
    try:
        spec = read_spec(model.spec, f"{path}:/Spec", path.parent, option_flags, data_flags)
        graph = build_graph(spec.layers)
    except SpecError:
        _require_sound(path, model.spec)
        raise
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
            weights[node.name][parameter.name] = np.ascontiguousarray(array.reshape(shape))
    return Stored(replace(spec, vocabulary=model.vocabulary), Network(graph, weights))


def _require_sound(path: Path, spec: str) -> None:
    """Raise ModelError if the stored spec is at fault by itself, without any flag."""
    try:
        build_graph(read_spec(spec, str(path), path.parent).layers)
    except SpecError as error:
        raise _damaged(path, error.faults[0].message) from None


def _damaged(path: Path, what: str) -> ModelError:
    return ModelError(Fault(f"the model does not hold together: {what}", Place(str(path))))
