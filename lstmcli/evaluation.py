"""A network's answers to data with targets, measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.selection import offsets_of, ranges
from lstmcli.graph import Network
from lstmcli.metrics import ClassificationMetrics, Metrics, RegressionMetrics
from lstmcli.options import TrainingOptions
from lstmcli.prediction import predict
from lstmcli.records import Sequences, Targets


@dataclass(frozen=True)
class Evaluation:
    """A network's answers to sequences with targets; a sample is a sequence, or a time step of one.

    metrics : the answers beside their targets, one sequence behind the other
    offsets : int64[N + 1], sequence n has the samples offsets[n] ... offsets[n + 1] - 1
    steps : int64[S], of each sample its time step, a row of `sequences.values`; None where it is a sequence
    """

    sequences: Sequences
    metrics: Metrics
    offsets: NDArray[np.int64]
    steps: NDArray[np.int64] | None


def evaluate(
    network: Network, sequences: Sequences, targets: Targets, options: TrainingOptions
) -> Evaluation:
    """Predict every sequence and measure it against its targets."""
    answers, firsts = [], []
    for prediction in predict(network, sequences, options):
        answers.append(prediction.values if targets.per_step else prediction.values[None])
        firsts.append(int(sequences.offsets[prediction.row]) + prediction.first_step)
    counts = np.array(list(map(len, answers)), np.int64)
    steps = ranges(np.array(firsts, np.int64), counts) if targets.per_step else None
    y, t = np.concatenate(answers), targets.values if steps is None else targets.values[steps]
    metrics: Metrics
    if t.ndim == 1:
        metrics = ClassificationMetrics(targets.names, y, t.astype(np.int32, copy=False))
    else:
        metrics = RegressionMetrics(targets.names, y, t.astype(np.float32, copy=False))
    return Evaluation(sequences, metrics, offsets_of(counts), steps)
