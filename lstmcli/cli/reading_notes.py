"""Words about data that may not have been meant so: files that came to one sequence, one that comes again."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lstmcli.cli.streams import note

if TYPE_CHECKING:
    from lstmcli.data.declaration import DataSection
    from lstmcli.data.selection import Observations
    from lstmcli.records import Sequences

MOST_NAMES = 10**5
"""Names of sequences that are remembered: who answers blocks as they come has no room for all."""


def noted_blocks(
    paths: Sequence[str], columns: "DataSection", again: bool = True
) -> "Iterator[Observations]":
    """Data without targets in blocks, as `read_blocks` gives it, with notes on what may not be meant.

    again : whether a sequence that comes again is one
    """
    from lstmcli.data.reading import read_blocks

    names, count = set[str](), 0
    for block in read_blocks(paths, columns, None):
        sequences = block[0]
        again = again and len(names) < MOST_NAMES and not note_again(sequences.ids, names)
        if not count:
            note_unread(sequences)
        count += len(sequences)
        yield block
    if count == 1:
        note_joined_files(paths, columns, [sequences])


def note_again(ids: Iterable[str], names: set[str]) -> bool:
    """Whether one of these sequences has the name of another one, with a note on the first.

    names : of the sequences before them, to which theirs are added
    """
    for name in ids:
        if name in names:
            note(
                f"note: sequence `{name}` comes again after others: one sequence is consecutive rows, so "
                "sort them if they belong together"
            )
            return True
        names.add(name)
    return False


def note_unread(sequences: "Sequences") -> None:
    """Name the columns that are not read, if there are any."""
    from lstmcli.data.default_features import tell_unread

    if sequences.unread:
        note(f"note: {tell_unread(sequences.unread)}")


def note_backward(sequences: "Sequences", time: str) -> bool:
    """Whether times go back, with a note on it.

    time : the column that they are in
    """
    from lstmcli.survey.order import tell_backward

    told = tell_backward(sequences, time)
    if told:
        note(f"note: {told}")
    return bool(told)


def note_joined_files(paths: Sequence[str], columns: "DataSection", parts: "Iterable[Sequences]") -> None:
    """Say so if the rows of several files are all one sequence, as no column tells sequences apart.

    parts : everything that was read from `paths`, cut or whole
    """
    from lstmcli.data.reading import tell_joined

    told = tell_joined(paths, columns, (place for part in parts for place in part.places))
    if told:
        note(f"note: {told}")
