"""The steps that follow on series: what is known of them before they are forecast."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.selection import block, pieces
from lstmcli.data.times import moments
from lstmcli.data.times_ahead import times_ahead
from lstmcli.data.windows import require_steps
from lstmcli.errors import DataError, Fault, Place, counted, did_you_mean, listed
from lstmcli.records import Sequences

Floats = NDArray[np.float32]
SHOWN = 3
"""Sequences that a sentence names."""


class Ahead(NamedTuple):
    """The S steps that follow on each of N sequences.

    values : float32[N, S, C], the inputs as far as they are known, else anything
    times : N S texts, one sequence behind the other, empty where nobody knows them, or None
    """

    values: Floats
    times: NDArray[np.object_] | None


def nothing_known(history: Sequences, steps: int) -> Ahead:
    """Steps to come of which nothing is known but the times, where these go on evenly."""
    values = np.zeros((len(history), steps, history.values.shape[1]), np.float32)
    if history.times is None:
        return Ahead(values, None)
    ahead = [text for n in range(len(history)) for text in _going_on(_times_of(history, n), steps)]
    return Ahead(values, np.array(ahead, object))


def _times_of(sequences: Sequences, number: int) -> list[str]:
    """Those of one sequence, none if there are none."""
    if sequences.times is None:
        return []
    return list(sequences.times[slice(*sequences.offsets[number : number + 2])])


def _going_on(times: list[str], steps: int) -> list[str]:
    """The times after these, empty if nobody knows them."""
    return (times_ahead(times, steps) if steps else None) or [""] * steps


def hold_out(sequences: Sequences, steps: int) -> tuple[Sequences, Ahead]:
    """The sequences without their last steps, and these.

    Raises DataError for sequences that nothing would be left of.
    """
    require_steps(
        sequences, steps + 1, f"{steps} held out and one before them make {steps + 1}", "hold out fewer steps"
    )
    kept = sequences.lengths - steps
    rows = block(sequences.offsets, kept, steps)
    held_out = sequences.values[rows].reshape(len(sequences), steps, -1)
    times = None if sequences.times is None else sequences.times[rows]
    return pieces(sequences, np.zeros_like(kept), kept), Ahead(held_out, times)


class Future:
    """Inputs that are known of steps to come."""

    def __init__(self, sequences: Sequences):
        """sequences : of the names of those that they go on with, with the columns that are known

        Raises DataError for a name that is there twice.
        """
        self._sequences = sequences
        self._numbers: dict[str, int] = {}
        self._unused, self._late = dict.fromkeys(sequences.ids), list[str]()
        for n, name in enumerate(sequences.ids):
            if name in self._numbers:
                message = f"sequence `{name}` is there twice in what is to come"
                help = "sort the rows by sequence, or give each a name of its own"
                raise DataError(Fault(message, self._place(n), help))
            self._numbers[name] = n

    def ahead(self, history: Sequences, steps: int, least: int) -> Ahead:
        """The steps that follow on sequences, which have different names.

        least : steps of which the inputs must be known; those of others may be missing
        Raises DataError for a sequence that has fewer, or does not go on behind its last time.
        """
        come, times = self._sequences, list[str]()
        timed = history.times is not None or come.times is not None
        values = np.zeros((len(history), steps, history.values.shape[1]), np.float32)
        columns = [(history.channels or ()).index(name) for name in come.channels or ()]
        for n, name in enumerate(history.ids):
            number = self._numbers.get(name)
            there = 0 if number is None else int(come.lengths[number])
            if there < least:
                known = f"sequence `{name}` has {counted(there, 'step')} to come"
                message = f"{known}, but {least} must be known to forecast {steps}"
                help = did_you_mean(name, self._unused) if number is None else None
                raise DataError(Fault(message, Place(come.places[0][0]) if come.places else None, help))
            before, after = _times_of(history, n), list[str]()
            if number is not None:
                self._unused.pop(name, None)
                first, there = int(come.offsets[number]), min(there, steps)
                values[n, :there, columns] = come.values[first : first + there].T
                after = _times_of(come, number)[:steps]
                if before and after and _comes_late(name, before, after, self._place(number)):
                    self._late.append(
                        f"`{name}` begins at `{after[0]}`, and its known steps end at `{before[-1]}`"
                    )
            if timed:
                times += after + _going_on(before + after, steps - len(after))
        return Ahead(values, np.array(times, object) if timed else None)

    def told(self) -> Iterator[str]:
        """Sentences on what may not have been meant: steps that are not the next, names that nobody has."""
        if self._late:
            more = f" ({len(self._late)} sequences are so)" if len(self._late) > 1 else ""
            yield f"what is to come of sequence {self._late[0]}: steps between seem to be missing{more}"
        if self._unused:
            count, names = len(self._unused), listed(self._unused, SHOWN)
            those = "a sequence that is" if count == 1 else f"{count} sequences that are"
            yield f"what is to come has {those} not in the data: {names}"

    def _place(self, number: int) -> Place | None:
        return Place(*self._sequences.places[number]) if self._sequences.places else None


def _comes_late(name: str, known: list[str], come: list[str], place: Place | None) -> bool:
    """Whether what is to come of a sequence begins later than any known step and half of one more.

    place : of the first step that is to come
    Raises DataError if it does not begin after the last known time, or goes back.
    """
    found = _moments(known, come)
    if found is None:
        return False
    gaps = np.diff(found)
    before, begin, after = np.split(gaps, [len(known) - 1, len(known)])
    now = np.zeros(1, gaps.dtype)
    if begin <= now:
        message = f"what is to come of sequence `{name}` begins at `{come[0]}`, but its known steps end at "
        raise DataError(Fault(f"{message}`{known[-1]}`", place, "give the steps that follow on these"))
    if np.any(after < now):
        k = int((after < now).argmax())
        message = f"what is to come of sequence `{name}` goes from `{come[k]}` to `{come[k + 1]}`"
        raise DataError(Fault(message, place, "sort the rows, the earliest first"))
    return bool(len(before) > 1 and before.max() > now and 2 * begin > 3 * before.max())


def _moments(known: list[str], come: list[str]) -> NDArray[Any] | None:
    """Those of both, which may be written in two forms."""
    found = moments([*known, *come])
    if found is not None:
        return found
    parts = moments(known), moments(come)
    if parts[0] is None or parts[1] is None or parts[0].dtype.kind != parts[1].dtype.kind:
        return None
    return np.concatenate([parts[0], parts[1]])


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
    why = f"{steps} held out and a season of {season} before them make {least}"
    require_steps(sequences, least, why, "take a shorter season")
    found: Floats = sequences.values[(sequences.offsets[1:] - steps)[:, None] + step - back]
    return found
