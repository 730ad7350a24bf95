"""How good answers are: figures of classifiers and regressors from answers and targets.

Names and definitions are those of scikit-learn; where a figure is of nothing it is NaN.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lstmcli.records import Array

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassificationMetrics:
    """Figures of a classifier on N samples of K classes.

    classes : their names, in the order of the columns; scores : float[N, K]; targets : int32[N]
    """

    classes: tuple[str, ...]
    scores: Array
    targets: NDArray[np.int32]

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """int64[K, K], rows the true classes, columns the predicted ones, as confusionmat."""
        K = len(self.classes)
        cells = self.targets.astype(np.int64) * K + self.scores.argmax(axis=1)
        return np.bincount(cells, minlength=K * K).reshape(K, K)

    @property
    def count(self) -> int:
        """All samples."""
        return len(self.targets)

    @property
    def correct(self) -> int:
        """Samples whose predicted class, the first with the largest score, is the true one."""
        return int(np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        """correct / count."""
        return self.correct / self.count

    @property
    def balanced_accuracy(self) -> float:
        """The mean recall of the classes that there are samples of."""
        return float(np.nanmean(self.recall))

    @property
    def support(self) -> NDArray[np.int64]:
        """Samples of each class."""
        support: NDArray[np.int64] = self.confusion.sum(axis=1)
        return support

    @property
    def precision(self) -> Floats:
        """Of the samples predicted as a class, the share that is of it."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> Floats:
        """Of the samples of a class, the share that is predicted so."""
        return _shares(np.diag(self.confusion), self.support)

    @property
    def f1(self) -> Floats:
        """2 precision recall / (precision + recall): 2 hits / (predicted + true)."""
        either = self.confusion.sum(axis=0) + self.support
        return _shares(2 * np.diag(self.confusion), either)

    @cached_property
    def auc(self) -> Floats:
        """For each class, the probability that a sample of it has a larger score for it than another has.

        The area under the receiver operating characteristic of one class against the rest; equal scores count
        half.
        """
        return np.array([_area(self.scores[:, k], self.targets == k) for k in range(len(self.classes))])

    def top(self, k: int) -> float:
        """The share of samples whose class is among the k with the largest scores, the first of equals."""
        own = np.take_along_axis(self.scores, self.targets[:, None], axis=1)
        before = np.arange(self.scores.shape[1]) < self.targets[:, None]
        ahead = (self.scores > own) | ((self.scores == own) & before)
        return float((ahead.sum(axis=1) < k).mean())


@dataclass(frozen=True)
class RegressionMetrics:
    """Errors of a regressor over N samples (sequences, or time steps), one value a response.

    responses : their names; answers, targets : float[N, R], t the target and y the answer
    """

    responses: tuple[str, ...]
    answers: Array
    targets: Array

    @property
    def count(self) -> int:
        """All samples."""
        return len(self.targets)

    @cached_property
    def errors(self) -> Floats:
        """t - y, float64[N, R]."""
        return self.targets.astype(np.float64) - self.answers

    @property
    def rmse(self) -> Floats:
        """sqrt(mean (t - y)^2)."""
        rmse: Floats = np.sqrt((self.errors**2).mean(axis=0))
        return rmse

    @property
    def mae(self) -> Floats:
        """mean |t - y|."""
        mae: Floats = np.abs(self.errors).mean(axis=0)
        return mae

    @property
    def mape(self) -> Floats:
        """mean |t - y| / |t|, a share and no percentage; NaN where a target is 0."""
        size = np.abs(self.targets.astype(np.float64))
        shares = np.divide(np.abs(self.errors), size, out=np.full(size.shape, np.nan), where=size > 0)
        mape: Floats = shares.mean(axis=0)
        return mape

    @property
    def r2(self) -> Floats:
        """1 - sum (t - y)^2 / sum (t - mean t)^2; of a constant target NaN."""
        targets = self.targets.astype(np.float64)
        spread = ((targets - targets.mean(axis=0)) ** 2).sum(axis=0)
        left = (self.errors**2).sum(axis=0)
        r2: Floats = 1 - np.divide(left, spread, out=np.full(len(spread), np.nan), where=spread > 0)
        return r2


def _shares(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Floats:
    shares = np.full(len(part), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


def _area(scores: Array, own: NDArray[np.bool_]) -> float:
    """By the ranks of the samples' scores (Mann and Whitney 1947)."""
    positive, negative = int(own.sum()), int((~own).sum())
    if not positive or not negative:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[own].sum() - positive * (positive + 1) / 2) / (positive * negative))
