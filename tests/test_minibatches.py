"""Mini-batches: which observations, padded or cut to one length on one side, split in pieces."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstmcli.minibatches import make_mini_batch, mini_batches, prediction_rows, split, training_rows
from lstmcli.records import Sequences, Targets
from lstmcli.spec_file import read_spec

DEFAULTS = read_spec("layers: [sequenceInput: 1, regression]", "test.yaml", Path()).options


def options(**changes):
    return replace(DEFAULTS, **changes)


def numbered(lengths):
    """Sequences of one channel: 11, 12, 13 ..., then 21, 22 ... and so on."""
    values = [10.0 * n + t for n, length in enumerate(lengths, 1) for t in range(1, length + 1)]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Sequences(np.array(values, np.float32)[:, None], offsets, tuple("abcdefgh"[: len(lengths)]))


def responses(sequences):
    """Two responses a step: the value, and its negative."""
    v = sequences.values
    return Targets(np.concatenate([v, -v], axis=1), ("r", "s"), per_step=True)


def classes(sequences):
    """The value as a class, a step."""
    return Targets(sequences.values[:, 0].astype(np.int32), tuple("abc"), per_step=True)


def rows(batch):
    """The observations of a mini-batch as lists of steps."""
    return batch.x[:, :, 0].T.tolist()


def test_training_leaves_out_what_does_not_fill_a_mini_batch():
    batches = training_rows(np.arange(5000), 128)
    assert len(batches) == 39
    assert np.array_equal(np.concatenate(batches), np.arange(4992))
    assert {len(batch) for batch in batches} == {128}


@pytest.mark.parametrize(
    ("count", "size", "wanted"),
    [
        (6, 128, [[0, 1, 2, 3, 4, 5]]),
        (6, 6, [[0, 1, 2, 3, 4, 5]]),
        (6, 2, [[0, 1], [2, 3], [4, 5]]),
        (6, 4, [[0, 1, 2, 3]]),
        (3, 1, [[0], [1], [2]]),
    ],
)
def test_training_rows(count, size, wanted):
    assert [list(batch) for batch in training_rows(np.arange(count), size)] == wanted


@pytest.mark.parametrize(
    ("count", "size", "wanted"),
    [(5, 2, [[0, 1], [2, 3], [4]]), (3, 128, [[0, 1, 2]]), (4, 2, [[0, 1], [2, 3]])],
)
def test_prediction_uses_every_observation(count, size, wanted):
    assert [list(batch) for batch in prediction_rows(np.arange(count), size)] == wanted


def test_rows_follow_the_order():
    order = np.array([4, 2, 0, 3, 1])
    assert [list(batch) for batch in training_rows(order, 2)] == [[4, 2], [0, 3]]
    assert [list(batch) for batch in prediction_rows(order, 2)] == [[4, 2], [0, 3], [1]]


def test_padding_on_the_right_to_the_longest():
    data = numbered([3, 1, 2, 5])
    batch = make_mini_batch(data, responses(data), np.array([2, 0, 1]), options(sequence_padding_value=-7.0))
    assert rows(batch) == [[31, 32, -7], [11, 12, 13], [21, -7, -7]]
    assert (batch.start.tolist(), batch.stop.tolist()) == ([0, 0, 0], [2, 3, 1])
    assert batch.rows.tolist() == [2, 0, 1]
    assert batch.targets[:, 0].tolist() == [[31, -31], [32, -32], [0, 0]]
    assert batch.targets[:, 2].tolist() == [[21, -21], [0, 0], [0, 0]]
    assert (batch.x.dtype, batch.targets.dtype) == (np.float32, np.float32)


def test_padding_on_the_left_to_the_longest():
    data = numbered([3, 1, 2])
    left = options(sequence_padding_direction="left", sequence_padding_value=-7.0)
    batch = make_mini_batch(data, classes(data), np.arange(3), left)
    assert rows(batch) == [[11, 12, 13], [-7, -7, 21], [-7, 31, 32]]
    assert (batch.start.tolist(), batch.stop.tolist()) == ([0, 2, 1], [3, 3, 3])
    assert batch.targets.T.tolist() == [[11, 12, 13], [-1, -1, 21], [-1, 31, 32]]
    assert batch.targets.dtype == np.int32


@pytest.mark.parametrize(
    ("side", "wanted"), [("right", [[11, 12], [21, 22], [31, 32]]), ("left", [[13, 14], [21, 22], [32, 33]])]
)
def test_cutting_to_the_shortest(side, wanted):
    data = numbered([4, 2, 3])
    cut = options(sequence_length="shortest", sequence_padding_direction=side)
    batch = make_mini_batch(data, classes(data), np.arange(3), cut)
    assert rows(batch) == wanted
    assert batch.targets.T.tolist() == wanted
    assert (batch.start.tolist(), batch.stop.tolist()) == ([0, 0, 0], [2, 2, 2])
    assert split(batch, "shortest") == [batch]


def test_the_longest_of_the_mini_batch_counts_and_not_of_the_data():
    batch = make_mini_batch(numbered([3, 1, 2, 9]), None, np.array([1, 2]), options())
    assert rows(batch) == [[21, 0], [31, 32]]
    assert batch.targets is None


def test_masked_padding_is_zero_whatever_its_value():
    masked = options(mask_padding=True, sequence_padding_value=-7.0)
    assert rows(make_mini_batch(numbered([1, 2]), None, np.arange(2), masked)) == [[11, 0], [21, 22]]


def test_targets_of_whole_sequences_go_with_their_rows():
    data = numbered([3, 1, 2])
    labels = Targets(np.array([5, 6, 7], np.int32), tuple("abc"), per_step=False)
    batch = make_mini_batch(data, labels, np.array([2, 0]), options(sequence_length=2))
    assert batch.targets.tolist() == [7, 5]
    assert [piece.targets.tolist() for piece in split(batch, 2)] == [[7, 5], [7, 5]]


@pytest.mark.parametrize(
    ("side", "pieces", "starts", "stops"),
    [
        (
            "right",
            [[[11, 12], [21, 22]], [[13, 0], [23, 24]], [[0], [25]]],
            [[0, 0], [0, 0], [0, 0]],
            [[2, 2], [1, 2], [0, 1]],
        ),
        (
            "left",
            [[[0, 0], [21, 22]], [[11, 12], [23, 24]], [[13], [25]]],
            [[2, 0], [0, 0], [0, 0]],
            [[2, 2], [2, 2], [1, 1]],
        ),
    ],
)
def test_pieces_after_padding_to_the_longest(side, pieces, starts, stops):
    data = numbered([3, 5])
    chosen = options(sequence_length=2, sequence_padding_direction=side)
    batch = make_mini_batch(data, responses(data), np.arange(2), chosen)
    found = split(batch, 2)
    assert [rows(piece) for piece in found] == pieces
    assert [piece.start.tolist() for piece in found] == starts
    assert [piece.stop.tolist() for piece in found] == stops
    assert [piece.targets[:, :, 0].T.tolist() for piece in found] == pieces
    assert all(piece.rows.tolist() == [0, 1] for piece in found)


def test_masked_sequences_are_split_from_their_first_step():
    """Else the pieces of a sequence would depend on the longest of its mini-batch."""
    data = numbered([3, 5])
    chosen = options(sequence_length=2, sequence_padding_direction="left", mask_padding=True)
    pieces = split(make_mini_batch(data, None, np.arange(2), chosen), 2)
    assert [rows(piece) for piece in pieces] == [[[11, 12], [21, 22]], [[13, 0], [23, 24]], [[0], [25]]]
    whole = make_mini_batch(data, None, np.arange(2), replace(chosen, sequence_length="longest"))
    assert whole.start.tolist() == [2, 0]


@pytest.mark.parametrize(
    ("length", "wanted"),
    [(1, [1] * 6), (2, [2, 2, 2]), (4, [4, 2]), (5, [5, 1]), (6, [6]), (7, [6]), ("longest", [6])],
)
def test_the_last_piece_may_be_shorter(length, wanted):
    batch = make_mini_batch(numbered([6, 2]), None, np.arange(2), options())
    assert [len(piece.x) for piece in split(batch, length)] == wanted


def test_mini_batches_take_all_observations_in_order():
    chosen = options(mini_batch_size=2)
    found = list(mini_batches(numbered([1, 3, 2]), None, np.array([2, 1, 0]), chosen))
    assert [rows(batch) for batch in found] == [[[31, 32, 0], [21, 22, 23]], [[11]]]


@settings(max_examples=60)
@given(
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    side=st.sampled_from(["left", "right"]),
    length=st.sampled_from(["longest", "shortest", 1, 2, 3, 9]),
)
def test_every_real_step_is_there_once_and_in_order(lengths, side, length):
    data = numbered(lengths)
    chosen = options(sequence_length=length, sequence_padding_direction=side, sequence_padding_value=-7.0)
    batch = make_mini_batch(data, classes(data), np.arange(len(lengths)), chosen)
    pieces = split(batch, length)
    kept = min(lengths) if length == "shortest" else max(lengths)
    assert sum(len(piece.x) for piece in pieces) == kept
    for n, own in enumerate(lengths):
        real = [
            (float(piece.x[t, n, 0]), int(piece.targets[t, n]))
            for piece in pieces
            for t in range(piece.start[n], piece.stop[n])
        ]
        steps = range(1, own + 1)
        steps = steps[-kept:] if side == "left" else steps[:kept]
        assert real == [(10 * n + 10 + t, 10 * n + 10 + t) for t in steps]
        padded = sum(int((piece.x[:, n, 0] == -7).sum()) for piece in pieces)
        assert padded == kept - len(steps)
