"""Sequences as a network takes them: long series cut into windows, targets that lie ahead, the order."""

from dataclasses import replace

import numpy as np

from lstmcli.data.declaration import DataSection
from lstmcli.data.selection import Observations, offsets_of, ranges, sort_by_length
from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place, counted
from lstmcli.records import Data, Sequences, Targets, Task

SHORTEST = 2
"""Steps that a window of one step, or none, and one step ahead need."""


def cut_and_sort(whole: Observations, columns: DataSection, task: Task) -> Data:
    """Whole sequences as the network takes them: cut if they are to be cut, and in the order asked for.

    Raises as `cut_windows` does.
    """
    data = cut_windows(*whole, columns, task)
    return Data(*sort_by_length(*data)) if columns.sort == "length" else data


def cut_windows(sequences: Sequences, targets: Targets | None, columns: DataSection, task: Task) -> Data:
    """Windows of the sequences, each a sequence of its own, with targets `horizon` steps ahead.

    Sequences that are not to be cut stay as they are.

    With window w, stride s and horizon h a sequence of T steps gives the pieces k = 0, 1, ... with
    k s + w + h <= T, of the steps k s + 1 ... k s + w, named `<id>/<k + 1>`; without a window one
    piece of T - h steps under its own name. The target of step t is that of step t + h; a network
    without time axis gets that of the piece's last step. Without targets the responses are the
    features, h steps ahead. The place of a window is that of its sequence.

    Raises DataError for the sequences that are too short for a piece.
    """
    if not columns.cuts:
        assert targets is not None
        return Data(sequences, targets)
    horizon = columns.horizon or 0
    lengths = sequences.lengths
    smaller = f"make `{'horizon' if columns.window is None else 'window'}` smaller"
    instead = smaller if columns.shortest > SHORTEST else None
    require_steps(sequences, columns.shortest, needed_steps(columns), instead)
    if columns.window is None:
        counts = np.ones(len(sequences), np.int64)
        sizes = lengths - horizon
    else:
        counts = (lengths - columns.window - horizon) // columns.stride + 1
        sizes = np.full(int(counts.sum()), columns.window)
    origin = np.repeat(np.arange(len(sequences)), counts)
    number = ranges(np.zeros(len(counts), np.int64), counts)
    starts = sequences.offsets[origin] + number * columns.stride
    steps = ranges(starts, sizes)
    ids = tuple(sequences.ids[n] for n in origin)
    if columns.window is not None:
        ids = tuple(f"{id}/{k + 1}" for id, k in zip(ids, number, strict=True))
    pieces = replace(
        sequences,
        values=sequences.values[steps],
        offsets=offsets_of(sizes),
        ids=ids,
        times=None if sequences.times is None else sequences.times[steps],
        places=tuple(sequences.places[n] for n in origin) if sequences.places else (),
    )
    if targets is None:
        channels = sequences.values.shape[1]
        names = sequences.channels or tuple(str(channel + 1) for channel in range(channels))
        targets = Targets(sequences.values, names, per_step=True)
    values = (
        targets.values if targets.per_step else targets.values[np.repeat(np.arange(len(lengths)), lengths)]
    )
    answers = (steps if task.per_step else starts + sizes - 1) + horizon
    return Data(pieces, Targets(values[answers], targets.names, task.per_step))


def needed_steps(columns: DataSection) -> str:
    """What a series needs to be cut: `window 3 and horizon 2 need 5`."""
    given = [("window", columns.window), ("horizon", columns.horizon)]
    words = [f"{word} {value}" for word, value in given if value is not None]
    return f"{' and '.join(words)} need{'s' if len(words) == 1 else ''} {columns.shortest}"


def require_steps(sequences: Sequences, least: int, why: str, instead: str | None) -> None:
    """Raise DataError for all sequences of fewer steps.

    why : goes on with `but`; instead : what else may be done than to leave them out
    """
    faults, help = [], ", or ".join(filter(None, ("leave the sequence out", instead)))
    for n in np.flatnonzero(sequences.lengths < least)[: MOST_FAULTS + 1]:
        message = f"sequence `{sequences.ids[n]}` has {counted(int(sequences.lengths[n]), 'time step')}"
        where = Place(*sequences.places[n]) if sequences.places else None
        faults.append(Fault(f"{message}, but {why}", where, help))
    if faults:
        raise DataError(faults)
