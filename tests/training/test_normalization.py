"""ResetInputNormalization and ResponseNormalization in training."""

from dataclasses import replace

import numpy as np
import pytest
from training.naive_trainer import assert_follows
from training.sessions import LABEL, RESPONSE, RESPONSES, make_data, same_bits, start

from lstmcli.evaluation import evaluate
from lstmcli.graph import Network
from lstmcli.prediction import predict
from lstmcli.records import Data

LENGTHS = [4, 4, 4, 4, 4]
ZSCORE = "Normalization: zscore, Mean: [5, -5], StandardDeviation: [2, 8]"


def with_input(layers, properties):
    return layers.replace("sequenceInput: 2", f"sequenceInput: {{InputSize: 2, {properties}}}")


def scaled_data(layers, lengths=LENGTHS):
    """Data whose channels and responses are far from mean 0 and standard deviation 1."""
    sequences, targets = make_data(layers, lengths)
    values = (sequences.values * np.float32([3, 0.2]) + np.float32([10, -1])).astype(np.float32)
    if targets.values.ndim == 2:
        targets = replace(targets, values=(targets.values * np.float32([40, 0.1]) + np.float32([-300, 7])))
    return Data(replace(sequences, values=values), targets)


def by_hand(data, mean, deviation):
    """The data with normalized channels."""
    values = ((data.sequences.values - np.float32(mean)) / np.float32(deviation)).astype(np.float32)
    return Data(replace(data.sequences, values=values), data.targets)


def test_reset_input_normalization_measures_statistics_even_where_they_are_given():
    data = scaled_data(LABEL)
    x = data.sequences.values.astype(np.float64)
    measured = (x.mean(axis=0), x.std(axis=0, ddof=1))
    for given in ({}, {"ResetInputNormalization": True}):
        session = start(with_input(LABEL, ZSCORE), data, MaxEpochs=5, **given)
        session.finish()
        stored = session.run.weights["sequenceinput"]
        np.testing.assert_allclose(stored["Mean"], measured[0], rtol=1e-6)
        np.testing.assert_allclose(stored["StandardDeviation"], measured[1], rtol=1e-6)
        other = start(LABEL, by_hand(data, *measured), MaxEpochs=5)
        other.finish()
        assert session.run.history["TrainingLoss"] == pytest.approx(
            other.run.history["TrainingLoss"], rel=1e-5
        )


def test_given_statistics_stay_without_reset():
    data = scaled_data(LABEL)
    session = start(with_input(LABEL, ZSCORE), data, MaxEpochs=5, ResetInputNormalization=False)
    session.finish()
    stored = session.run.weights["sequenceinput"]
    assert list(stored["Mean"]) == [5, -5]
    assert list(stored["StandardDeviation"]) == [2, 8]
    other = start(LABEL, by_hand(data, [5, -5], [2, 8]), MaxEpochs=5)
    other.finish()
    assert session.run.history["TrainingLoss"] == pytest.approx(other.run.history["TrainingLoss"], rel=1e-5)


def test_missing_statistics_are_measured_without_reset():
    data = scaled_data(LABEL)
    layers = with_input(LABEL, "Normalization: zscore, Mean: [5, -5]")
    session = start(layers, data, MaxEpochs=1, ResetInputNormalization=False)
    stored = session.run.weights["sequenceinput"]
    assert list(stored["Mean"]) == [5, -5]
    deviation = data.sequences.values.astype(np.float64).std(axis=0, ddof=1)
    np.testing.assert_allclose(stored["StandardDeviation"], deviation, rtol=1e-6)


def test_statistics_are_of_all_real_steps_and_padding_is_normalized_like_data():
    data = scaled_data(LABEL, [2, 5, 9])
    x = data.sequences.values.astype(np.float64)
    mean, deviation = x.mean(axis=0), x.std(axis=0, ddof=1)
    session = start(with_input(LABEL, "Normalization: zscore"), data, MaxEpochs=4, Shuffle="never")
    session.finish()
    padded = np.zeros((3, 9, 2), np.float32)
    for n, length in enumerate([2, 5, 9]):
        padded[n, :length] = data.sequences.values[data.sequences.offsets[n] :][:length]
    equal = replace(data.sequences, values=padded.reshape(-1, 2), offsets=np.arange(4) * 9)
    other = start(LABEL, by_hand(Data(equal, data.targets), mean, deviation), MaxEpochs=4, Shuffle="never")
    other.finish()
    assert session.run.history["TrainingLoss"] == pytest.approx(other.run.history["TrainingLoss"], rel=1e-5)


