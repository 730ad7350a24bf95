"""How good answers are: figures of classifiers and regressors from answers and targets.

Names and definitions are those of scikit-learn; where a figure is of nothing it is NaN.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

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
    def predicted(self) -> NDArray[np.int32]:
        """The class of each sample that has the largest score, the first of equals."""
        predicted: NDArray[np.int32] = self.scores.argmax(axis=1).astype(np.int32)
        return predicted

    @cached_property
    def own_scores(self) -> Array:
        """Of each sample the score of its true class."""
        own: Array = np.take_along_axis(self.scores, self.targets[:, None], axis=1)[:, 0]
        return own

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """int64[K, K], rows the true classes, columns the predicted ones, as confusionmat."""
        K = len(self.classes)
        cells = self.targets.astype(np.int64) * K + self.predicted
        return np.bincount(cells, minlength=K * K).reshape(K, K)

    @property
    def confused(self) -> list[tuple[int, int, int]]:
        """True class, predicted class and samples of each pair that is confused, those of the most first."""
        wrong = self.confusion - np.diag(np.diag(self.confusion))
        true, predicted = np.nonzero(wrong)
        samples = wrong[true, predicted]
        order = np.argsort(-samples, kind="stable")
        columns = true[order].tolist(), predicted[order].tolist(), samples[order].tolist()
        return list(zip(*columns, strict=True))

    @property
    def count(self) -> int:
        """All samples."""
        return len(self.targets)

    @property
    def correct(self) -> int:
        """Samples whose predicted class is the true one."""
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
        return _quotients(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> Floats:
        """Of the samples of a class, the share that is predicted so."""
        return _quotients(np.diag(self.confusion), self.support)

    @property
    def f1(self) -> Floats:
        """2 precision recall / (precision + recall): 2 hits / (predicted + true)."""
        either = self.confusion.sum(axis=0) + self.support
        return _quotients(2 * np.diag(self.confusion), either)

    @cached_property
    def auc(self) -> Floats:
        """For each class, the probability that a sample of it has a larger score for it than another has.

        The area under the receiver operating characteristic of one class against the rest; equal scores count
        half. NaN where a score is.
        """
        return np.array([_area(self.scores[:, k], self.targets == k) for k in range(len(self.classes))])

    def top(self, k: int) -> float:
        """The share of samples whose class is among the k with the largest scores, the first of equals; NaN
        is the largest, as in `predicted`.
        """
        scores = np.where(np.isnan(self.scores), np.inf, self.scores)
        own = np.take_along_axis(scores, self.targets[:, None], axis=1)
        before = np.arange(scores.shape[1]) < self.targets[:, None]
        ahead = (scores > own) | ((scores == own) & before)
        return float((ahead.sum(axis=1) < k).mean())


class Errors(NamedTuple):
    """Figures of a regressor for each of G groups of samples, float64[G, R].

    rmse : sqrt(mean (t - y)^2); mae : mean |t - y|
    mape : mean |t - y| / |t|, a share and no percentage; NaN where a target is 0
    r2 : 1 - sum (t - y)^2 / sum (t - mean t)^2; of a constant target NaN
    """

    rmse: Floats
    mae: Floats
    mape: Floats
    r2: Floats


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

    def of_groups(self, offsets: NDArray[np.int64]) -> Errors:
        """The figures of groups of at least one sample, of which g has offsets[g] ... offsets[g + 1] - 1."""
        counts = np.diff(offsets)

        def sums(values: Floats) -> Floats:
            found: Floats = np.add.reduceat(values, offsets[:-1])
            return found

        n, targets, sizes = counts[:, None], self.targets.astype(np.float64), np.abs(self.errors)
        squares = sums(self.errors**2)
        spread = sums((targets - (sums(targets) / n).repeat(counts, axis=0)) ** 2)
        mape = sums(_quotients(sizes, np.abs(targets))) / n
        return Errors(np.sqrt(squares / n), sums(sizes) / n, mape, 1 - _quotients(squares, spread))

    @property
    def rmse(self) -> Floats:
        """sqrt(mean (t - y)^2)."""
        return self._all.rmse

    @property
    def mae(self) -> Floats:
        """mean |t - y|."""
        return self._all.mae

    @property
    def mape(self) -> Floats:
        """mean |t - y| / |t|, a share and no percentage; NaN where a target is 0."""
        return self._all.mape

    @property
    def r2(self) -> Floats:
        """1 - sum (t - y)^2 / sum (t - mean t)^2; of a constant target NaN."""
        return self._all.r2

    @cached_property
    def _all(self) -> Errors:
        return Errors(*(figure[0] for figure in self.of_groups(np.array([0, self.count]))))


def _quotients(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """part / whole, NaN where this is not above 0."""
    found = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def _area(scores: Array, own: NDArray[np.bool_]) -> float:
    """By the ranks of the samples' scores (Mann and Whitney 1947)."""
    positive, negative = int(own.sum()), int((~own).sum())
    if not positive or not negative or np.isnan(scores).any():
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[own].sum() - positive * (positive + 1) / 2) / (positive * negative))


Metrics = ClassificationMetrics | RegressionMetrics
