"""Prediction of sequences that go on from call to call (MATLAB predictAndUpdateState)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lstmcli.carried_states import CarriedStates
from lstmcli.data.selection import offsets_of
from lstmcli.errors import SpecError
from lstmcli.graph import Network
from lstmcli.graph_building import build_graph
from lstmcli.kernels.memory import Memory
from lstmcli.layer_graph import LayerGraph
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import make_mini_batch
from lstmcli.options import TrainingOptions
from lstmcli.passes import forward
from lstmcli.prediction import Prediction, answer, predictions_of
from lstmcli.records import Array, Sequences, Signal

LITTLE = 4096
"""Steps of padding in a mini-batch that are not worth another one."""


class Continuation:
    """A network that goes on with each sequence where it left it.

    What a sequence is answered depends on its own steps alone, so padding is masked and nothing cut whatever
    `options` say. A sequence whose pieces come one after another, in one call or in several, has the answers
    that it has in one piece if all layers work in pieces.
    """

    def __init__(self, network: Network, options: TrainingOptions, states: CarriedStates):
        length = options.sequence_length
        self.network, self.states = network, states
        self._options = replace(
            options, mask_padding=True, sequence_length="longest" if length == "shortest" else length
        )
        self._memory = Memory()
        self._mode = Mode(saves=False, memory=self._memory)

    def predict(self, sequences: Sequences) -> Iterator[Prediction]:
        """The answers to these pieces of sequences, in order; those of one name follow on each other."""
        for first, stop in self._together(sequences):
            batch = make_mini_batch(sequences, None, np.arange(first, stop), self._options)
            names = sequences.ids[first:stop]
            found = answer(self.network, batch, self._options, self._memory, self.states.take(names))
            self.states.put(names, found.states)
            yield from predictions_of(self.network, sequences, batch, found.output, self._options)

    def answer_steps(self, sequences: Sequences) -> Array:
        """An answer to every step, float[S, K], even of a network that answers once: to the steps so far."""
        per_step, single = self.network.graph.output_size.time, len(sequences) == len(sequences.values)
        # Most rows come alone, and need not be brought in any order.
        if len(set(sequences.ids)) == len(sequences) and (per_step or single):
            return self._answer_distinct(sequences)
        found = [(rows, self._answer_distinct(part)) for rows, part in _by_name(sequences, together=per_step)]
        rows, values = map(np.concatenate, zip(*found, strict=True))
        answers = np.empty_like(values)
        answers[rows] = values
        return answers

    def _answer_distinct(self, sequences: Sequences) -> Array:
        """The same where no sequence is twice, and all have one step or the network answers to each."""
        if len(sequences) < len(sequences.values):
            return np.concatenate([prediction.values for prediction in self.predict(sequences)])
        size = self._options.mini_batch_size
        values, names = sequences.values.astype(self.network.dtype, copy=False), sequences.ids
        if len(names) <= size:
            return self._answer_step(values, names)
        parts = [slice(first, first + size) for first in range(0, len(names), size)]
        return np.concatenate([self._answer_step(values[part], names[part]) for part in parts])

    def _answer_step(self, values: Array, names: tuple[str, ...]) -> Array:
        """The answers float[B, K] to one step float[B, C] of each of these sequences."""
        # A mini-batch, cut or padded and taken apart again, would take as long as the layers do.
        network = self.network
        x = Signal(values[None], *_one_step(len(names)))
        passed = forward(network, x, self.states.take(names), self._mode)
        self.states.put(names, network.graph.carried(passed.states, network.weights))
        y = network.graph.output.restore(network.output_weights, passed.output.data)
        return y.reshape(len(names), -1).copy()

    def _together(self, sequences: Sequences) -> Iterator[tuple[int, int]]:
        """Where mini-batches begin and stop in which no sequence is twice, and little is padding."""
        first, met, steps, longest = 0, set[str](), 0, 0
        for row, (name, length) in enumerate(zip(sequences.ids, sequences.lengths.tolist(), strict=True)):
            count, longest, steps = row - first + 1, max(longest, length), steps + length
            padded = longest * count > 2 * steps + LITTLE
            if count > 1 and (name in met or padded or count > self._options.mini_batch_size):
                yield first, row
                first, met, steps, longest = row, set(), length, length
            met.add(name)
        if met:
            yield first, len(sequences)


def answering_steps(network: Network, layers: LayerGraph) -> Network:
    """The network whose recurrent layers give all steps, where there is one: at each step it answers what the
    network, made of these layers, answers once to the steps so far.
    """
    entries = tuple(replace(entry, layer=entry.layer.at_each_step()) for entry in layers.entries)
    try:
        return Network(build_graph(replace(layers, entries=entries)), network.weights)
    except SpecError:
        return network


@lru_cache(maxsize=1024)
def _one_step(count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where so many observations of one step start and stop."""
    return np.zeros(count, np.int32), np.ones(count, np.int32)


def _by_name(sequences: Sequences, together: bool) -> Iterator[tuple[NDArray[np.int64], Sequences]]:
    """The steps regrouped so that no sequence is twice, with the number of the row of each step.

    together : all steps of a sequence at once, else one at a time
    """
    names = {name: number for number, name in enumerate(dict.fromkeys(sequences.ids))}
    of_step = np.repeat([names[name] for name in sequences.ids], sequences.lengths)
    order, counts = np.argsort(of_step, kind="stable"), np.bincount(of_step)
    ids, begins = np.array(list(names), object), offsets_of(counts)[:-1]
    for k in range(1 if together else int(counts.max())):
        own = np.arange(len(ids)) if together else np.flatnonzero(counts > k)
        rows = order if together else order[begins[own] + k]
        lengths = counts if together else np.ones(len(own), np.int64)
        part = replace(
            sequences, values=sequences.values[rows], offsets=offsets_of(lengths), ids=tuple(ids[own])
        )
        yield rows, replace(part, times=None, places=())
