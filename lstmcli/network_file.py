"""A network with its spec to a stored model, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstmcli.errors import Fault, InputError, ModelError, Place
from lstmcli.graph import Network, build_graph
from lstmcli.modelfile import read_model
from lstmcli.options import TrainingOptions
from lstmcli.records import Model, Weights
from lstmcli.spec.properties import shown_properties
from lstmcli.spec_file import Flags, Spec, read_spec


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
    layers = [node.layer for node in network.graph.nodes]
    output = network.graph.output
    classes, responses = getattr(output, "classes", ()), getattr(output, "response_names", ())
    return Model(
        spec=spec.text(layers),
        weights=network.weights,
        classes=classes if isinstance(classes, tuple) else (),
        response_names=responses if isinstance(responses, tuple) else (),
        training_options=shown_properties(spec.options),
        training_info={name: np.array(values) for name, values in history.items()},
    )


def read_network(path: Path, option_flags: Flags | None = None, data_flags: Flags | None = None) -> Stored:
    """The network in a model file, flags laid over its options and its reading of columns.

    Raises ModelError if the file is damaged or its arrays do not fit its spec; SpecError for bad flags.
    """
    model = read_model(path)
    try:
        build_graph(read_spec(model.spec, f"{path}:/Spec", path.parent).layers)
    except InputError as error:
        raise _damaged(path, error.faults[0].message) from None
    spec = read_spec(model.spec, f"{path}:/Spec", path.parent, option_flags, data_flags)
    graph = build_graph(spec.layers)
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
    return Stored(spec, Network(graph, weights))


def _damaged(path: Path, what: str) -> ModelError:
    return ModelError(Fault(f"the model does not hold together: {what}", Place(str(path))))
