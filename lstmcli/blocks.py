"""Sequences that arrive in blocks, answered as soon as the answers cannot depend on what is still to come."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from lstmcli.data.selection import concatenate, select
from lstmcli.options import TrainingOptions
from lstmcli.prediction import Prediction
from lstmcli.records import Sequences

Answering = Callable[[Sequences], Iterable[Prediction]]


def answer_blocks(
    answer: Answering, blocks: Iterable[Sequences], options: TrainingOptions, by_length: bool
) -> Iterator[tuple[Sequences, Iterable[Prediction]]]:
    """Answer sequences that arrive in blocks, in their order, with the answers they would have had in one.

    Where padding is data an answer depends on the other sequences of its mini-batch, so sequences wait
    until MiniBatchSize of them are there, or all of them where mini-batches are made by length; where
    padding is masked none waits.
    """
    # What is cut to the shortest of a mini-batch depends on the others even where padding is masked.
    alone = options.mask_padding and options.sequence_length != "shortest"
    waiting: list[Sequences] = []
    for block in blocks:
        waiting.append(block)
        ready = sum(map(len, waiting))
        if not alone:
            ready -= ready % options.mini_batch_size
        if ready and (alone or not by_length):
            joined = concatenate(waiting)
            now, later = np.arange(ready), np.arange(ready, len(joined))
            waiting = [select(joined, later)] if len(later) else []
            sequences = select(joined, now)
            yield sequences, answer(sequences)
    if waiting:
        sequences = concatenate(waiting)
        yield sequences, _answer_by_length(answer, sequences) if by_length else answer(sequences)


def _answer_by_length(answer: Answering, sequences: Sequences) -> Iterable[Prediction]:
    """Mini-batches of sequences of like length; answers in the order of the sequences."""
    order = np.argsort(sequences.lengths, kind="stable")
    return sorted(
        (found._replace(row=int(order[found.row])) for found in answer(select(sequences, order))),
        key=lambda prediction: prediction.row,
    )
