"""Forecasts: series that a network goes on with, fed with its own answers or with what came true."""

from collections import Counter
from dataclasses import replace
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.carried_states import CarriedStates
from lstmcli.continuation import Continuation, answering_steps
from lstmcli.data.declaration import DataSection
from lstmcli.data.selection import offsets_of, ranges
from lstmcli.data.times import moments
from lstmcli.data.times_ahead import times_ahead
from lstmcli.data.windows import require_steps
from lstmcli.data_fit import check_sequences, check_steps
from lstmcli.errors import DataError, Fault, ModelError, Place, counted
from lstmcli.graph import Graph
from lstmcli.network_file import Stored
from lstmcli.records import Array, Sequences

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]


class Ahead(NamedTuple):
    """The S steps that follow on each of N sequences.

    values : float32[N, S, C], the inputs as far as they are known, else anything
    times : N S texts, one sequence behind the other, empty where nobody knows them, or None
    """

    values: Floats
    times: NDArray[np.object_] | None


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

    def forecast(self, history: Sequences, ahead: Ahead, closed: bool) -> Floats:
        """The steps that follow on each sequence, float32[N, S, R], on the scale of the data.

        closed : put the network's answers in the place of the inputs that it has answers for
        Raises DataError for sequences that are too short, or do not fit the network.
        """
        fed, (count, steps, columns), known = self.fed(history), ahead.values.shape, history.lengths
        self._check(history)
        offsets = offsets_of(known + steps)
        values = np.empty((int(offsets[-1]), columns), np.float32)
        values[ranges(offsets[:-1], known)] = history.values
        values[_block(offsets, known, steps)] = ahead.values.reshape(-1, columns)
        # Two sequences may have one name, and the states go by names.
        series = Sequences(values, offsets, tuple(map(str, range(count))))
        continuation = Continuation(self._network, self._options, CarriedStates(self._network))
        answers = np.empty((count, steps, len(fed)), np.float32)
        for first in range(0, steps, self.horizon):
            some = min(self.horizon, steps - first)
            found = self._next(continuation, series, known, first)[:, :some]
            answers[:, first : first + some] = found
            if closed:
                rows = _block(offsets, known + first, some)
                values[rows[:, None], fed] = found.reshape(-1, len(fed))
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
            answers = continuation.predict(_pieces(series, begins, ends))
            last = self.horizon // len(self._back)
            found.append(np.stack([np.atleast_2d(answer.values)[-last:] for answer in answers]))
        return np.concatenate(found, axis=1)

    def _begins(self, ends: Counts) -> Counts:
        """Where what the network sees of series begins."""
        return np.zeros_like(ends) if self._window is None else np.maximum(ends - self._window, 0)

    def _check(self, history: Sequences) -> None:
        """Raise DataError for series of which no answer can be had for the step that follows on them."""
        require_steps(history, self.horizon, f"`horizon` {self.horizon} needs {self.horizon}")
        ends = history.lengths - self._back[0]
        begins, graph = self._begins(ends), self._network.graph
        check_sequences(graph, _pieces(history, begins, ends), self._options, trained=True)
        check_steps(graph, _pieces(history, begins, history.lengths), trained=True)


def nothing_known(history: Sequences, steps: int) -> Ahead:
    """Steps to come of which nothing is known but the times, where these go on evenly."""
    values = np.zeros((len(history), steps, history.values.shape[1]), np.float32)
    return Ahead(values, _times_ahead(history, steps))


def _times_ahead(history: Sequences, steps: int) -> NDArray[np.object_] | None:
    if history.times is None:
        return None
    known = (history.times[first:stop].tolist() for first, stop in pairwise(history.offsets))
    texts = [times_ahead(own, steps) or [""] * steps for own in known]
    return np.array(list(chain.from_iterable(texts)), object)


def hold_out(sequences: Sequences, steps: int) -> tuple[Sequences, Ahead]:
    """The sequences without their last steps, and these.

    Raises DataError for sequences that nothing would be left of.
    """
    require_steps(sequences, steps + 1, f"{steps} held out and one before them make {steps + 1}")
    kept = sequences.lengths - steps
    rows = _block(sequences.offsets, kept, steps)
    held_out = sequences.values[rows].reshape(len(sequences), steps, -1)
    times = None if sequences.times is None else sequences.times[rows]
    return _pieces(sequences, np.zeros_like(kept), kept), Ahead(held_out, times)


