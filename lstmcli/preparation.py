"""From a spec to a network ready to train: data read and checked, sizes inferred, weights drawn."""

from typing import NamedTuple

from lstmcli.data_fit import check_sequences, check_targets, complete, name_outputs
from lstmcli.data_statistics import measure_statistics, require_statistics
from lstmcli.errors import Fault, SpecError
from lstmcli.graph import Graph, Network
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.spec_data import SpecData, read_spec_data
from lstmcli.spec_file import Spec
from lstmcli.spec_words import check_words


class Prepared(NamedTuple):
    """A network before its first iteration, with the completed spec it belongs to and its data."""

    spec: Spec
    network: Network
    data: SpecData


def prepare_training(spec: Spec) -> Prepared:
    """Read the spec's data and make a network for it.

    Raises SpecError for what is wrong in the layers or does not fit the targets, DataError for the data.
    """
    graph = check_layers(spec)
    if spec.data.validation is None:
        require_no_best(spec, "name some: `data: {validation: file.csv}`, or a fraction such as 0.2")
    return prepare_for(spec, graph, read_spec_data(spec, graph.task))


def check_layers(spec: Spec) -> Graph:
    """The graph of a spec's layers; raises SpecError for what is wrong in them."""
    graph = build_graph(spec.layers)
    check_words(spec)
    return graph


def require_no_best(spec: Spec, help: str) -> None:
    """Raise SpecError if the best network is asked for, of a run without validation data."""
    if spec.options.output_network.startswith("best"):
        message = f"`OutputNetwork` {spec.options.output_network} needs validation data"
        raise SpecError(Fault(message, None, help))


def prepare_for(spec: Spec, graph: Graph, data: SpecData) -> Prepared:
    """Make a network for data that is there; raises SpecError and DataError where they do not go together."""
    for part in (part for part in data if part is not None):
        check_sequences(graph, part.sequences, spec.options, trained=False)
        check_targets(graph, part.targets)
    spec = complete(spec, *data.train)
    drawn = initialize(build_graph(spec.layers), spec.seed, spec.folder, vocabulary=spec.vocabulary)
    return Prepared(spec, measure_statistics(drawn, *data.train, spec.options), data)


def assemble(spec: Spec) -> tuple[Spec, Network]:
    """The completed spec and its network as it is before training.

    What data decides comes from the training data if the spec names some; else it must stand in the
    spec, and classes or responses without a name are numbered. Raises as `prepare_training` does.
    """
    if spec.data.train is not None:
        prepared = prepare_training(spec)
        return prepared.spec, prepared.network
    channels = build_graph(spec.layers).output_size.channels
    check_words(spec)
    spec = name_outputs(spec, tuple(str(k) for k in range(1, channels + 1)))
    network = initialize(build_graph(spec.layers), spec.seed, spec.folder)
    require_statistics(network)
    return spec, network
