"""Data held out of the training data: sequences drawn by class, or the end of a series that is cut."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.declaration import DataSection
from lstmcli.data.selection import Observations, select, select_targets
from lstmcli.data.windows import needed_steps
from lstmcli.errors import DataError, Fault, Place, counted
from lstmcli.records import Sequences, Targets


def hold_out(
    whole: Observations, fractions: Mapping[str, float], columns: DataSection, generator: np.random.Generator
) -> tuple[Observations, dict[str, Observations]]:
    """Hold out parts of the data, before anything is cut: (the remaining, the parts by name).

    fractions : name of a part -> its share of all sequences, in the order in which they are held out

    Sequences are drawn at random, `split_sequences`. A single series that is cut is split in time instead,
    `split_series`: its windows overlap, so that drawn windows would show their steps to both parts.
    Raises DataError if a part would be empty, or shorter than one piece of a series.
    """
    if columns.cuts and len(whole[0]) == 1:
        return split_series(whole, fractions, columns)
    parts: dict[str, Observations] = {}
    left = 1.0
    for name, fraction in fractions.items():
        whole, parts[name] = split_sequences(whole, fraction / left, generator)
        left -= fraction
    return whole, parts


def split_sequences(
    whole: Observations, fraction: float, generator: np.random.Generator
) -> tuple[Observations, Observations]:
    """Hold out a fraction of the sequences, drawn at random: (the remaining, the held out).

    round(fraction N) sequences are held out. Where there is one class a sequence, each class gives its
    share, rounded such that the shares add up. Both parts keep the order of the data.
    Raises DataError if one part would be empty.
    """
    sequences, targets = whole
    count = len(sequences)
    wanted = round(fraction * count)
    if not 0 < wanted < count:
        message = f"a fraction of {fraction:g} of {counted(count, 'sequence')} leaves one part empty"
        raise DataError(Fault(message, None, "name a file, or give more sequences"))
    held_out = np.zeros(count, bool)
    for members, share in zip(*_shares(_classes(sequences, targets), wanted), strict=True):
        held_out[generator.permutation(members)[:share]] = True
    return _part(whole, ~held_out), _part(whole, held_out)


def split_series(
    whole: Observations, fractions: Mapping[str, float], columns: DataSection
) -> tuple[Observations, dict[str, Observations]]:
    """Hold out the end of a single series of T steps: (the beginning, the parts by name).

    Each part has round(fraction T) steps; the first that is named has the last steps, the next one those
    before them. A part is cut by itself, so that no step of its inputs or targets is in another part.
    Raises DataError if a part is too short for one piece.
    """
    sequences, _ = whole
    total = int(sequences.lengths[0])
    parts = {}
    stop = total
    for name, fraction in fractions.items():
        start = stop - round(fraction * total)
        _check_part(f"`{name}` {fraction:g} holds out", stop - start, "", sequences, columns)
        parts[name] = _steps(whole, start, stop)
        stop = start
    names = " and ".join(f"`{name}`" for name in reversed(list(fractions)))
    verb = "leaves" if len(fractions) == 1 else "leave"
    if fractions:
        _check_part(f"{names} {verb}", stop, " to train on", sequences, columns)
    return _steps(whole, 0, stop), parts


def _check_part(begin: str, steps: int, end: str, sequences: Sequences, columns: DataSection) -> None:
    if steps >= columns.shortest:
        return
    total = counted(int(sequences.lengths[0]), "time step")
    message = f"{begin} {steps} of the {total} of sequence `{sequences.ids[0]}`{end}"
    where = Place(*sequences.places[0]) if sequences.places else None
    help = "choose another fraction, name a file, or give a longer series"
    raise DataError(Fault(f"{message}, but {needed_steps(columns)}", where, help))


def _steps(whole: Observations, start: int, stop: int) -> Observations:
    """The steps start ... stop - 1 of a single series; its place stays that of its first step."""
    sequences, targets = whole
    part = replace(
        sequences,
        values=sequences.values[start:stop],
        offsets=np.array([0, stop - start], np.int64),
        times=None if sequences.times is None else sequences.times[start:stop],
    )
    return part, targets and Targets(targets.values[start:stop], targets.names, targets.per_step)


def _part(whole: Observations, chosen: NDArray[np.bool_]) -> Observations:
    sequences, targets = whole
    order = np.flatnonzero(chosen)
    return select(sequences, order), targets and select_targets(sequences, targets, order)


def _classes(sequences: Sequences, targets: Targets | None) -> NDArray[np.int32]:
    """The class of each sequence; one and the same where there are responses, or a class changes."""
    same = np.zeros(len(sequences), np.int32)
    if targets is None or not np.issubdtype(targets.values.dtype, np.integer):
        return same
    values = targets.values.astype(np.int32)
    if not targets.per_step:
        return values
    firsts = values[sequences.offsets[:-1]]
    return firsts if (np.repeat(firsts, sequences.lengths) == values).all() else same


def _shares(classes: NDArray[np.int32], wanted: int) -> tuple[list[NDArray[np.int64]], NDArray[np.int64]]:
    """The members of each class, and how many of them make `wanted` in all: largest remainders round up."""
    members = [np.flatnonzero(classes == k) for k in np.unique(classes)]
    quota = np.array([len(group) for group in members]) * wanted
    shares, remainders = np.divmod(quota, len(classes))
    shares[np.argsort(-remainders, kind="stable")[: wanted - int(shares.sum())]] += 1
    return members, shares
