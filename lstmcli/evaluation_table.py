"""Evaluations as columns of a table: a row for each sequence, or for each time step."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.parse import Texts
from lstmcli.data.writing import Column, each
from lstmcli.evaluation import Evaluation
from lstmcli.metrics import ClassificationMetrics, RegressionMetrics


@dataclass(frozen=True)
class Rows:
    """A table by columns.

    quality : float64 of each row, 1 where the answer is right, less the worse it is
    score : what orders rows of one quality, the worst first; a number for each row
    """

    columns: dict[str, Column]
    quality: NDArray[np.float64]
    score: NDArray[Any]

    def __len__(self) -> int:
        return len(self.quality)

    def worst(self, count: int) -> "Rows":
        """So many of the worst rows, the worst first; of equal ones the first."""
        return self.select(np.lexsort((self.score, self.quality))[:count])

    def wrong(self) -> "Rows":
        """The rows in which something is."""
        return self.select(np.flatnonzero(self.quality < 1))

    def select(self, rows: NDArray[np.int64] | slice) -> "Rows":
        """Some rows, in this order."""
        columns = {name: _select(column, rows) for name, column in self.columns.items()}
        return Rows(columns, self.quality[rows], self.score[rows])


def sequence_rows(found: Evaluation) -> Rows:
    """How each sequence is answered; of a regressor a row for each response.

    Of a classifier's sequence of steps `score` is the mean score of the true classes; the worst sequences
    have the smallest share of right steps, or the largest RMSE beside that of all sequences.
    """
    if found.steps is None:
        return step_rows(found, None)
    metrics, N = found.metrics, len(found.sequences)
    counts = np.diff(found.offsets)
    ids = each(found.sequences.ids)
    columns: dict[str, Column]
    if isinstance(metrics, ClassificationMetrics):
        right = (metrics.predicted == metrics.targets).astype(np.int64)
        correct = np.add.reduceat(right, found.offsets[:-1])
        score = np.add.reduceat(metrics.own_scores.astype(np.float64), found.offsets[:-1]) / counts
        accuracy = correct / counts
        columns = {
            "sequence": ids,
            "correct": correct,
            "samples": counts,
            "accuracy": accuracy,
            "score": score,
        }
        return Rows(columns, accuracy, score)
    errors = metrics.of_groups(found.offsets)
    columns = {"sequence": _each(ids, metrics), "response": _responses(metrics, N)}
    columns |= {name: figure.ravel() for name, figure in errors._asdict().items()}
    columns["samples"] = _each(counts, metrics)
    return _of_errors(columns, errors.rmse, metrics)


def step_rows(found: Evaluation, time: str | None) -> Rows:
    """How each sample is answered, with the number of its step if it is one; of a regressor a row for each
    response, whose `error` is true - predicted.

    time : the name of the times that the steps have
    """
    metrics, sequences = found.metrics, found.sequences
    lengths = np.diff(found.offsets)
    columns: dict[str, Column] = {"sequence": each(sequences.ids, lengths)}
    if found.steps is not None:
        columns["step"] = found.steps - sequences.offsets[:-1].repeat(lengths) + 1
        if time is not None and sequences.times is not None:
            columns[time] = each(sequences.times[found.steps])
    if isinstance(metrics, ClassificationMetrics):
        columns["true"] = Texts(metrics.targets, metrics.classes)
        columns["predicted"] = Texts(metrics.predicted, metrics.classes)
        correct = metrics.predicted == metrics.targets
        columns |= {"correct": correct.astype(np.int64), "score": metrics.own_scores}
        return Rows(columns, correct.astype(np.float64), metrics.own_scores)
    columns = {name: _each(column, metrics) for name, column in columns.items()}
    columns["response"] = _responses(metrics, metrics.count)
    columns["true"], columns["predicted"] = metrics.targets.ravel(), metrics.answers.ravel()
    columns["error"] = metrics.errors.astype(np.float32).ravel()
    return _of_errors(columns, np.abs(metrics.errors), metrics)


def _of_errors(columns: dict[str, Column], sizes: NDArray[np.float64], metrics: RegressionMetrics) -> Rows:
    """Rows whose errors have these sizes, [..., R], which count beside the response's RMSE."""
    unit = np.where(np.isfinite(metrics.rmse), metrics.rmse, 1)
    share = np.divide(sizes, unit, out=np.zeros_like(sizes), where=unit > 0)
    share = np.where(np.isfinite(sizes), share, np.inf).ravel()
    return Rows(columns, 1 - share, -share)


def _each(column: Any, metrics: RegressionMetrics) -> Any:
    """The column with each of its rows once for each response."""
    if isinstance(column, Texts):
        return column._replace(numbers=_each(column.numbers, metrics))
    return column.repeat(len(metrics.responses))


def _responses(metrics: RegressionMetrics, count: int) -> Texts:
    return Texts(np.tile(each(metrics.responses).numbers, count), metrics.responses)


def _select(column: Column, rows: NDArray[np.int64] | slice) -> Column:
    if not isinstance(column, Texts):
        return column[rows]
    # Whoever writes some rows need not look at the texts of all.
    used, numbers = np.unique(column.numbers[rows], return_inverse=True)
    return Texts(numbers.astype(np.int32), tuple(column.texts[number] for number in used))
