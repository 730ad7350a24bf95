"""Predictions as lines of CSV."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.parse import Texts
from lstmcli.data.writing import csv_rows, quote
from lstmcli.graph import Graph
from lstmcli.prediction import Prediction
from lstmcli.records import Sequences


class PredictionTable:
    """Lines of `sequence[,time][,label],<scores by class, or responses>`, without line ends.

    A network that answers at each step gives a row a step, else a row a sequence, which then has no time.
    Numbers are float32 in the fewest digits that read back the same.
    """

    def __init__(self, graph: Graph, time: str | None, labels: bool, scores: bool):
        assert graph.output.names is not None
        self.names = graph.output.names
        self.per_step = graph.output_size.time
        self.time = time if self.per_step else None
        self.labels, self.scores = labels and graph.output.classification, scores

    def header(self) -> str:
        """The first line."""
        words = ["sequence", *([self.time] if self.time else []), *(["label"] if self.labels else [])]
        return ",".join(quote(word) for word in (*words, *(self.names if self.scores else ())))

    def lines(self, sequences: Sequences, predictions: Sequence[Prediction]) -> list[str]:
        """The rows of some sequences."""
        answers = [p.values if self.per_step else p.values[None] for p in predictions]
        values, counts = np.concatenate(answers), [len(answer) for answer in answers]
        names = tuple(sequences.ids[p.row] for p in predictions)
        columns: list[Texts | NDArray[np.float32]] = [Texts(_numbers(len(names)).repeat(counts), names)]
        if self.time is not None and sequences.times is not None:
            firsts = [int(sequences.offsets[p.row]) + p.first_step for p in predictions]
            spans = [sequences.times[at : at + n] for at, n in zip(firsts, counts, strict=True)]
            columns.append(Texts(_numbers(len(values)), tuple(np.concatenate(spans))))
        if self.labels:
            columns.append(Texts(values.argmax(axis=1).astype(np.int32), self.names))
        if self.scores:
            columns.extend(values.T)
        return csv_rows(columns)


def _numbers(count: int) -> NDArray[np.int32]:
    return np.arange(count, dtype=np.int32)
