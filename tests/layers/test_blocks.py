"""Prediction of sequences that arrive in blocks: the answers they would have in one, as early as can be."""

from itertools import pairwise

import numpy as np
import pytest
from layers.networks import build, options, randomize
from layers.stacks import LENGTHS, bits, uneven_sequences

from lstmcli.blocks import answer_blocks
from lstmcli.data.selection import select
from lstmcli.data_fit import fitting_blocks
from lstmcli.errors import DataError
from lstmcli.prediction import predict

SPLITS = ([8], [1] * 8, [3, 5], [2, 0, 4, 2], [7, 1])


def network_of(properties="InputSize: 3"):
    layers = "lstm: {NumHiddenUnits: 4, OutputMode: last}, fullyConnected: 2, regression"
    return randomize(build(f"sequenceInput: {{{properties}}}, {layers}"))


def blocks_of(sequences, sizes):
    edges = np.cumsum([0, *sizes])
    return [select(sequences, np.arange(first, stop)) for first, stop in pairwise(edges)]


def answering(network, given):
    return lambda sequences: predict(network, sequences, given)


def collect(network, blocks, given, by_length=False):
    """Ids and answers in the order they come, and how many blocks had been read before each group of them."""
    read, ids, found, groups = [], [], [], []

    def reading():
        for block in blocks:
            read.append(block)
            yield block

    for sequences, predictions in answer_blocks(answering(network, given), reading(), given, by_length):
        groups.append((len(read), len(sequences)))
        for prediction in predictions:
            ids.append(sequences.ids[prediction.row])
            found.append(prediction.values)
    return ids, bits(found), groups


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("sizes", SPLITS)
@pytest.mark.parametrize("size", [1, 3, 128])
def test_answers_are_those_of_one_block(sizes, size, masked):
    network, sequences = network_of(), uneven_sequences()
    given = options(mini_batch_size=size, mask_padding=masked)
    ids, found, _ = collect(network, blocks_of(sequences, sizes), given)
    assert ids == list(sequences.ids)
    assert found == bits(prediction.values for prediction in predict(network, sequences, given))


def test_sequences_wait_for_a_whole_mini_batch_only_where_padding_is_data():
    network, blocks = network_of(), blocks_of(uneven_sequences(), [2, 2, 4])
    assert collect(network, blocks, options(mini_batch_size=3))[2] == [(2, 3), (3, 3), (3, 2)]
    assert collect(network, blocks, options(mini_batch_size=3, mask_padding=True))[2] == [
        (1, 2),
        (2, 2),
        (3, 4),
    ]


@pytest.mark.parametrize("sizes", SPLITS)
def test_mini_batches_by_length_answer_in_the_order_of_the_sequences(sizes):
    network, sequences, given = network_of(), uneven_sequences(), options(mini_batch_size=3)
    order = np.argsort(LENGTHS, kind="stable")
    by_length = list(predict(network, select(sequences, order), given))
    want = {sequences.ids[n]: p.values.tobytes() for n, p in zip(order, by_length, strict=True)}
    ids, found, groups = collect(network, blocks_of(sequences, sizes), given, by_length=True)
    assert ids == list(sequences.ids)
    assert dict(zip(ids, found, strict=True)) == want
    assert groups == [(len(sizes), 8)]


def test_a_block_that_does_not_fit_is_refused_after_the_answers_to_those_before():
    network = network_of("InputSize: 3, MinLength: 2")
    blocks = blocks_of(uneven_sequences(), [1, 7])
    fitting = fitting_blocks(network.graph, ((block, None) for block in blocks), options())
    given = options(mask_padding=True)
    answered = answer_blocks(answering(network, given), fitting, given, by_length=False)
    sequences, predictions = next(answered)
    assert sequences.ids == ("1",)
    assert len(list(predictions)) == 1
    with pytest.raises(DataError, match="sequence `2` has 1 time step, but"):
        next(answered)
