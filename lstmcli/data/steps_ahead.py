"""The steps that follow on series: what is known of them before they are forecast."""

from collections import Counter
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.selection import block, pieces, ranges
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
    rows = block(sequences.offsets, kept, steps)
    held_out = sequences.values[rows].reshape(len(sequences), steps, -1)
    times = None if sequences.times is None else sequences.times[rows]
    return pieces(sequences, np.zeros_like(kept), kept), Ahead(held_out, times)


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
    ahead = nothing_known(history, steps)
    columns = [(history.channels or ()).index(name) for name in future.channels or ()]
    ahead.values[:, :, columns] = future.values[rows].reshape(len(history), steps, -1)
    return ahead if future.times is None else ahead._replace(times=future.times[rows])


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
