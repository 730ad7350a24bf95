"""Runs every kernel once, on the smallest networks that use them all."""

from contextlib import suppress
from itertools import product
from pathlib import Path

import numpy as np

from lstmcli.errors import DivergedError
from lstmcli.graph import Network
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.options import TrainingOptions
from lstmcli.prediction import predict
from lstmcli.records import Data, Sequences, Targets
from lstmcli.spec_file import read_spec
from lstmcli.training.loop import train
from lstmcli.training.run import start_run

_SPEC = """
layers:
  - sequenceInput: 1
  - lstm: 1
  - convolution1d: {{FilterSize: 2, NumFilters: 1, Padding: causal, PaddingValue: replicate}}
  - bilstm: {{NumHiddenUnits: 1, OutputMode: {mode}}}
  - dropout
  - spatialDropout
  - relu
  - leakyRelu
  - clippedRelu: 1
  - elu
  - gelu
  - gelu: {{Approximation: tanh}}
  - swish
  - tanh
  - sigmoid
  - softplus: {{Name: x}}
  - addition: {{NumInputs: 2, inputs: [x, x], Name: y}}
  - multiplication: {{NumInputs: 2, inputs: [x, y], Name: z}}
  - depthConcatenation: {{NumInputs: 2, inputs: [x, z]}}
  - fullyConnected: 2
{end}
options: {{MaxEpochs: 1, MiniBatchSize: 1, solver: {solver},
  GradientThreshold: 1e-9, GradientThresholdMethod: {method}}}
"""
_ENDS = ("  - softmax\n  - classification", "  - regression")
_SOLVERS = {"sgdm": "l2norm", "rmsprop": "absolute-value", "adam": "global-l2norm"}


def compile_all() -> None:
    """Compile for every solver, way of clipping, output mode and output layer."""
    for end, mode, (solver, method) in product(_ENDS, ("sequence", "last"), _SOLVERS.items()):
        text = _SPEC.format(end=end, mode=mode, solver=solver, method=method)
        spec = read_spec(text, "warmup", Path())
        compile_for(initialize(build_graph(spec.layers), 0, Path()), spec.options)


def compile_for(network: Network, options: TrainingOptions) -> None:
    """Train a copy of the network for one iteration on a short sequence, validate it and predict with it."""
    graph = network.graph
    size, classification = graph.output_size.channels, graph.output.classification
    values = np.zeros((graph.shortest, graph.columns), np.float32)
    sequences = Sequences(values, np.array([0, len(values)]), ids=("1",))
    samples = len(values) if graph.output_size.time else 1
    wanted = np.zeros(samples, np.int32) if classification else np.zeros((samples, size), np.float32)
    data = Data(sequences, Targets(wanted, tuple(map(str, range(size))), graph.output_size.time))
    with suppress(DivergedError):
        next(train(graph, start_run(network, 1, options, 0), data, data, options))
    list(predict(network, sequences, options))
