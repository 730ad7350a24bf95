"""classification: the loss and its weights, what counts as a sample, classes and their order."""

import numpy as np
import pytest
from layers.example import Example, Size, Steps
from layers.networks import (
    build,
    node_of,
    options,
    random_sequences,
    random_targets,
    randomize,
    read,
)

from lstmcli.data_fit import complete
from lstmcli.errors import SpecError
from lstmcli.network_file import to_model
from lstmcli.records import Targets
from lstmcli.training.pass_over import total_loss

THREE = (Size(3, Steps()),)
BEFORE = "sequenceInput: 4, fullyConnected: 3, softmax, {}"
PROPERTIES = "Name Classes ClassWeights"
EXAMPLES = (
    Example("classification", THREE, network=BEFORE),
    Example("classification: {Classes: [a, b, c], ClassWeights: [1, 2, 0.5]}", THREE, network=BEFORE),
)

LENGTHS = (5, 2, 7)
WEIGHTS = (0.5, 1.0, 3.0)


def network_of(mode="last", properties=""):
    end = f"classification: {{{properties}}}" if properties else "classification"
    lstm = f"lstm: {{NumHiddenUnits: 4, OutputMode: {mode}}}"
    return randomize(build(f"sequenceInput: 2, {lstm}, fullyConnected: 3, softmax, {end}"))


def scores(samples, seed=0):
    y = np.exp(np.random.default_rng(seed).standard_normal((*samples, 3)))
    return (y / y.sum(axis=-1, keepdims=True)).astype(np.float32)


def loss_of(properties, y, targets, counted, need_gradient=False):
    layer = node_of(network_of(properties=properties), "classification").layer
    return layer.loss({}, y, np.array(targets, np.int32), np.array(counted), need_gradient)


@pytest.mark.parametrize("properties", ["", f"Classes: [x, y, z], ClassWeights: {list(WEIGHTS)}"])
def test_the_loss_is_the_weighted_mean_of_minus_ln_y_over_the_number_of_samples(properties):
    y, t = scores((5,)), [0, 2, 1, 2, 2]
    w = np.array(WEIGHTS if properties else (1, 1, 1))
    loss = loss_of(properties, y, t, [True] * 5)
    terms = [-w[k] * np.log(np.float64(y[n, k])) for n, k in enumerate(t)]
    assert loss.samples == 5
    np.testing.assert_allclose(loss.mean, sum(terms) / 5, rtol=1e-6)


def test_every_step_that_counts_is_a_sample():
    y = scores((4, 2))
    t = np.random.default_rng(1).integers(3, size=(4, 2))
    counted = np.array([[True, False], [True, True], [True, True], [False, True]])
    loss = loss_of("", y, t, counted)
    terms = [-np.log(np.float64(y[s, b, t[s, b]])) for s in range(4) for b in range(2) if counted[s, b]]
    assert loss.samples == len(terms) == 6
    np.testing.assert_allclose(loss.mean, np.mean(terms), rtol=1e-6)


def test_the_gradient_is_that_of_the_mean_through_the_softmax():
    y, t = scores((4,)), [2, 0, 1, 1]
    counted = [True, True, False, True]
    loss = loss_of(f"Classes: [x, y, z], ClassWeights: {list(WEIGHTS)}", y, t, counted, need_gradient=True)
    want = np.array([WEIGHTS[k] * (y[n] - np.eye(3)[k]) / 3 for n, k in enumerate(t)])
    want[2] = 0
    np.testing.assert_allclose(loss.gradient, want, rtol=1e-6, atol=1e-7)
    assert (loss.gradient[2] == 0).all()


def test_a_score_of_zero_gives_a_finite_loss():
    y = np.array([[1, 0, 0], [0, 0.5, 0.5]], np.float32)
    loss = loss_of("", y, [1, 0], [True, True], need_gradient=True)
    smallest = np.finfo(np.float32).tiny
    np.testing.assert_allclose(loss.mean, -np.log(np.float64(smallest)), rtol=1e-6)
    assert np.isfinite(loss.gradient).all()


def test_nothing_to_count_is_no_loss():
    loss = loss_of("", scores((2,)), [0, 1], [False, False], need_gradient=True)
    assert (loss.total, loss.samples) == (0, 0)
    assert np.isnan(loss.mean)
    assert (loss.gradient == 0).all()


def test_of_no_steps_none_counts():
    loss = loss_of("", scores((0, 2)), np.zeros((0, 2)), np.zeros((0, 2), bool), need_gradient=True)
    assert (loss.total, loss.error, loss.samples) == (0, 0, 0)
    assert loss.gradient.shape == (0, 2, 3)


def test_accuracy_is_the_percentage_of_samples_whose_highest_score_is_their_class():
    y = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.3, 0.4, 0.3], [0.4, 0.4, 0.2]], np.float32)
    layer = node_of(network_of(), "classification").layer
    for targets, percent in (([0, 2, 1, 0], 100), ([0, 2, 1, 1], 75), ([1, 0, 2, 1], 0)):
        assert layer.metric_value(loss_of("", y, targets, [True] * 4)) == percent


@pytest.mark.parametrize("mode", ["last", "sequence"])
def test_sums_over_mini_batches_are_those_of_one_mini_batch(mode):
    network, sequences = network_of(mode), random_sequences(LENGTHS, 2)
    targets, order = random_targets(network, sequences), np.arange(len(LENGTHS))
    whole, parts = (
        total_loss(network, sequences, targets, order, options(mask_padding=True, mini_batch_size=size))
        for size in (3, 2)
    )
    assert whole.samples == parts.samples == (len(LENGTHS) if mode == "last" else sum(LENGTHS))
    assert whole.error == parts.error
    np.testing.assert_allclose(parts.total, whole.total, rtol=1e-12)


def test_classes_keep_the_order_of_the_spec():
    network = network_of(properties="Classes: [b, a, 10]")
    assert network.graph.task.classes == ("b", "a", "10")
    spec = read("sequenceInput: 2, fullyConnected: 3, softmax, classification: {Classes: [b, a, 10]}")
    assert to_model(spec, network, {}).classes == ("b", "a", "10")


def test_classes_are_those_of_the_data_where_the_spec_names_none():
    spec = read("sequenceInput: 2, lstm: {NumHiddenUnits: 4, OutputMode: last}, softmax, classification")
    assert network_of().graph.task.classes is None
    targets = Targets(np.zeros(1, np.int32), ("u", "v", "w"), per_step=False)
    assert complete(spec, random_sequences([3], 2), targets).layers.entries[-1].layer.classes == (
        "u",
        "v",
        "w",
    )


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("ClassWeights: [1, 2]", "`ClassWeights` needs `Classes`"),
        ("Classes: [a, b, c], ClassWeights: [1, 2]", "got 2 weights and 3 classes"),
        ("Classes: [a, b, a]", "`Classes` names a class twice"),
    ],
)
def test_classes_and_weights_must_go_together(properties, message):
    with pytest.raises(SpecError, match=message):
        network_of(properties=properties)


def test_it_must_follow_a_softmax():
    with pytest.raises(SpecError, match=r"`classoutput` must follow a softmax layer, but .*`fc`"):
        build("sequenceInput: 2, fullyConnected: 3, classification")


def test_it_is_listed_as_in_matlab():
    assert node_of(network_of(), "classification").layer.describe() == "crossentropyex"
