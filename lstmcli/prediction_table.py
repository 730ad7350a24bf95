"""Predictions as lines of CSV."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.parse import Texts
from lstmcli.data.writing import csv_rows, each, quote
from lstmcli.graph import Graph
from lstmcli.prediction import Prediction
from lstmcli.records import Array, Sequences


class Table:
    """Lines of `sequence[,time][,label],<a number for each name>`, without line ends.

    A row a step where each has one, else a row a sequence, which then has no time. Numbers are float32 in the
    fewest digits that read back the same.
    """

    def __init__(self, names: tuple[str, ...], per_step: bool, time: str | None, labels: bool, scores: bool):
        self.names, self.per_step = names, per_step
        self.time = time if per_step else None
        self.labels, self.scores = labels, scores

    def header(self) -> str:
        """The first line."""
        words = ["sequence", *([self.time] if self.time else []), *(["label"] if self.labels else [])]
        return ",".join(quote(word) for word in (*words, *(self.names if self.scores else ())))

    def lines(self, sequences: Sequences, predictions: Sequence[Prediction]) -> list[str]:
        """The rows of some sequences."""
        answers = [p.values if self.per_step else p.values[None] for p in predictions]
        values, counts = np.concatenate(answers), [len(answer) for answer in answers]
        names = each([sequences.ids[p.row] for p in predictions], counts)
        times = None
        if self.time is not None and sequences.times is not None:
            firsts = [int(sequences.offsets[p.row]) + p.first_step for p in predictions]
            spans = [sequences.times[at : at + n] for at, n in zip(firsts, counts, strict=True)]
            times = np.concatenate(spans)
        return self._rows(names, times, values)

    def step_lines(self, sequences: Sequences, values: Array) -> list[str]:
        """The rows of all steps of some sequences, float[S, K]."""
        names = each(sequences.ids, 1 if len(sequences) == len(values) else sequences.lengths)
        return self._rows(names, sequences.times if self.time is not None else None, values)

    def _rows(self, names: Texts, times: NDArray[np.object_] | None, values: Array) -> list[str]:
        columns: list[Texts | NDArray[np.float32]] = [names]
        if times is not None:
            columns.append(each(times))
        if self.labels:
            columns.append(Texts(values.argmax(axis=1).astype(np.int32), self.names))
        if self.scores:
            columns.extend(values.T)
        return csv_rows(columns)


class PredictionTable(Table):
    """A network's answers: scores by class, maybe with the label before them, or responses."""

    def __init__(self, graph: Graph, time: str | None, labels: bool, scores: bool, per_step: bool):
        assert graph.output.names is not None
        labels = labels and graph.output.classification
        super().__init__(graph.output.names, per_step, time, labels, scores)
