"""Runs every kernel once, on the smallest networks that use them all."""

from itertools import product
from pathlib import Path

import numpy as np

from lstmcli.graph import build_graph
from lstmcli.initialization import initialize
from lstmcli.prediction import predict
from lstmcli.records import Data, Sequences, Targets
from lstmcli.spec_file import read_spec
from lstmcli.training.loop import train
from lstmcli.training.run import start_run

_SPEC = """
layers:
  - sequenceInput: 1
  - lstm: 1
  - bilstm: {{NumHiddenUnits: 1, OutputMode: {mode}}}
  - dropout
  - fullyConnected: 2
{end}
options: {{MaxEpochs: 1, MiniBatchSize: 1, solver: {solver},
  GradientThreshold: 1e-9, GradientThresholdMethod: {method}}}
"""
_ENDS = {"  - softmax\n  - classification": np.int32, "  - regression": np.float32}
_SOLVERS = {"sgdm": "l2norm", "rmsprop": "absolute-value", "adam": "global-l2norm"}


def compile_all() -> None:
    """Train and predict with every solver, way of clipping, output mode and output layer."""
    values = np.ones((3, 1), np.float32)
    sequences = Sequences(values, np.array([0, 3]), ids=("1",))
    for (end, kind), mode, (solver, method) in product(_ENDS.items(), ("sequence", "last"), _SOLVERS.items()):
        text = _SPEC.format(end=end, mode=mode, solver=solver, method=method)
        spec = read_spec(text, "warmup", Path())
        graph = build_graph(spec.layers)
        network = initialize(graph, 0, Path())
        per_step = mode == "sequence"
        shape = (3 if per_step else 1,) + ((2,) if kind is np.float32 else ())
        data = Data(sequences, Targets(np.zeros(shape, kind), ("1", "2"), per_step))
        run = start_run(network, 1, spec.options, 0)
        list(train(graph, run, data, data, spec.options))
        list(predict(network, sequences, spec.options))
