"""Rows to whole sequences: consecutive rows with one name are joined over the ends of blocks and files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress

import numpy as np

from lstmcli.data.selection import Observations, concatenate, concatenate_targets
from lstmcli.data.table import Rows
from lstmcli.errors import DataError, Fault
from lstmcli.records import Targets


def whole_sequences(blocks: Iterable[Rows | None], constant: bool) -> Iterator[Observations]:
    """Whole sequences with a target for each step, as soon as the row after their last one is there.

    blocks : with None where the last sequence is known to be whole
    constant : targets do not change within a sequence; DataError names the rows where they do
    """
    pieces: list[Observations] = []
    previous: Rows | None = None
    for rows in blocks:
        if rows is None:
            if pieces:
                yield _join(pieces, len(pieces))
            pieces, previous = [], None
            continue
        if rows.apart:
            yield rows.sequences, rows.targets
            continue
        continues = previous is not None and previous.sequences.ids[-1] == rows.sequences.ids[0]
        if constant:
            _check_constant(rows, previous if continues else None)
        previous = rows
        pieces.append((rows.sequences, rows.targets))
        if len(rows.sequences) == 1 and (continues or len(pieces) == 1):
            continue
        whole = _join(pieces, len(pieces) if continues else len(pieces) - 1)
        complete = len(whole[0]) - 1
        if complete:
            yield _part(whole, 0, complete)
        pieces = [_part(whole, complete, complete + 1)]
    if pieces:
        yield _join(pieces, len(pieces))


def _join(pieces: Sequence[Observations], count: int) -> Observations:
    """All pieces as one; the first sequences of the first `count` pieces are parts of one sequence."""
    sequences = concatenate([piece for piece, _ in pieces])
    targets = [piece for _, piece in pieces if piece is not None]
    begins = np.ones(len(sequences), bool)
    begins[1:count] = False
    joined = replace(
        sequences,
        offsets=np.append(sequences.offsets[:-1][begins], sequences.offsets[-1]),
        ids=tuple(compress(sequences.ids, begins)),
        places=tuple(compress(sequences.places, begins)),
    )
    return joined, concatenate_targets(targets) if targets else None


def _part(whole: Observations, first: int, stop: int) -> Observations:
    """The sequences first ... stop - 1."""
    sequences, targets = whole
    steps = slice(sequences.offsets[first], sequences.offsets[stop])
    part = replace(
        sequences,
        values=sequences.values[steps],
        offsets=sequences.offsets[first : stop + 1] - sequences.offsets[first],
        ids=sequences.ids[first:stop],
        times=None if sequences.times is None else sequences.times[steps],
        places=sequences.places[first:stop],
    )
    return part, targets and Targets(targets.values[steps], targets.names, targets.per_step)


def _check_constant(rows: Rows, before: Rows | None) -> None:
    """Raise DataError for the rows whose target is not that of the row before in the same sequence."""
    if rows.targets is None:
        return
    values, names = rows.targets.values.reshape(len(rows.numbers), -1), rows.targets.names
    changed = np.zeros(values.shape, bool)
    changed[1:] = values[1:] != values[:-1]
    changed[rows.sequences.offsets[:-1]] = False
    if before is not None and before.targets is not None:
        last = before.targets.values[-1:].reshape(1, -1)
        if rows.layout.labels is None:
            changed[0] = values[0] != last[0]
        else:
            changed[0] = names[values[0, 0]] != before.targets.names[last[0, 0]]
    if not changed.any():
        return
    columns = rows.layout.responses if rows.layout.labels is None else (rows.layout.labels,)
    what = "response" if rows.layout.labels is None else "label"
    help = f"`OutputMode: last` takes one {what} a sequence, `OutputMode: sequence` one a step"
    if rows.layout.sequence is None:
        help += "; sequences are told apart by a column: `sequence: COLUMN`, or `--sequence COLUMN`"
    faults = []
    sequence_of = np.repeat(np.arange(len(rows.sequences)), rows.sequences.lengths)
    at = np.argwhere(changed)
    for n, first in zip(*np.unique(sequence_of[at[:, 0]], return_index=True), strict=True):
        step, target = at[first]
        message = f"the {what} changes within sequence `{rows.sequences.ids[n]}`"
        where = rows.layout.place(rows.file, int(rows.numbers[step]), columns[target])
        faults.append(Fault(message, where, help))
    raise DataError(faults)
