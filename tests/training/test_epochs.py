"""MaxEpochs, MiniBatchSize and Shuffle: what an iteration sees, and how iterations are counted."""

from dataclasses import replace

import numpy as np
import pytest
from training.naive_trainer import assert_follows, train_naively
from training.sessions import LABEL, RESPONSE, make_data, same_bits, start

from lstmcli.records import Data
from lstmcli.training.run import MAX_EPOCHS


def orders_of(session):
    """The order of the observations in each epoch, of a session that is trained to its end."""
    orders = []
    for step in session.steps():
        if step.iteration == 1 or step.epoch > len(orders):
            orders.append(session.run.order.copy())
        assert np.array_equal(session.run.order, orders[-1])
    return orders


def test_iterations_of_5000_observations_in_mini_batches_of_128():
    layers = "sequenceInput: 1, lstm: {NumHiddenUnits: 1, OutputMode: last}, fullyConnected: 1, regression"
    data = make_data(layers, [1] * 5000, channels=1, outputs=1)
    session = start(layers, data, MaxEpochs=2)
    steps = session.finish()
    assert [step.iteration for step in steps] == list(range(1, 79))
    assert [step.epoch for step in steps] == [1] * 39 + [2] * 39
    assert [step.iteration for step in steps if step.epoch_done] == [39, 78]
    assert [step.finished for step in steps] == [None] * 77 + [MAX_EPOCHS]
    assert [step.progress for step in steps] == pytest.approx(np.arange(1, 79) / 78)


@pytest.mark.parametrize(("epochs", "size", "iterations"), [(1, 2, 3), (3, 2, 9), (4, 7, 4), (2, 3, 4)])
def test_max_epochs_and_mini_batch_size(epochs, size, iterations):
    session = start(
        LABEL,
        make_data(LABEL, [3, 5, 4, 2, 5, 3, 4]),
        Shuffle="never",
        MaxEpochs=epochs,
        MiniBatchSize=size,
        InitialLearnRate=0.01,
    )
    assert len(session.finish()) == iterations
    assert_follows(session.run.weights, session.network.weights, train_naively(session).weights)


def test_fewer_observations_than_a_mini_batch_are_one_mini_batch():
    data = make_data(LABEL, [3, 5, 4, 2, 5, 3])
    session = start(LABEL, data, Shuffle="never", InitialLearnRate=0.01)
    assert len(session.finish()) == 30
    assert_follows(session.run.weights, session.network.weights, train_naively(session).weights)
    same = start(LABEL, data, Shuffle="never", InitialLearnRate=0.01, MiniBatchSize=6)
    same.finish()
    assert same_bits(session.run.weights, same.run.weights)


@pytest.mark.parametrize("shuffle", ["once", "never"])
def test_observations_that_fill_no_mini_batch_are_discarded_in_every_epoch(shuffle):
    data = make_data(RESPONSE, [3, 5, 4, 2, 5, 3, 4, 6])
    session = start(RESPONSE, data, Shuffle=shuffle, MaxEpochs=3, MiniBatchSize=3)
    session.finish()
    for n in range(8):
        lost = n in session.run.order[6:]
        values = data.sequences.values.copy()
        values[data.sequences.offsets[n]] += 1
        changed = Data(replace(data.sequences, values=values), data.targets)
        other = start(RESPONSE, changed, Shuffle=shuffle, MaxEpochs=3, MiniBatchSize=3)
        other.finish()
        assert same_bits(session.run.weights, other.run.weights) == lost


def shuffled(shuffle, seed=0):
    data = make_data(LABEL, [3, 5, 4, 2, 5, 3, 4])
    return start(LABEL, data, Shuffle=shuffle, MaxEpochs=4, MiniBatchSize=3, InitialLearnRate=0.02, seed=seed)


@pytest.mark.parametrize("shuffle", ["once", "never", "every-epoch"])
def test_every_order_is_a_permutation_that_training_goes_by(shuffle):
    session = shuffled(shuffle)
    orders = orders_of(session)
    assert len(orders) == 4
    for order in orders:
        assert sorted(order) == list(range(7))
    naive = train_naively(session, orders)
    assert_follows(session.run.weights, session.network.weights, naive.weights)


def test_never_keeps_the_order_of_the_file():
    for order in orders_of(shuffled("never")):
        assert list(order) == list(range(7))


def test_once_shuffles_before_the_first_epoch_only():
    first, *others = orders_of(shuffled("once"))
    assert list(first) != list(range(7))
    for order in others:
        assert list(order) == list(first)
    assert list(orders_of(shuffled("once", seed=1))[0]) != list(first)


def test_every_epoch_shuffles_each_time():
    orders = [tuple(order) for order in orders_of(shuffled("every-epoch"))]
    assert len({tuple(range(7)), *orders}) == 5
    # Other observations are left out in different epochs.
    assert len({order[6:] for order in orders}) > 1
    assert [tuple(order) for order in orders_of(shuffled("every-epoch", seed=1))] != orders


def test_dropout_drops_other_elements_in_each_iteration():
    layers = LABEL.replace("fullyConnected", "dropout, fullyConnected")
    session = start(layers, make_data(LABEL, [3, 5, 4]), solver="sgdm", InitialLearnRate=1e-30, MaxEpochs=20)
    losses = [step.loss for step in session.finish()]
    assert len(set(losses)) > 10


def test_once_is_the_default():
    given, default = shuffled("once"), make_data(LABEL, [3, 5, 4, 2, 5, 3, 4])
    session = start(LABEL, default, MaxEpochs=4, MiniBatchSize=3, InitialLearnRate=0.02)
    assert np.array_equal(orders_of(session)[-1], orders_of(given)[-1])
