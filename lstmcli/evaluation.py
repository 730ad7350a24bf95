"""A network's answers to data with targets, measured."""

import numpy as np

from lstmcli.graph import Network
from lstmcli.metrics import ClassificationMetrics, RegressionMetrics
from lstmcli.options import TrainingOptions
from lstmcli.prediction import predict
from lstmcli.records import Sequences, Targets


def evaluate(
    network: Network, sequences: Sequences, targets: Targets, options: TrainingOptions
) -> ClassificationMetrics | RegressionMetrics:
    """Predict every sequence and measure it against its targets; each time step counts as a sample."""
    answers, wanted = [], []
    for prediction in predict(network, sequences, options):
        row, values = prediction.row, prediction.values
        answers.append(values if targets.per_step else values[None])
        if targets.per_step:
            first = sequences.offsets[row] + prediction.first_step
            wanted.append(targets.values[first : first + len(values)])
        else:
            wanted.append(targets.values[row : row + 1])
    y, t = np.concatenate(answers), np.concatenate(wanted)
    if t.ndim == 1:
        return ClassificationMetrics(targets.names, y, t.astype(np.int32, copy=False))
    return RegressionMetrics(targets.names, y, t.astype(np.float32, copy=False))
