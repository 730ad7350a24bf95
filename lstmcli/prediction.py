"""Prediction: sequences through a network, mini-batch by mini-batch, padding taken off again."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.graph import Network, States
from lstmcli.kernels.memory import Memory
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import mini_batches, split
from lstmcli.options import TrainingOptions
from lstmcli.passes import forward
from lstmcli.records import Array, MiniBatch, Sequences, Signal


class Prediction(NamedTuple):
    """The network's answer to one sequence.

    row : which sequence; values : float[K], or float[S, K] for its steps first_step ... first_step + S - 1
    """

    row: int
    values: Array
    first_step: int


def signal_of(batch: MiniBatch, mask_padding: bool, dtype: np.dtype[Any]) -> Signal:
    """The mini-batch as the layers see it: with masking the real steps, without it all steps count."""
    x = batch.x.astype(dtype, copy=False)
    if mask_padding:
        return Signal(x, batch.start, batch.stop)
    return Signal(x, np.zeros_like(batch.start), np.full_like(batch.stop, len(x)))


class Answer(NamedTuple):
    """The output for one mini-batch, float[T, B, K], or float[B, K] without a time axis, and the states after
    each observation's last step that counts. Both are valid until the memory is used again.
    """

    output: Array
    states: States


def answer(
    network: Network,
    batch: MiniBatch,
    options: TrainingOptions,
    memory: Memory,
    states: States | None = None,
) -> Answer:
    """Run one mini-batch through the network.

    states : what each observation starts from; the network's stored state if None
    With SequenceLength a number, pieces are computed one after the other with the state carried; a network
    that answers once a sequence answers after the last of its real steps where padding is masked, after the
    last piece where padding is data.
    """
    graph, weights = network.graph, network.weights
    if states is None:
        states = graph.initial_states(weights, len(batch.rows))
    pieces = split(batch, options.sequence_length)
    outputs, mode = [], Mode(saves=False, memory=memory)
    for piece in pieces:
        x = signal_of(piece, options.mask_padding, network.dtype)
        passed = forward(network, x, states, mode)
        states = graph.carried(passed.states, weights)
        y = passed.output.data
        # The next piece is computed in the same memory.
        outputs.append(y if piece is pieces[-1] else y.copy())
    if len(outputs) == 1:
        return Answer(outputs[0], states)
    if graph.output_size.time:
        return Answer(np.concatenate(outputs), states)
    last = _last_pieces(pieces) if options.mask_padding else np.full(len(batch.rows), len(pieces) - 1)
    return Answer(np.stack(outputs)[last, np.arange(len(last))], states)


def predict(
    network: Network, sequences: Sequences, options: TrainingOptions, memory: Memory | None = None
) -> Iterator[Prediction]:
    """Scores or responses of every sequence in order, each as soon as its mini-batch is done.

    MiniBatchSize, SequenceLength, padding and MaskPadding are those of `options`.
    memory : of earlier predictions with the same weights
    """
    memory = memory or Memory()
    for batch in mini_batches(sequences, None, np.arange(len(sequences)), options):
        found = answer(network, batch, options, memory)
        yield from predictions_of(network, sequences, batch, found.output, options)


def predictions_of(
    network: Network, sequences: Sequences, batch: MiniBatch, output: Array, options: TrainingOptions
) -> Iterator[Prediction]:
    """The answers to each sequence of a mini-batch, on their own scale and without padding."""
    graph = network.graph
    y = graph.output.restore(network.output_weights, output)
    if graph.output_size.time:
        for b, row in enumerate(batch.rows.tolist()):
            values = y[batch.start[b] : batch.stop[b], b].copy()
            yield Prediction(row, values, _first_step(sequences, row, len(values), options))
    else:
        for row, scores in zip(batch.rows.tolist(), y.copy(), strict=True):
            yield Prediction(row, scores, 0)


def _first_step(sequences: Sequences, row: int, steps: int, options: TrainingOptions) -> int:
    """Where the kept steps begin: SequenceLength shortest cuts on the padding side."""
    left = options.sequence_padding_direction == "left"
    return int(sequences.lengths[row]) - steps if left else 0


def _last_pieces(pieces: list[MiniBatch]) -> NDArray[np.int64]:
    """The last piece in which each observation has a real step."""
    real = np.array([piece.start < piece.stop for piece in pieces])
    last: NDArray[np.int64] = len(pieces) - 1 - real[::-1].argmax(axis=0)
    return last
