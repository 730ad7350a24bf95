"""How good a network is on data with targets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmcli.graph import Network
from lstmcli.options import TrainingOptions
from lstmcli.prediction import predict
from lstmcli.records import Sequences, Targets


@dataclass(frozen=True)
class ClassificationMetrics:
    """Counts of a classifier.

    confusion : int64[K, K], rows the true classes, columns the predicted ones, as confusionmat
    """

    classes: tuple[str, ...]
    confusion: NDArray[np.int64]

    @property
    def correct(self) -> int:
        """Samples whose predicted class is the true one."""
        return int(np.trace(self.confusion))

    @property
    def count(self) -> int:
        """All samples."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """correct / count."""
        return self.correct / self.count

    @property
    def precision(self) -> NDArray[np.float64]:
        """Of the samples predicted as a class, the share that is of it; NaN where none is predicted so."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> NDArray[np.float64]:
        """Of the samples of a class, the share that is predicted so; NaN where there are none."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=1))


@dataclass(frozen=True)
class RegressionMetrics:
    """Errors of a regressor over all samples (sequences, or time steps), one value a response.

    rmse : sqrt(mean (t - y)^2); mae : mean |t - y|
    """

    responses: tuple[str, ...]
    rmse: NDArray[np.float64]
    mae: NDArray[np.float64]
    count: int


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
        classes = len(targets.names)
        cells = t.astype(np.int64) * classes + y.argmax(axis=1)
        confusion = np.bincount(cells, minlength=classes * classes).reshape(classes, classes)
        return ClassificationMetrics(targets.names, confusion)
    error = t.astype(np.float64) - y
    rmse, mae = np.sqrt((error**2).mean(axis=0)), np.abs(error).mean(axis=0)
    return RegressionMetrics(targets.names, rmse, mae, len(t))


def _shares(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    shares = np.full(len(part), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
