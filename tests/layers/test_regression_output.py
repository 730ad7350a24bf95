"""regression: the loss of vectors and of sequences, RMSE, responses and their scale."""

from pathlib import Path

import numpy as np
import pytest
from layers.example import Example, Size, Steps
from layers.networks import answers, build, node_of, options, random_sequences, randomize, read

from lstmcli.data_fit import complete
from lstmcli.data_statistics import measure_statistics
from lstmcli.network_file import to_model
from lstmcli.records import Targets
from lstmcli.training.pass_over import total_loss

THREE = (Size(3, Steps()),)
BEFORE = "sequenceInput: 4, fullyConnected: 3, {}"
PROPERTIES = "Name ResponseNames"
EXAMPLES = (
    Example("regression", THREE, network=BEFORE),
    Example("regression: {ResponseNames: [a, b, c]}", THREE, network=BEFORE),
)

LENGTHS = (5, 2, 7)


def network_of(mode="last", properties=""):
    end = f"regression: {{{properties}}}" if properties else "regression"
    return randomize(build(f"sequenceInput: 2, lstm: {{NumHiddenUnits: 3, OutputMode: {mode}}}, {end}"))


def loss_of(y, t, counted, offset=(0, 0, 0), scale=(1, 1, 1), need_gradient=False):
    """The layer and its loss."""
    layer = node_of(network_of(), "regression").layer
    weights = {
        "ResponseOffset": np.array(offset, np.float32),
        "ResponseScale": np.array(scale, np.float32),
    }
    return layer, layer.loss(weights, y, t, np.array(counted), need_gradient)


def random_pair(*samples):
    random = np.random.default_rng(0)
    return tuple(random.standard_normal((*samples, 3)).astype(np.float32) for _ in range(2))


def test_the_loss_of_vectors_is_half_the_squared_error_not_divided_by_responses():
    y, t = random_pair(4)
    layer, loss = loss_of(y, t, [True, True, False, True])
    each = ((y.astype(np.float64) - t) ** 2).sum(axis=1) / 2
    np.testing.assert_allclose(loss.mean, each[[0, 1, 3]].mean(), rtol=1e-6)
    np.testing.assert_allclose(layer.metric_value(loss), np.sqrt(2 * loss.mean), rtol=1e-6)
    assert loss.samples == 3


def test_the_loss_of_sequences_is_divided_by_the_real_steps_of_each():
    y, t = random_pair(5, 3)
    counted = np.arange(5)[:, None] < [5, 1, 3]
    layer, loss = loss_of(y, t, counted)
    squares = ((y.astype(np.float64) - t) ** 2).sum(axis=2)
    each = [squares[:steps, b].sum() / (2 * steps) for b, steps in enumerate([5, 1, 3])]
    np.testing.assert_allclose(loss.mean, np.mean(each), rtol=1e-6)
    np.testing.assert_allclose(layer.metric_value(loss), np.sqrt(2 * np.mean(each)), rtol=1e-6)
    assert loss.samples == 3


def test_an_observation_without_real_steps_does_not_count():
    y, t = random_pair(5, 3)
    counted = np.arange(5)[:, None] < [5, 0, 3]
    _, loss = loss_of(y, t, counted, need_gradient=True)
    _, rest = loss_of(y[:, [0, 2]], t[:, [0, 2]], counted[:, [0, 2]])
    assert (loss.mean, loss.samples) == (rest.mean, 2)
    assert (loss.gradient[:, 1] == 0).all()


def test_of_no_steps_none_counts():
    y, t = random_pair(0, 2)
    _, loss = loss_of(y, t, np.zeros((0, 2), bool), need_gradient=True)
    assert (loss.total, loss.error, loss.samples) == (0, 0, 0)
    assert loss.gradient.shape == (0, 2, 3)


def test_the_gradient_is_that_of_the_mean():
    y, t = random_pair(5, 3)
    steps = np.array([5, 1, 3])
    counted = np.arange(5)[:, None] < steps
    _, loss = loss_of(y, t, counted, need_gradient=True)
    want = (y - t) / (3 * steps[:, None]) * counted[..., None]
    np.testing.assert_allclose(loss.gradient, want, rtol=1e-6)


