"""Sequences put together, picked and ordered, with their targets."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.classes import class_order, renumber
from lstmcli.data.vocabulary import with_words_together
from lstmcli.records import Sequences, Targets

Observations = tuple[Sequences, Targets | None]
Counts = NDArray[np.int64]


def concatenate(pieces: Sequence[Sequences]) -> Sequences:
    """All sequences of the pieces, in order. The pieces have the same channels, shape, and times or none;
    lists of words are brought together.
    """
    if len(pieces) == 1:
        return pieces[0]
    pieces = with_words_together(pieces)
    lengths = np.concatenate([piece.lengths for piece in pieces])
    times = [piece.times for piece in pieces if piece.times is not None]
    return replace(
        pieces[0],
        values=np.concatenate([piece.values for piece in pieces]),
        offsets=offsets_of(lengths),
        ids=tuple(chain.from_iterable(piece.ids for piece in pieces)),
        times=np.concatenate(times) if times else None,
        places=tuple(chain.from_iterable(piece.places for piece in pieces)),
    )


def concatenate_targets(pieces: Sequence[Targets]) -> Targets:
    """The targets of all pieces, in order; classes that pieces took from their data are brought together."""
    names = pieces[0].names
    if any(piece.names != names for piece in pieces):
        names = class_order(set(chain.from_iterable(piece.names for piece in pieces)))
        values = np.concatenate(
            [renumber(piece.values.astype(np.int32), piece.names, names) for piece in pieces]
        )
    else:
        values = np.concatenate([piece.values for piece in pieces])
    return Targets(values, names, pieces[0].per_step)


def select(sequences: Sequences, order: Counts) -> Sequences:
    """The sequences with the numbers `order`, in that order."""
    steps = ranges(sequences.offsets[order], sequences.lengths[order])
    return replace(
        sequences,
        values=sequences.values[steps],
        offsets=offsets_of(sequences.lengths[order]),
        ids=tuple(sequences.ids[n] for n in order),
        times=None if sequences.times is None else sequences.times[steps],
        places=tuple(sequences.places[n] for n in order) if sequences.places else (),
    )


def select_targets(sequences: Sequences, targets: Targets, order: Counts) -> Targets:
    """The targets of the sequences with the numbers `order`, in that order."""
    rows = ranges(sequences.offsets[order], sequences.lengths[order]) if targets.per_step else order
    return Targets(targets.values[rows], targets.names, targets.per_step)


def pieces(sequences: Sequences, begins: Counts, ends: Counts) -> Sequences:
    """The steps begins ... ends - 1 of each sequence."""
    rows = ranges(sequences.offsets[:-1] + begins, ends - begins)
    times = None if sequences.times is None else sequences.times[rows]
    return replace(sequences, values=sequences.values[rows], offsets=offsets_of(ends - begins), times=times)


def sort_by_length(sequences: Sequences, targets: Targets) -> tuple[Sequences, Targets]:
    """Sequences from the shortest to the longest; those of one length keep their order."""
    order = np.argsort(sequences.lengths, kind="stable")
    return select(sequences, order), select_targets(sequences, targets, order)


def offsets_of(lengths: Counts) -> Counts:
    """Where sequences of these lengths begin and the last one ends, int64[N + 1]."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def ranges(starts: Counts, lengths: Counts) -> Counts:
    """The numbers starts[n] ... starts[n] + lengths[n] - 1 for each n, one range after the other."""
    offsets = offsets_of(lengths)
    return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)


def block(offsets: Counts, begins: Counts, steps: int) -> Counts:
    """The rows of so many steps of each sequence from its step `begins` on."""
    return ranges(offsets[:-1] + begins, np.full(len(begins), steps))
