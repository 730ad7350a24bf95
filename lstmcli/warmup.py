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

_VECTORS = """
  - sequenceInput: 1
  - lstm: 1
  - peepholeLSTM: 1
  - lstmProjected: [1, 1, 1]
  - gru: {{NumHiddenUnits: 1, OutputMode: sequence, Name: g}}
  - flip
  - selfAttention: [1, 1]
  - convolution1d: {{FilterSize: 2, NumFilters: 1, Padding: causal, PaddingValue: replicate}}
  - batchNormalization
  - layerNormalization
  - maxPooling1d: {{PoolSize: 2, Padding: same}}
  - averagePooling1d: {{PoolSize: 2, Padding: same}}
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
  - softmax
  - softplus: {{Name: x}}
  - addition: {{NumInputs: 2, inputs: [x, x], Name: y}}
  - multiplication: {{NumInputs: 2, inputs: [x, y], Name: z}}
  - depthConcatenation: {{NumInputs: 2, inputs: [x, z]}}
  - fullyConnected: 2
"""
_WORDS = """
  - sequenceInput: 1
  - wordEmbedding: [1, 1]
  - indexing1d
  - fullyConnected: 2
"""
_IMAGES = """
  - sequenceInput: [2, 2, 2]
  - convolution2d: {FilterSize: 2, NumFilters: 2, Padding: same}
  - batchNormalization
  - maxPooling2d: {PoolSize: 2, Padding: same}
  - layerNormalization
  - flatten
  - globalAveragePooling1d
  - fullyConnected: 2
"""
_ENDS = ("  - softmax\n  - classification", "  - regression")
_SOLVERS = {"sgdm": "l2norm", "rmsprop": "absolute-value", "adam": "global-l2norm"}


_OPTIONS = "options: {{MaxEpochs: 1, MiniBatchSize: 1, solver: {}, GradientThreshold: 1e-9, {}}}"


def compile_all() -> None:
    """Compile for every layer, solver, way of clipping, output mode and output layer."""
    for end, mode, (solver, method) in product(_ENDS, ("sequence", "last"), _SOLVERS.items()):
        _compile(_VECTORS.format(mode=mode) + end, solver, method)
    for layers in (_WORDS, _IMAGES):
        _compile(layers + _ENDS[0], "adam", "l2norm")


def _compile(layers: str, solver: str, method: str) -> None:
    options = _OPTIONS.format(solver, f"GradientThresholdMethod: {method}")
    spec = read_spec(f"layers: {layers}\n{options}", "warmup", Path())
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
