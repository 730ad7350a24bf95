"""The steps that follow on series: what is known of them before they are forecast."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.selection import block, pieces
from lstmcli.data.times import moments
from lstmcli.data.times_ahead import times_ahead
from lstmcli.data.windows import require_steps
from lstmcli.errors import DataError, Fault, Place, counted
from lstmcli.records import Sequences

Floats = NDArray[np.float32]


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
    known = (history.times[first:stop].tolist() for first, stop in pairwise(history.offsets))
    return Ahead(values, np.array([text for own in known for text in _going_on(own, steps)], object))


def _going_on(times: list[str], steps: int) -> list[str]:
    """The times after these, empty if nobody knows them."""
    return (times_ahead(times, steps) if steps else None) or [""] * steps


def hold_out(sequences: Sequences, steps: int) -> tuple[Sequences, Ahead]:
    """The sequences without their last steps, and these.

    Raises DataError for sequences that nothing would be left of.
    """
    require_steps(sequences, steps + 1, f"{steps} held out and one before them make {steps + 1}")
    kept = sequences.lengths - steps
    rows = block(sequences.offsets, kept, steps)
    held_out = sequences.values[rows].reshape(len(sequences), steps, -1)
    times = None if sequences.times is None else sequences.times[rows]
    return pieces(sequences, np.zeros_like(kept), kept), Ahead(held_out, times)


def partly_known(history: Sequences, future: Sequences, steps: int, horizon: int) -> Ahead:
    """Steps to come of which some inputs are known.

    future : sequences of the same names, with the columns that are known
    horizon : what is known of so many steps at the end counts for none of them, and may be missing
    Raises DataError for a sequence that is not in them, has too few steps there, or goes on at another time.
    """
    for names, what in ((history.ids, "the data"), (future.ids, "what is to come")):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            message = f"sequence `{twice[0]}` is there twice in {what}: none knows which goes on with which"
            raise DataError(Fault(message, None, "give each a name of its own"))
    numbers = {name: n for n, name in enumerate(future.ids)}
    ahead = nothing_known(history, steps)
    if ahead.times is None and future.times is not None:
        ahead = ahead._replace(times=np.full(len(history) * steps, "", object))
    columns = [(history.channels or ()).index(name) for name in future.channels or ()]
    for n, name in enumerate(history.ids):
        there = int(future.lengths[numbers[name]]) if name in numbers else 0
        if there < steps - horizon:
            message = (
                f"sequence `{name}` has {counted(there, 'step')} to come, "
                f"but {steps - horizon} must be known to forecast {steps}"
            )
            raise DataError(Fault(message, Place(future.places[0][0]) if future.places else None))
        if not there:
            continue
        first, there = int(future.offsets[numbers[name]]), min(there, steps)
        ahead.values[n, :there, columns] = future.values[first : first + there].T
        if future.times is not None and ahead.times is not None:
            own = None if history.times is None else history.times[slice(*history.offsets[n : n + 2])]
            known, come = [] if own is None else own.tolist(), future.times[first : first + there].tolist()
            _check_times(name, known, come, Place(*future.places[numbers[name]]) if future.places else None)
            ahead.times[n * steps : (n + 1) * steps] = come + _going_on(known + come, steps - there)
    return ahead


def _check_times(name: str, known: list[str], come: list[str], place: Place | None) -> None:
    """Raise DataError if what is to come of a sequence does not begin after its last known time, goes back,
    or begins later than any known step and half of one more.

    place : of the first step that is to come
    """
    found = moments([*known, *come]) if known else None
    if found is None:
        return
    gaps = np.diff(found)
    before, begin = gaps[: len(known) - 1], gaps[len(known) - 1]
    is_late = len(before) > 1 and begin > before.max() * 3 // 2
    behind = gaps[len(known) - 1 :] <= np.zeros(1, gaps.dtype)
    if is_late or behind[0]:
        message = f"what is to come of sequence `{name}` begins at `{come[0]}`, but its known steps end at "
        raise DataError(Fault(f"{message}`{known[-1]}`", place, "give the steps that follow on these"))
    if behind.any():
        k = int(behind.argmax())
        message = f"what is to come of sequence `{name}` goes from `{come[k - 1]}` to `{come[k]}`"
        where = None if place is None or place.row is None else replace(place, row=place.row + k)
        raise DataError(Fault(message, where, "sort the rows, the earliest first"))


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
