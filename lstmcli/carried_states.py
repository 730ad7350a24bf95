"""The states of sequences that go on, each by its sequence's name: any number of sequences, in any order."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from lstmcli.graph import Network, States
from lstmcli.records import Array


class _Undo(NamedTuple):
    """The names that were taken, and with each the row it had, -1 if none, and where it stood."""

    names: set[str]
    taken: list[tuple[Sequence[str], list[int], States]]


class CarriedStates:
    """Where each sequence stands. One that was never met stands where the network's states begin.

    A state has a row of its own in one array for each state of each layer; rows that were given up are used
    again, so that memory follows the most sequences that there were at a time.
    """

    def __init__(self, network: Network):
        self._begin = network.graph.initial_states(network.weights, 1)
        self._arrays: dict[str, list[Array]] = {
            layer: [np.empty((0, *array.shape[1:]), array.dtype) for array in arrays]
            for layer, arrays in self._begin.items()
        }
        self._rows: dict[str, int] = {}
        self._free: list[int] = []
        self._room = 0
        self._undo: _Undo | None = None

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def names(self) -> tuple[str, ...]:
        """The sequences that have been met, in the order in which they were."""
        return tuple(self._rows)

    def take(self, names: Sequence[str]) -> States:
        """The states of these sequences, [B, ...] for each state of each layer; not to be written to."""
        rows = [self._rows.get(name, -1) for name in names]
        new = [k for k, row in enumerate(rows) if row < 0]
        if new and not self._room:
            self._grow()
        # One row is found faster than a list of one.
        where = slice(rows[0], rows[0] + 1) if len(rows) == 1 and not new else rows
        taken: States = {}
        for layer, begin in self._begin.items():
            taken[layer] = tuple([np.array(array[where], order="C") for array in self._arrays[layer]])
            if new:
                for part, first in zip(taken[layer], begin, strict=True):
                    part[new] = first
        if self._undo is not None and not self._undo.names.issuperset(names):
            self._undo.names.update(names)
            self._undo.taken.append((names, rows, taken))
        return taken

    def put(self, names: Sequence[str], states: States) -> None:
        """The states of these sequences, each of them once, from now on."""
        rows = [self._row_of(name) for name in names]
        # One row is found faster than a list of one.
        where = rows[0] if len(rows) == 1 else rows
        for layer, arrays in self._arrays.items():
            for array, state in zip(arrays, states[layer], strict=True):
                array[where] = state

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Where what is done in it fails, sequences stand where they stood when they were first taken."""
        self._undo = undo = _Undo(set(), [])
        try:
            yield
        except BaseException:
            for names, rows, states in reversed(undo.taken):
                self.put(names, states)
                self.forget([name for name, row in zip(names, rows, strict=True) if row < 0])
            raise
        finally:
            self._undo = None

    def forget(self, names: Iterable[str]) -> None:
        """These sequences begin anew."""
        for name in names:
            row = self._rows.pop(name, None)
            if row is not None:
                self._free.append(row)

    def _row_of(self, name: str) -> int:
        row = self._rows.get(name)
        if row is None:
            if not self._free:
                self._grow()
            row = self._rows[name] = self._free.pop()
        return row

    def _grow(self) -> None:
        """Twice as many rows."""
        more = max(16, self._room)
        for arrays in self._arrays.values():
            arrays[:] = [
                np.concatenate([array, np.empty((more, *array.shape[1:]), array.dtype)]) for array in arrays
            ]
        self._free.extend(range(self._room + more - 1, self._room - 1, -1))
        self._room += more
