"""What is odd about data, each in a sentence: often a column was meant otherwise."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from lstmcli.data.default_features import tell_unread
from lstmcli.data.reading import tell_joined
from lstmcli.errors import counted, listed
from lstmcli.survey.figures import Channel, class_counts
from lstmcli.survey.order import tell_backward, tell_uneven
from lstmcli.survey.survey import Survey
from lstmcli.survey.values import runs_evenly, steps_inside
from lstmcli.survey.wide_table import tell_wide

SHOWN = 3
"""Names of one remark."""
UNBALANCED = 5
"""Times as many as the rarest class has."""


def remarks(found: Survey, channels: list[Channel]) -> list[str]:
    """Everything that is odd; channels : those of the data, none where it has words."""
    return [
        *_of_columns(found),
        *_of_order(found),
        *_of_sequences(found),
        *_of_channels(found, channels),
        *_of_targets(found),
    ]


def _of_columns(found: Survey) -> Iterator[str]:
    if found.sequences.unread:
        yield tell_unread(found.sequences.unread, found.with_unit)


def _of_order(found: Survey) -> Iterator[str]:
    # Of other forms than tables no rows are known.
    if found.left_out.kept:
        where = found.sequences, found.columns.time, found.left_out.place
        yield from filter(None, (tell_backward(*where), tell_uneven(*where)))
    wide = tell_wide(found)
    if wide:
        yield wide


def _of_sequences(found: Survey) -> Iterator[str]:
    sequences = found.sequences
    joined = tell_joined(found.paths, found.columns, sequences.places)
    if joined:
        yield joined
    single = [name for name, steps in zip(sequences.ids, sequences.lengths, strict=True) if steps == 1]
    if single and sequences.words is None:
        yield f"of a single step: {counted(len(single), 'sequence')}, {listed(single, SHOWN)}"
    again = [name for name, count in Counter(sequences.ids).items() if count > 1]
    if again:
        yield (
            f"come again after other sequences: {listed(again, SHOWN)}; one sequence is consecutive rows, "
            "so sort the rows if they belong together"
        )
    copies = _copies(found)
    if copies:
        first, second = copies[0]
        yield f"{counted(len(copies), 'sequence')} with the values of an earlier one: `{second}` is `{first}`"


def _of_channels(found: Survey, channels: list[Channel]) -> Iterator[str]:
    constant = [channel.name for channel in channels if channel.is_constant]
    if constant:
        yield f"constant: {counted(len(constant), 'channel')}, {listed(constant, SHOWN)}"
    inside = steps_inside(found.sequences)
    for k, name in enumerate(found.sequences.channels or ()):
        if channels and runs_evenly(found.sequences.values[:, k], inside):
            yield f"`{name}` grows by the same from step to step: if it is a time, say `--time {name}`"


def _of_targets(found: Survey) -> Iterator[str]:
    if found.targets is None or not found.classification:
        return
    names, counts = found.targets.names, class_counts(found.targets)
    what = "step" if found.targets.per_step else "sequence"
    most, least = int(counts.argmax()), int(counts.argmin())
    if len(names) == 1:
        yield f"there is only one class, `{names[0]}`"
    elif counts[most] >= UNBALANCED * counts[least]:
        yield (
            f"classes out of balance: `{names[most]}` has {counted(int(counts[most]), what)}, "
            f"`{names[least]}` has {counts[least]}"
        )


def _copies(found: Survey) -> list[tuple[str, str]]:
    """Names of sequences of several steps with the values of another one before them, which comes first; with
    its targets, too, where each step has one.
    """
    sequences, targets = found.sequences, found.targets
    arrays = [sequences.values, *([targets.values] if targets is not None and targets.per_step else [])]
    seen: dict[tuple[bytes, ...], str] = {}
    copies = []
    if sequences.words is None:
        for n in np.flatnonzero(sequences.lengths > 1).tolist():
            own = tuple([array[slice(*sequences.offsets[n : n + 2])].tobytes() for array in arrays])
            if own in seen:
                copies.append((seen[own], sequences.ids[n]))
            seen.setdefault(own, sequences.ids[n])
    return copies
