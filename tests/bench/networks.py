"""The shapes that are compared, as a network and data of ours and as a module of PyTorch's."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstmcli.graph import Graph, Network, build_graph
from lstmcli.initialization import initialize
from lstmcli.options import TrainingOptions
from lstmcli.prediction import predict
from lstmcli.records import Data, Sequences, Targets
from lstmcli.spec_file import read_spec
from lstmcli.training.loop import train
from lstmcli.training.run import start_run


@dataclass(frozen=True)
class Shape:
    """Observations, steps, channels, hidden units; and the layers behind the input."""

    name: str
    B: int
    T: int
    C: int
    H: int
    recurrent: str
    head: str

    @property
    def last(self) -> bool:
        """Whether the network answers once a sequence."""
        return "last" in self.recurrent

    @property
    def both_ways(self) -> bool:
        """Whether it is a bilstm."""
        return self.recurrent.startswith("bilstm")

    @property
    def classifies(self) -> bool:
        """Whether it ends in classes."""
        return self.head.endswith("classification")


_LAST = "{{NumHiddenUnits: {}, OutputMode: last}}"
_CLASSES = "fullyConnected: 9, softmax, classification"
SHAPES = (
    Shape("V", 27, 29, 12, 100, f"lstm: {_LAST.format(100)}", _CLASSES),
    Shape("V2", 27, 29, 12, 100, f"bilstm: {_LAST.format(100)}", _CLASSES),
    Shape("A", 128, 100, 12, 200, "lstm: 200", _CLASSES),
    Shape("D", 64, 100, 64, 512, "lstm: 512", _CLASSES),
    Shape("L", 1, 1000, 3, 200, "lstm: 200", "fullyConnected: 1, regression"),
    Shape(
        "R", 20, 200, 17, 200, "lstm: 200", "fullyConnected: 50, dropout: 0.5, fullyConnected: 1, regression"
    ),
)


@dataclass(frozen=True)
class Ours:
    """A training step and a prediction of ours, and what they are made with."""

    graph: Graph
    options: TrainingOptions
    data: Data
    step: Callable[[], object]
    predict: Callable[[], object]


def ours(shape: Shape) -> Ours:
    """A network of ours on random data of one mini-batch."""
    text = (
        f"layers: [sequenceInput: {shape.C}, {shape.recurrent}, {shape.head}]\n"
        f"options: {{MiniBatchSize: {shape.B}, MaxEpochs: 1000000, GradientThreshold: 1}}\n"
    )
    spec = read_spec(text, shape.name, Path())
    graph = build_graph(spec.layers)
    network, random = initialize(graph, 0, Path()), np.random.default_rng(0)
    sequences = Sequences(
        random.normal(size=(shape.B * shape.T, shape.C)).astype(np.float32),
        np.arange(shape.B + 1) * shape.T,
        tuple(map(str, range(shape.B))),
    )
    samples = shape.B if shape.last else shape.B * shape.T
    if shape.classifies:
        labels = random.integers(0, 9, samples).astype(np.int32)
        targets = Targets(labels, tuple("abcdefghi"), not shape.last)
    else:
        targets = Targets(random.normal(size=(samples, 1)).astype(np.float32), ("r",), not shape.last)
    data = Data(sequences, targets)
    run = start_run(network, shape.B, spec.options, 0)
    steps = train(graph, run, data, None, spec.options)

    def predict_all() -> None:
        for _ in predict(Network(graph, run.weights), sequences, spec.options):
            pass

    return Ours(graph, spec.options, data, lambda: next(steps), predict_all)