def partly_known(history: Sequences, future: Sequences, steps: int) -> Ahead:
    """Steps to come of which some inputs are known.

    future : sequences of the same names, with the columns that are known
    Raises DataError for a sequence that is not in them, has too few steps there, or goes on at another time.
    """
    for names, what in ((history.ids, "the data"), (future.ids, "what is to come")):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            message = f"sequence `{twice[0]}` is there twice in {what}: none knows which goes on with which"
            raise DataError(Fault(message, None, "give each a name of its own"))
    numbers = {name: n for n, name in enumerate(future.ids)}
    for name in history.ids:
        there = int(future.lengths[numbers[name]]) if name in numbers else 0
        if there < steps:
            message = (
                f"sequence `{name}` has {counted(there, 'step')} to come, but {steps} are to be forecast"
            )
            raise DataError(Fault(message, Place(future.places[0][0]) if future.places else None))
        _check_times(history, future, name, numbers[name])
    rows = ranges(future.offsets[[numbers[name] for name in history.ids]], np.full(len(history), steps))
    values = np.zeros((len(history), steps, history.values.shape[1]), np.float32)
    columns = [(history.channels or ()).index(name) for name in future.channels or ()]
    values[:, :, columns] = future.values[rows].reshape(len(history), steps, -1)
    return Ahead(values, _times_ahead(history, steps) if future.times is None else future.times[rows])


def _check_times(history: Sequences, future: Sequences, name: str, number: int) -> None:
    """Raise DataError if the future of a sequence does not begin after its last known time, or begins later
    after it than any known step and half of one more.
    """
    if history.times is None or future.times is None:
        return
    n = history.ids.index(name)
    known = history.times[history.offsets[n] : history.offsets[n + 1]]
    begin = future.times[future.offsets[number]]
    found = moments([*known, begin])
    if found is None:
        return
    gaps = np.diff(found)
    is_late = len(gaps) > 2 and gaps[-1] > gaps[:-1].max() * 3 // 2
    if found[-1] <= found[-2] or is_late:
        message = f"what is to come of sequence `{name}` begins at `{begin}`, but its known steps end at "
        where = Place(*future.places[number]) if future.places else None
        raise DataError(Fault(f"{message}`{known[-1]}`", where, "give the steps that follow on these"))


def seasons_before(sequences: Sequences, steps: int, season: int, horizon: int | None) -> Floats:
    """What a seasonal-naive forecast says of the last steps, float32[N, steps, C]: the values so few whole
    seasons before that they were known.

    horizon : a step is forecast so many steps before it; None: before the first of them, as in a closed loop
    Raises DataError for sequences that are shorter than a season.
    """
    step = np.arange(steps)
    behind = step + 1 if horizon is None else np.full(steps, horizon)
    back = season * -(-behind // season)
    least = steps + int(back[0])
    require_steps(sequences, least, f"{steps} held out and a season of {season} before them make {least}")
    found: Floats = sequences.values[(sequences.offsets[1:] - steps)[:, None] + step - back]
    return found


def _pieces(sequences: Sequences, begins: Counts, ends: Counts) -> Sequences:
    """The steps begins ... ends - 1 of each sequence."""
    rows = ranges(sequences.offsets[:-1] + begins, ends - begins)
    times = None if sequences.times is None else sequences.times[rows]
    return replace(sequences, values=sequences.values[rows], offsets=offsets_of(ends - begins), times=times)


def _block(offsets: Counts, begins: Counts, steps: int) -> Counts:
    """The rows of so many steps of each sequence from its step `begins` on."""
    return ranges(offsets[:-1] + begins, np.full(len(begins), steps))


def _hindrance(graph: Graph, section: DataSection) -> str | None:
    """Why the network does not answer for steps ahead of its inputs."""
    if graph.task.classification:
        return "the network answers with classes, which are not its inputs"
    if section.words is not None:
        return "the network takes words, which are not its answers"
    if section.horizon is None:
        return "the network was trained without `horizon`: it does not answer for steps ahead"
    return None
