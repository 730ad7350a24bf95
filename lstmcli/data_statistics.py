"""Statistics that a network has of its training data."""

import numpy as np

from lstmcli.errors import Fault, SpecError
from lstmcli.graph import Network, Node
from lstmcli.initialization import missing_statistics
from lstmcli.layers.regression_output import RegressionOutput
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.options import TrainingOptions
from lstmcli.records import Sequences, Targets, Weights


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
