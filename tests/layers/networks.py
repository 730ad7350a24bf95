"""Networks, sequences and mini-batches to test layers with."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.graph import Network, Node
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize, missing_statistics
from lstmcli.options import TrainingOptions
from lstmcli.prediction import predict
from lstmcli.records import Array, Sequences, Signal, Size, Targets
from lstmcli.spec_file import Spec, read_spec


def read(layers: str, folder: Path = Path()) -> Spec:
    """The spec of a network, its layers written as they stand between the brackets of a YAML list."""
    return read_spec(f"layers: [{layers}]\n", "test.yaml", folder)


def build(layers: str, *, seed: int = 0, dtype: type = np.float32, folder: Path = Path()) -> Network:
    """A freshly initialized network; statistics that nobody gave are random positive numbers."""
    network = initialize(build_graph(read(layers, folder).layers), seed, folder, dtype)
    random = np.random.default_rng(seed)
    for node, parameter in missing_statistics(network):
        # Max and StandardDeviation are drawn above Min and Mean.
        low = 2 if parameter.name in ("Max", "StandardDeviation") else 0.5
        values = random.uniform(low, low + 1, parameter.shape)
        network.weights[node.name][parameter.name] = values.astype(dtype)
    return network


def randomize(network: Network, scale: float = 0.5, seed: int = 1) -> Network:
    """The network with other learnables and states: no zeros, no orthogonality."""
    random = np.random.default_rng(seed)
    weights = {
        node.name: {
            p.name: (scale * random.standard_normal(p.shape)).astype(network.dtype)
            if p.role.value != "statistic"
            else network.weights[node.name][p.name]
            for p in node.parameters()
        }
        for node in network.graph.nodes
    }
    return Network(network.graph, weights)


def node_of(network: Network, word: str) -> Node:
    """The first node of this layer's word."""
    return next(node for node in network.graph.nodes if node.layer.word == word)


def random_sequences(lengths: Sequence[int], channels: int, seed: int = 0) -> Sequences:
    """Sequences of these lengths, standard normal."""
    values = np.random.default_rng(seed).standard_normal((sum(lengths), channels)).astype(np.float32)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return Sequences(values, offsets, tuple(str(n) for n in range(1, len(lengths) + 1)))


def one_by_one(sequences: Sequences) -> list[Sequences]:
    """Each sequence by itself."""
    return [
        Sequences(sequences.values[first:last], np.array([0, last - first]), ("1",))
        for first, last in zip(sequences.offsets[:-1], sequences.offsets[1:], strict=True)
    ]


def options(**changes: Any) -> TrainingOptions:
    """The default options but for these, by their Python names."""
    return replace(read("sequenceInput: 1, regression").options, **changes)


def answers(network: Network, sequences: Sequences, **changes: Any) -> list[Array]:
    """The predictions of all sequences with the default options but for these."""
    found = list(predict(network, sequences, options(**changes)))
    assert [answer.row for answer in found] == list(range(len(sequences)))
    return [answer.values for answer in found]


def span(lengths: Sequence[int], steps: int, side: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """start, stop of sequences padded to `steps` on this side."""
    kept = np.array(lengths, np.int32)
    start = steps - kept if side == "left" else 0 * kept
    return start, start + kept


def random_signal(
    lengths: Sequence[int],
    channels: int,
    *,
    side: str = "right",
    dtype: type = np.float64,
    time: bool = True,
    seed: int = 0,
) -> Signal:
    """A standard normal signal in which these lengths of all steps count, padded on this side."""
    start, stop = span(lengths, max(lengths), side)
    shape = (max(lengths), len(lengths), channels) if time else (len(lengths), channels)
    return Signal(np.random.default_rng(seed).standard_normal(shape).astype(dtype), start, stop)


def signal_of_size(
    size: Size, lengths: Sequence[int], *, side: str = "right", dtype: type = np.float64, seed: int = 0
) -> Signal:
    """A standard normal signal of this size; see `random_signal`."""
    start, stop = span(lengths, max(lengths), side)
    steps = () if size.steps is None else (max(lengths),)
    shape = (*steps, len(lengths), *size.spatial[::-1], size.channels)
    return Signal(np.random.default_rng(seed).standard_normal(shape).astype(dtype), start, stop)


def random_targets(network: Network, sequences: Sequences, seed: int = 0) -> Targets:
    """Targets of the kind that the network's output layer wants."""
    random, graph = np.random.default_rng(seed), network.graph
    per_step, channels = graph.output_size.time, graph.output_size.channels
    samples = len(sequences.values) if per_step else len(sequences)
    names = tuple(f"name {k}" for k in range(channels))
    if graph.task.classification:
        return Targets(random.integers(channels, size=samples).astype(np.int32), names, per_step)
    return Targets(random.standard_normal((samples, channels)).astype(np.float32), names, per_step)
