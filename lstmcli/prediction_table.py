"""Predictions as lines of CSV."""

from collections.abc import Iterator

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

    def lines(self, sequences: Sequences, prediction: Prediction) -> Iterator[str]:
        """The rows of one sequence."""
        values = prediction.values if self.per_step else prediction.values[None]
        first = int(sequences.offsets[prediction.row]) + prediction.first_step
        name = quote(sequences.ids[prediction.row])
        best = values.argmax(axis=1)
        for step, row in enumerate(values):
            cells = [name]
            if self.time is not None and sequences.times is not None:
                cells.append(quote(sequences.times[first + step]))
            if self.labels:
                cells.append(quote(self.names[best[step]]))
            if self.scores:
                cells.extend(map(str, row))
            yield ",".join(cells)


def quote(cell: str) -> str:
    """A cell of CSV, in quotes where it needs them (RFC 4180)."""
    if any(character in cell for character in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
