"""The states of sequences that go on, each by its sequence's name: any number of sequences, in any order."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from lstmcli.graph import Network, States
from lstmcli.records import Array


class Kept(NamedTuple):
    """Where sequences stood: those that had been met, and those that had not."""

    known: list[str]
    states: States
    new: list[str]


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

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def names(self) -> tuple[str, ...]:
        """The sequences that have been met, in the order in which they were."""
        return tuple(self._rows)

    def take(self, names: Sequence[str]) -> States:
        """The states of these sequences, [B, ...] for each state of each layer; they may be written to."""
        rows = [self._rows.get(name, -1) for name in names]
        new = [k for k, row in enumerate(rows) if row < 0]
        if new and not self._room:
            self._grow()
        taken: States = {}
        for layer, begin in self._begin.items():
            taken[layer] = tuple([array.take(rows, 0) for array in self._arrays[layer]])
            if new:
                for part, first in zip(taken[layer], begin, strict=True):
                    part[new] = first
        return taken

    def put(self, names: Sequence[str], states: States) -> None:
        """The states of these sequences, each of them once, from now on."""
        rows = [self._row_of(name) for name in names]
        # One row is found faster than a list of one.
        where = rows[0] if len(rows) == 1 else rows
        for layer, arrays in self._arrays.items():
            for array, state in zip(arrays, states[layer], strict=True):
                array[where] = state

    def kept(self, names: Sequence[str]) -> "Kept":
        """What `restore` brings back."""
        known = [name for name in dict.fromkeys(names) if name in self._rows]
        return Kept(known, self.take(known), [name for name in names if name not in self._rows])

    def restore(self, before: "Kept") -> None:
        """Let the sequences stand where they were."""
        self.forget(before.new)
        self.put(before.known, before.states)

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
