"""Prediction: sequences through a network, mini-batch by mini-batch, padding taken off again."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from lstmcli.data.selection import concatenate, select
from lstmcli.data_fit import check_sequences
from lstmcli.graph import Network, forward
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import mini_batches
from lstmcli.options import TrainingOptions
from lstmcli.records import Array, MiniBatch, Sequences
from lstmcli.training.pass_over import signal_of


class Prediction(NamedTuple):
    """The network's answer to one sequence.

    row : which sequence; values : float[K], or float[S, K] for its steps first_step ... first_step + S - 1
    """

    row: int
    values: Array
    first_step: int


def predict(network: Network, sequences: Sequences, options: TrainingOptions) -> Iterator[Prediction]:
    """Scores or responses of every sequence in order, each as soon as its mini-batch is done.

    MiniBatchSize, SequenceLength, padding and MaskPadding are those of `options`. Every sequence starts
    from the network's stored state. With SequenceLength a number, pieces are computed one after the
    other with the state carried; a network that answers once a sequence answers after the last of its
    real steps where padding is masked, after the last piece where padding is data.
    """
    graph, weights = network.graph, network.weights
    output_weights = weights[graph.nodes[-1].name]
    for pieces in mini_batches(sequences, None, np.arange(len(sequences)), options):
        states = graph.initial_states(weights, len(pieces[0].rows))
        outputs = []
        for piece in pieces:
            x = signal_of(piece, options.mask_padding, network.dtype)
            passed = forward(network, x, states, Mode())
            states = graph.carried(passed.states, weights)
            outputs.append(graph.output.restore(output_weights, passed.output.data))
        for b, row in enumerate(pieces[0].rows):
            if graph.output_size.time:
                values = np.concatenate(
                    [y[piece.start[b] : piece.stop[b], b] for y, piece in zip(outputs, pieces, strict=True)]
                )
                yield Prediction(int(row), values, _first_step(sequences, int(row), len(values), options))
            else:
                yield Prediction(int(row), outputs[_last_piece(pieces, b, options.mask_padding)][b], 0)


def predict_blocks(
    network: Network, blocks: Iterable[Sequences], options: TrainingOptions, by_length: bool
) -> Iterator[tuple[Sequences, Iterable[Prediction]]]:
    """Predict sequences that arrive in blocks, in their order, with the answers they would have had in one.

    Where padding is data an answer depends on the other sequences of its mini-batch, so sequences wait
    until MiniBatchSize of them are there, or all of them where mini-batches are made by length; where
    padding is masked none waits.
    """
    # What is cut to the shortest of a mini-batch depends on the others even where padding is masked.
    alone = options.mask_padding and options.sequence_length != "shortest"
    waiting: list[Sequences] = []
    for block in blocks:
        check_sequences(network.graph, block)
        waiting.append(block)
        ready = sum(map(len, waiting))
        if not alone:
            ready -= ready % options.mini_batch_size
        if ready and (alone or not by_length):
            joined = concatenate(waiting)
            now, later = np.arange(ready), np.arange(ready, len(joined))
            waiting = [select(joined, later)] if len(later) else []
            sequences = select(joined, now)
            yield sequences, predict(network, sequences, options)
    if waiting:
        sequences = concatenate(waiting)
        predicted = _predict_by_length if by_length else predict
        yield sequences, predicted(network, sequences, options)


def _predict_by_length(
    network: Network, sequences: Sequences, options: TrainingOptions
) -> Iterable[Prediction]:
    """Mini-batches of sequences of like length; answers in the order of the sequences."""
    order = np.argsort(sequences.lengths, kind="stable")
    found = predict(network, select(sequences, order), options)
    return sorted(
        (prediction._replace(row=int(order[prediction.row])) for prediction in found),
        key=lambda prediction: prediction.row,
    )


def _first_step(sequences: Sequences, row: int, steps: int, options: TrainingOptions) -> int:
    """Where the kept steps begin: SequenceLength shortest cuts on the padding side."""
    left = options.sequence_padding_direction == "left"
    return int(sequences.lengths[row]) - steps if left else 0


def _last_piece(pieces: list[MiniBatch], b: int, mask_padding: bool) -> int:
    if not mask_padding:
        return len(pieces) - 1
    return max(k for k, piece in enumerate(pieces) if piece.start[b] < piece.stop[b])
