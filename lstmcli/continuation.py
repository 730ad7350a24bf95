"""Prediction of sequences that go on from call to call (MATLAB predictAndUpdateState)."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lstmcli.carried_states import CarriedStates
from lstmcli.data.selection import offsets_of
from lstmcli.errors import SpecError
from lstmcli.graph import Network
from lstmcli.graph_building import build_graph
from lstmcli.kernels.memory import Memory
from lstmcli.layer_graph import LayerGraph
from lstmcli.minibatches import make_mini_batch
from lstmcli.options import TrainingOptions
from lstmcli.prediction import Prediction, answer, predictions_of
from lstmcli.records import Array, Sequences

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

    def predict(self, sequences: Sequences) -> Iterator[Prediction]:
        """The answers to these pieces of sequences, in order; those of one name follow on each other."""
        for first, stop in self._together(sequences):
            rows, names = np.arange(first, stop), sequences.ids[first:stop]
            batch = make_mini_batch(sequences, None, rows, self._options)
            found = answer(self.network, batch, self._options, self._memory, self.states.take(names))
            self.states.put(names, found.states)
            yield from predictions_of(self.network, sequences, batch, found.output, self._options)

    def answer_steps(self, sequences: Sequences) -> Array:
        """An answer to every step, float[S, K], even of a network that answers once: to the steps so far."""
        per_step = self.network.graph.output_size.time
        # Most rows come alone, and need not be brought in any order.
        if len(set(sequences.ids)) == len(sequences) and (
            per_step or len(sequences) == len(sequences.values)
        ):
            return np.concatenate([np.atleast_2d(p.values) for p in self.predict(sequences)])
        answers: dict[int, Array] = {}
        for rows, part in _by_name(sequences, together=per_step):
            for prediction in self.predict(part):
                own = rows[part.offsets[prediction.row] : part.offsets[prediction.row + 1]]
                answers.update(zip(own.tolist(), np.atleast_2d(prediction.values), strict=True))
        return np.stack([answers[row] for row in range(len(answers))])

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