def test_loss_is_on_the_networks_scale_and_rmse_on_that_of_the_responses():
    y, t = random_pair(4)
    offset, scale = (10.0, -5.0, 0.0), (2.0, 4.0, 0.5)
    layer, loss = loss_of(y, t, [True] * 4, offset, scale)
    scaled = (t - np.array(offset)) / scale
    np.testing.assert_allclose(loss.mean, ((y - scaled) ** 2).sum(axis=1).mean() / 2, rtol=1e-5)
    answer = y * np.array(scale) + offset
    np.testing.assert_allclose(
        layer.metric_value(loss), np.sqrt(((answer - t) ** 2).sum(axis=1).mean()), rtol=1e-5
    )


@pytest.mark.parametrize("normalization", ["none", "zscore", "rescale-zero-one"])
@pytest.mark.parametrize("mode", ["last", "sequence"])
def test_responses_are_measured_and_restored(normalization, mode):
    network, sequences = network_of(mode), random_sequences(LENGTHS, 2)
    samples = len(LENGTHS) if mode == "last" else sum(LENGTHS)
    t = (100 * np.random.default_rng(0).standard_normal((samples, 3)) + 1000).astype(np.float32)
    t[:, 2] = 7
    targets = Targets(t, ("u", "v", "w"), mode == "sequence")
    measured = measure_statistics(network, sequences, targets, options(response_normalization=normalization))
    own = measured.weights["regressionoutput"]
    want = {
        "none": (np.zeros(3), np.ones(3)),
        "zscore": (t.mean(axis=0, dtype=np.float64), t.std(axis=0, ddof=1, dtype=np.float64)),
        "rescale-zero-one": (t.min(axis=0), np.ptp(t, axis=0)),
    }[normalization]
    want[1][2] = 1
    np.testing.assert_allclose(own["ResponseOffset"], want[0], rtol=1e-6)
    np.testing.assert_allclose(own["ResponseScale"], want[1], rtol=1e-6)
    for raw, answer in zip(answers(network, sequences), answers(measured, sequences), strict=True):
        np.testing.assert_allclose(
            answer, raw * own["ResponseScale"] + own["ResponseOffset"], rtol=1e-6, atol=1e-6
        )


@pytest.mark.parametrize("mode", ["last", "sequence"])
def test_sums_over_mini_batches_are_those_of_one_mini_batch(mode):
    network, sequences = network_of(mode), random_sequences(LENGTHS, 2)
    samples = len(LENGTHS) if mode == "last" else sum(LENGTHS)
    t = np.random.default_rng(0).standard_normal((samples, 3)).astype(np.float32)
    targets, order = Targets(t, ("u", "v", "w"), mode == "sequence"), np.arange(len(LENGTHS))
    whole, parts = (
        total_loss(network, sequences, targets, order, options(mask_padding=True, mini_batch_size=size))
        for size in (3, 2)
    )
    assert whole.samples == parts.samples == len(LENGTHS)
    np.testing.assert_allclose([parts.total, parts.error], [whole.total, whole.error], rtol=1e-6)


def test_response_names_are_those_of_the_spec_or_of_the_data():
    targets = Targets(np.zeros((1, 3), np.float32), ("u", "v", "w"), per_step=False)
    sequences = random_sequences([3], 2)
    for given, names in (("", ("u", "v", "w")), ("ResponseNames: [a, b, c]", ("a", "b", "c"))):
        end = f"regression: {{{given}}}" if given else "regression"
        spec = complete(read(f"sequenceInput: 2, fullyConnected: 3, {end}"), sequences, targets)
        assert spec.layers.entries[-1].layer.response_names == names
    network = network_of(properties="ResponseNames: [a, b, c]")
    spec = read("sequenceInput: 2, fullyConnected: 3, regression", Path())
    assert to_model(spec, network, {}).response_names == ("a", "b", "c")


def test_it_is_listed_as_in_matlab():
    assert node_of(network_of(), "regression").layer.describe() == "mean-squared-error"
