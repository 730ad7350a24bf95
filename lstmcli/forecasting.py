"""Forecasts: series that a network goes on with, fed with its own answers or with what came true."""

from collections.abc import Callable

import numpy as np

from lstmcli.carried_states import CarriedStates
from lstmcli.continuation import Continuation, answering_steps
from lstmcli.data.declaration import DataSection
from lstmcli.data.selection import Counts, block, offsets_of, pieces, ranges
from lstmcli.data.steps_ahead import Ahead, Floats
from lstmcli.data.windows import require_steps
from lstmcli.data_fit import check_sequences, check_steps
from lstmcli.errors import Fault, ModelError
from lstmcli.graph import Graph
from lstmcli.network_file import Stored
from lstmcli.records import Array, Sequences


class Forecaster:
    """A network whose answers are its own inputs, `horizon` steps ahead.

    A step is forecast by the network's answer, that many steps before it, to the series so far; of this a
    network that was trained on windows sees the last `window` steps, with the state that it begins with.
    """

    def __init__(self, stored: Stored):
        """Raises ModelError for a network that does not answer for steps ahead of its inputs."""
        graph, section = stored.network.graph, stored.spec.data
        if (hindrance := _hindrance(graph, section)) is not None:
            help = "train a regression network with `horizon: 1` in the spec's `data:`"
            raise ModelError(Fault(hindrance, None, help))
        assert section.horizon is not None
        assert graph.output.names is not None
        self.responses, self.horizon = graph.output.names, section.horizon
        self._network, self._options, self._window = stored.network, stored.options, section.window
        stepwise = answering_steps(stored.network, stored.spec.layers)
        in_pieces = all(node.layer.works_in_pieces for node in graph.nodes)
        self._carries = section.window is None and in_pieces and stepwise.graph.output_size.time
        if self._carries:
            self._network = stepwise
        wide = self._window is None or self._window >= self.horizon
        together = self._network.graph.output_size.time and wide
        # Where one window does not have all answers, each is the last of a window that ends so much earlier.
        self._back = (0,) if together else tuple(range(self.horizon - 1, -1, -1))

    def fed(self, sequences: Sequences) -> list[int]:
        """The columns of the data that the responses are, in their order; raises ModelError if they are not.

        Responses to columns without names are all of them.
        """
        channels, columns = sequences.channels, range(sequences.values.shape[1])
        nameless = channels is None or self.responses == tuple(str(column + 1) for column in columns)
        if nameless and len(self.responses) == len(columns):
            return list(columns)
        for name in self.responses:
            if name not in (channels or ()):
                message = f"the network answers `{name}`, which is not one of its inputs"
                raise ModelError(Fault(message, None, "train with responses that are among the `features`"))
        assert channels is not None
        return [channels.index(name) for name in self.responses]

    def unanswered(self, sequences: Sequences) -> tuple[str, ...]:
        """The names of the other columns, which must be known for steps to come; raises as `fed` does."""
        fed = self.fed(sequences)
        return tuple(name for k, name in enumerate(sequences.channels or ()) if k not in fed)

    def inputs_needed(self, steps: int) -> int:
        """Of so many steps to come those whose inputs count for an answer."""
        return (steps - 1) // self.horizon * self.horizon

    def forecast(
        self, history: Sequences, ahead: Ahead, closed: bool, tell: Callable[[int], None] | None = None
    ) -> Floats:
        """The steps that follow on each sequence, float32[N, S, R], on the scale of the data.

        closed : put the network's answers in the place of the inputs that it has answers for
        tell : is told the steps ahead that are done
        Raises DataError for sequences that are too short, or do not fit the network.
        """
        fed, (count, steps, columns), known = self.fed(history), ahead.values.shape, history.lengths
        self._check(history)
        offsets = offsets_of(known + steps)
        values = np.empty((int(offsets[-1]), columns), np.float32)
        values[ranges(offsets[:-1], known)] = history.values
        values[block(offsets, known, steps)] = ahead.values.reshape(-1, columns)
        # Two sequences may have one name, and the states go by names.
        series = Sequences(values, offsets, tuple(map(str, range(count))))
        continuation = Continuation(self._network, self._options, CarriedStates(self._network))
        answers = np.empty((count, steps, len(fed)), np.float32)
        for first in range(0, steps, self.horizon):
            some = min(self.horizon, steps - first)
            found = self._next(continuation, series, known, first)[:, :some]
            answers[:, first : first + some] = found
            if closed:
                rows = block(offsets, known + first, some)
                values[rows[:, None], fed] = found.reshape(-1, len(fed))
            if tell is not None:
                tell(first + some)
        return answers

    def _next(self, continuation: Continuation, series: Sequences, known: Counts, first: int) -> Array:
        """The answers for the `horizon` steps behind the first known + first steps, float[N, horizon, R]."""
        found = []
        for back in self._back:
            ends = known + first - back
            begins = self._begins(ends)
            if not self._carries:
                continuation.states.forget(series.ids)
            elif first:
                begins = ends - self.horizon
            seen, last = pieces(series, begins, ends), self.horizon // len(self._back)
            if self._carries:
                found.append(continuation.answer_steps(seen)[seen.offsets[1:, None] - np.arange(last, 0, -1)])
            else:
                answers = continuation.predict(seen)
                found.append(np.stack([np.atleast_2d(answer.values)[-last:] for answer in answers]))
        return np.concatenate(found, axis=1)

    def _begins(self, ends: Counts) -> Counts:
        """Where what the network sees of series begins."""
        return np.zeros_like(ends) if self._window is None else np.maximum(ends - self._window, 0)

    def _check(self, history: Sequences) -> None:
        """Raise DataError for series of which no answer can be had for the step that follows on them."""
        require_steps(history, self.horizon, f"`horizon` {self.horizon} needs {self.horizon}", None)
        ends = history.lengths - self._back[0]
        begins, graph = self._begins(ends), self._network.graph
        check_sequences(graph, pieces(history, begins, ends), self._options, trained=True)
        check_steps(graph, pieces(history, begins, history.lengths), trained=True)


def _hindrance(graph: Graph, section: DataSection) -> str | None:
    """Why the network does not answer for steps ahead of its inputs."""
    if graph.task.classification:
        return "the network answers with classes, which are not its inputs"
    if section.words is not None:
        return "the network takes words, which are not its answers"
    if section.horizon is None:
        return "the network was trained without `horizon`: it does not answer for steps ahead"
    return None
