"""Sequences whose ends are known: what is forecast follows on their last rows."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from lstmcli.cli.reading_notes import note_again, note_backward, noted_blocks
from lstmcli.errors import DataError, Fault, Place

if TYPE_CHECKING:
    from lstmcli.data.declaration import DataSection
    from lstmcli.records import Sequences


def whole_sequences(
    paths: Sequence[str], columns: "DataSection", most: int, once: bool
) -> "Iterator[Sequences]":
    """At most so many sequences at a time, with notes on times that go back and names that come again.

    once : names must not
    Raises DataError for a sequence whose rows are not together: none knows where it ends.
    """
    import numpy as np

    from lstmcli.data.selection import select

    ends, backward = _Ends(once), False
    for block, _ in noted_blocks(paths, columns, again=False):
        ends.check(block)
        backward = backward or note_backward(block, columns.time)
        for first in range(0, len(block), most):
            part = np.arange(first, min(first + most, len(block)))
            yield block if len(part) == len(block) else select(block, part)


class _Ends:
    """The files in which the sequences that were met have ended: in others the same names may come again.

    once : they may not
    """

    def __init__(self, once: bool):
        self._once, self._again = once, False
        self._ended = dict[str, str]()
        self._name, self._file, self._first = "", "", 0

    def check(self, sequences: "Sequences") -> None:
        """More sequences, with a note on the first that comes again; raises DataError where it may not."""
        for name, (file, row) in zip(sequences.ids, sequences.places or repeat(("", None)), strict=False):
            self._first = self._first or row or 0
            # Who begins in the middle of a file follows on one that ends there, wherever that began.
            if self._ended and file != self._file and row not in (None, self._first):
                self._ended[self._name] = file
            if name in self._ended and (self._once or (file and self._ended[name] == file)):
                message = f"sequence `{name}` comes again after others: none knows where it ends"
                help = "one sequence is consecutive rows: sort them, or give each sequence a name of its own"
                raise DataError(Fault(message, Place(file, row) if file else None, help))
            self._again = self._again or note_again([name], {name} & self._ended.keys())
            self._ended[name] = self._file = file
            self._name = name