def response_statistics(t, normalization):
    """Offset and scale of responses [S, R]."""
    if normalization == "zscore":
        return t.mean(axis=0), t.std(axis=0, ddof=1)
    return t.min(axis=0), t.max(axis=0) - t.min(axis=0)


@pytest.mark.parametrize("normalization", ["zscore", "rescale-zero-one"])
@pytest.mark.parametrize("layers", [RESPONSE, RESPONSES])
def test_response_normalization(layers, normalization):
    """The loss is that of normalized responses, metric and predictions are in the responses' own units."""
    data = scaled_data(layers, [3, 6, 4, 5])
    a, b = response_statistics(data.targets.values.astype(np.float64), normalization)
    small = replace(data.targets, values=((data.targets.values - a) / b).astype(np.float32))
    options = {"MaxEpochs": 15, "MiniBatchSize": 2, "Shuffle": "never", "solver": "sgdm"}
    session = start(layers, data, validation=data, ResponseNormalization=normalization, **options)
    other = start(layers, Data(data.sequences, small), validation=Data(data.sequences, small), **options)
    steps, others = session.finish(), other.finish()

    stored = session.run.weights["regressionoutput"]
    np.testing.assert_allclose(stored["ResponseOffset"], a, rtol=1e-6)
    np.testing.assert_allclose(stored["ResponseScale"], b, rtol=1e-6)
    assert [step.loss for step in steps] == pytest.approx([step.loss for step in others], rel=1e-4)
    assert steps[-1].validation_loss == pytest.approx(others[-1].validation_loss, rel=1e-4)
    learnables = {layer: session.run.weights[layer] for layer in ("lstm", "fc")}
    assert_follows(
        learnables, other.network.weights, {layer: other.run.weights[layer] for layer in learnables}
    )

    trained = Network(session.graph, session.run.weights)
    answers = [p.values for p in predict(trained, data.sequences, session.options)]
    small_answers = predict(Network(other.graph, other.run.weights), data.sequences, other.options)
    for y, answer in zip(answers, small_answers, strict=True):
        np.testing.assert_allclose(y, answer.values * b + a, rtol=1e-4, atol=1e-4 * abs(b).max())

    wanted = [data.targets.values[n : n + 1] for n in range(4)]
    if layers == RESPONSES:
        wanted = np.split(data.targets.values, data.sequences.offsets[1:-1])
    squares = [((y - t) ** 2).reshape(-1, 2).sum(axis=1).mean() for y, t in zip(answers, wanted, strict=True)]
    assert steps[-1].validation_metric == pytest.approx(np.sqrt(np.mean(squares)), rel=1e-4)
    assert steps[-1].validation_metric > 1
    metrics = evaluate(trained, *data, session.options).metrics
    errors = np.concatenate([(y - t).reshape(-1, 2) for y, t in zip(answers, wanted, strict=True)])
    np.testing.assert_allclose(metrics.rmse, np.sqrt((errors**2).mean(axis=0)), rtol=1e-4)


def test_none_is_the_default_and_leaves_responses_alone():
    data = scaled_data(RESPONSE)
    runs = []
    for given in ({}, {"ResponseNormalization": "none"}):
        session = start(RESPONSE, data, MaxEpochs=3, **given)
        steps = session.finish()
        runs.append(session.run.weights)
        assert all(step.metric == pytest.approx(np.sqrt(2 * step.loss)) for step in steps)
        assert list(session.run.weights["regressionoutput"]["ResponseOffset"]) == [0, 0]
        assert list(session.run.weights["regressionoutput"]["ResponseScale"]) == [1, 1]
    assert same_bits(*runs)


@pytest.mark.parametrize("normalization", ["zscore", "rescale-zero-one"])
def test_a_constant_response_keeps_its_scale(normalization):
    data = scaled_data(RESPONSE)
    targets = replace(data.targets, values=np.full((5, 2), np.float32(7)))
    session = start(RESPONSE, Data(data.sequences, targets), MaxEpochs=1, ResponseNormalization=normalization)
    assert np.isfinite(session.finish()[-1].loss)
    assert list(session.run.weights["regressionoutput"]["ResponseOffset"]) == [7, 7]
    assert list(session.run.weights["regressionoutput"]["ResponseScale"]) == [1, 1]
