"""BatchNormalizationStatistics population: statistics of all training data instead of running estimates."""

from collections.abc import Callable

import numpy as np

from lstmcli.graph import Graph, Network, Node
from lstmcli.kernels.normalization import Moments, joined
from lstmcli.layers.batch_normalization import BatchNormalization, moved
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import mini_batches, split
from lstmcli.options import TrainingOptions
from lstmcli.passes import inputs_of, run_layers
from lstmcli.prediction import signal_of
from lstmcli.records import Sequences, Weights
from lstmcli.training.run import Run, result_weights


class BrokenOffError(Exception):
    """Somebody does not want to wait for the statistics."""


def is_due(graph: Graph, run: Run, options: TrainingOptions) -> bool:
    """Whether the network of a run that ended or was stopped is to have the population's statistics.

    Where the result is the network of the smallest validation loss, that one keeps the running estimates
    that it was validated with.
    """
    normalizes = any(isinstance(node.layer, BatchNormalization) for node in graph.nodes)
    population = options.batch_normalization_statistics != "moving"
    return normalizes and population and result_weights(run, options) is run.weights


def with_population_statistics(
    network: Network, sequences: Sequences, options: TrainingOptions, stops: Callable[[], bool]
) -> Network:
    """The network whose batch normalizations have mean and variance of what goes into them, over all
    sequences in their order, in mini-batches of MiniBatchSize.

    A layer is measured after those before it, which have their own by then. Nothing random is on; steps that
    are masked do not count. Statistics that would not be finite stay what they are.
    stops : asked before each mini-batch; raises BrokenOffError if it says so
    """
    nodes = network.graph.nodes
    weights: Weights = {layer: dict(arrays) for layer, arrays in network.weights.items()}
    for number, node in enumerate(nodes):
        if isinstance(node.layer, BatchNormalization):
            before = Network(Graph(nodes[:number]), weights)
            found = _measure(node, node.layer, before, sequences, options, stops)
            statistics = moved(weights[node.name], found, 1, 1)
            if all(np.isfinite(array).all() for array in statistics.values()):
                weights[node.name].update(statistics)
    return Network(network.graph, weights)


def _measure(
    node: Node,
    layer: BatchNormalization,
    before: Network,
    sequences: Sequences,
    options: TrainingOptions,
    stops: Callable[[], bool],
) -> Moments:
    """Mean and variance of what goes into a layer, by the network before it."""
    graph, weights, mode = before.graph, before.weights, Mode(saves=False)
    total: Moments | None = None
    for batch in mini_batches(sequences, None, np.arange(len(sequences)), options):
        if stops():
            raise BrokenOffError
        states = graph.initial_states(weights, len(batch.rows))
        for piece in split(batch, options.sequence_length):
            x = signal_of(piece, options.mask_padding, before.dtype)
            found = run_layers(before, x, states, mode)
            states = graph.carried(found.states, weights)
            (signal,) = inputs_of(node, found.outputs, x)
            own = layer.measure(signal, mode)
            total = own if total is None else joined(total, own)
    assert total is not None
    return total
