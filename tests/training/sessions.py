"""Tiny training sessions: a network, data, options, and a run that has not begun."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstmcli.data_statistics import measure_statistics
from lstmcli.graph import Graph, Network
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.options import TrainingOptions
from lstmcli.records import Data, Sequences, Targets, Weights
from lstmcli.spec_file import read_spec
from lstmcli.training.loop import train
from lstmcli.training.run import Run, Step, copy_weights, start_run

_LAST = "sequenceInput: 2, lstm: {NumHiddenUnits: 3, OutputMode: last}"
LABEL = f"{_LAST}, fullyConnected: 3, softmax, classification"
LABELS = "sequenceInput: 2, lstm: 3, fullyConnected: 3, softmax, classification"
RESPONSE = f"{_LAST}, fullyConnected: 2, regression"
RESPONSES = "sequenceInput: 2, lstm: 3, fullyConnected: 2, regression"
"""Networks with 2 channels and 3 classes or 2 responses, once a sequence or at each time step."""


@dataclass
class Session:
    """`given` are the options as they were written, by MATLAB's words; `network` is not yet trained."""

    given: dict[str, object]
    graph: Graph
    options: TrainingOptions
    network: Network
    data: Data
    validation: Data | None
    run: Run

    def steps(self, run: Run | None = None) -> Iterator[Step]:
        """Train an iteration at a time: the session's own run or another."""
        return train(self.graph, run or self.run, self.data, self.validation, self.options)

    def finish(self) -> list[Step]:
        """Train to the end."""
        return list(self.steps())


def start(
    layers: str, data: Data, *, validation: Data | None = None, seed: int = 0, **options: object
) -> Session:
    """A session with these layers, as they stand in a YAML list, and these options under MATLAB's names."""
    listed = ", ".join(f"{word}: {value}" for word, value in options.items())
    spec = read_spec(f"layers: [{layers}]\noptions: {{{listed}}}\nseed: {seed}\n", "test.yaml", Path())
    graph = build_graph(spec.layers)
    network = measure_statistics(initialize(graph, spec.seed, Path()), *data, spec.options)
    run = start_run(network, len(data.sequences), spec.options, spec.seed)
    return Session(options, graph, spec.options, network, data, validation, run)


def make_data(
    layers: str, lengths: Sequence[int], *, channels: int = 2, outputs: int = 0, seed: int = 0
) -> Data:
    """Standard normal sequences of these lengths with random targets of the kind these layers want.

    outputs : classes or responses, if not the 3 or 2 of this module's networks
    """
    random = np.random.default_rng(seed)
    values = random.standard_normal((sum(lengths), channels)).astype(np.float32)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    sequences = Sequences(values, offsets, tuple(str(n) for n in range(1, len(lengths) + 1)))
    per_step = "last" not in layers
    samples = sum(lengths) if per_step else len(lengths)
    outputs = outputs or (3 if "classification" in layers else 2)
    names = tuple("abcdefghi"[:outputs])
    if "classification" in layers:
        return Data(
            sequences, Targets(random.integers(outputs, size=samples).astype(np.int32), names, per_step)
        )
    return Data(
        sequences, Targets(random.standard_normal((samples, outputs)).astype(np.float32), names, per_step)
    )


def same_bits(left: Weights, right: Weights) -> bool:
    """Whether two networks have the same arrays, bit for bit."""
    return left.keys() == right.keys() and all(
        left[layer].keys() == right[layer].keys()
        and all(left[layer][name].tobytes() == right[layer][name].tobytes() for name in left[layer])
        for layer in left
    )


def same_history(left: Run, right: Run) -> bool:
    """Whether two runs have the same figures of all iterations; NaN is NaN."""
    return left.history.keys() == right.history.keys() and all(
        np.array(left.history[name]).tobytes() == np.array(right.history[name]).tobytes()
        for name in left.history
    )


def trail(session: Session) -> tuple[list[Step], list[Weights]]:
    """All steps, and the weights before the first and after each of them."""
    steps, weights = [], [copy_weights(session.run.weights)]
    for step in session.steps():
        steps.append(step)
        weights.append(copy_weights(session.run.weights))
    return steps, weights
