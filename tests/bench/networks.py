"""The shapes as networks of ours.

`python -m bench.networks A` makes three training steps, for their memory.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench.shapes import CLASSES, Observations, Shape, processors, random_observations, shape_of

from lstmcli.graph import Network
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.kernels.memory import Memory
from lstmcli.prediction import predict
from lstmcli.records import Data, Sequences, Targets
from lstmcli.spec_file import read_spec
from lstmcli.thread_count import set_threads
from lstmcli.training.loop import train
from lstmcli.training.run import start_run


class Ours(NamedTuple):
    """A network, a training step that starts from it, and the prediction of it as it is."""

    network: Network
    step: Callable[[], object]
    predict: Callable[[], object]


def ours(shape: Shape, observations: Observations) -> Ours:
    """A network of ours and what it does with one mini-batch."""
    text = (
        f"layers: [sequenceInput: {list(shape.image) or shape.C}, {shape.body}, {shape.head}]\n"
        f"options: {{MiniBatchSize: {shape.B}, MaxEpochs: 1000000, GradientThreshold: 1}}\n"
    )
    spec = read_spec(text, shape.name, Path())
    graph = build_graph(spec.layers)
    network, memory = initialize(graph, 0, Path()), Memory()
    edges, ids = np.arange(shape.B + 1) * shape.T, tuple(map(str, range(shape.B)))
    names = tuple(map(str, range(CLASSES))) if shape.classifies else ("r",)
    sequences = Sequences(observations.values, edges, ids)
    data = Data(sequences, Targets(observations.targets, names, not shape.last))
    steps = train(graph, start_run(network, shape.B, spec.options, 0), data, None, spec.options)

    def predict_all() -> None:
        for _ in predict(network, sequences, spec.options, memory):
            pass

    return Ours(network, lambda: next(steps), predict_all)


def main() -> None:
    """Three training steps of the shape that is named."""
    set_threads(processors())
    shape = shape_of(sys.argv[1])
    step = ours(shape, random_observations(shape)).step
    for _ in range(3):
        step()


if __name__ == "__main__":
    main()
