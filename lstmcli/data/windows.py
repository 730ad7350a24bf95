"""Long series cut into windows, and targets that lie ahead."""

import numpy as np

from lstmcli.data.columns import Columns
from lstmcli.data.parse import MOST_FAULTS
from lstmcli.data.selection import Observations, offsets_of, ranges
from lstmcli.errors import DataError, Fault, Place
from lstmcli.records import Sequences, Targets, Task


def cut_windows(sequences: Sequences, targets: Targets | None, columns: Columns, task: Task) -> Observations:
    """Windows of the sequences, each a sequence of its own, with targets `horizon` steps ahead.

    With window w, stride s and horizon h a sequence of T steps gives the pieces k = 0, 1, ... with
    k s + w + h <= T, of the steps k s + 1 ... k s + w, named `<id>/<k + 1>`; without a window one
    piece of T - h steps under its own name. The target of step t is that of step t + h; a network
    without time axis gets that of the piece's last step. Without targets the responses are the
    features, h steps ahead. The place of a window is that of its sequence.

    Raises DataError for the sequences that are too short for a piece.
    """
    horizon = columns.horizon or 0
    lengths = sequences.lengths
    _check_lengths(sequences, (columns.window or 1) + horizon, columns)
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
    pieces = Sequences(
        values=sequences.values[steps],
        offsets=offsets_of(sizes),
        ids=ids,
        channels=sequences.channels,
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
    return pieces, Targets(values[answers], targets.names, task.per_step)


def _check_lengths(sequences: Sequences, needed: int, columns: Columns) -> None:
    given = [("window", columns.window), ("horizon", columns.horizon)]
    reason = " and ".join(f"{word} {value}" for word, value in given if value is not None)
    faults = []
    for n in np.flatnonzero(sequences.lengths < needed)[:MOST_FAULTS]:
        steps = sequences.lengths[n]
        message = f"sequence `{sequences.ids[n]}` has {steps} time step{'' if steps == 1 else 's'}"
        need = f"{reason} need{'s' if ' and ' not in reason else ''} {needed}"
        where = Place(*sequences.places[n]) if sequences.places else None
        faults.append(Fault(f"{message}, but {need}", where))
    if faults:
        raise DataError(faults)
