"""ValidationData, ValidationFrequency, ValidationPatience and OutputNetwork."""

from dataclasses import replace

import numpy as np
import pytest
from training.sessions import (
    LABEL,
    LABELS,
    RESPONSE,
    RESPONSES,
    make_data,
    same_bits,
    start,
    trail,
)

from lstmcli.graph import Network
from lstmcli.layers.output_layer import Loss
from lstmcli.prediction import predict
from lstmcli.records import Data
from lstmcli.training import loop
from lstmcli.training.run import MAX_EPOCHS, PATIENCE, result_weights

LENGTHS = [3, 5, 4, 2]


def with_validation(layers=LABEL, *, lengths=(3, 3, 5, 4, 2, 6, 4), **options):
    data, validation = make_data(layers, LENGTHS), make_data(layers, lengths, seed=1)
    return start(layers, data, validation=validation, **{"MiniBatchSize": 2, **options})


def validated(steps):
    """The iterations at which there was a validation."""
    for step in steps:
        assert (step.validation_loss is None) == (step.validation_metric is None)
    return [step.iteration for step in steps if step.validation_loss is not None]


@pytest.mark.parametrize(
    ("frequency", "iterations"), [(4, [1, 4, 8, 10]), (5, [1, 5, 10]), (1, list(range(1, 11))), (50, [1, 10])]
)
def test_validations_are_at_the_first_iteration_at_multiples_and_at_the_last(frequency, iterations):
    session = with_validation(MaxEpochs=5, ValidationFrequency=frequency)
    assert validated(session.finish()) == iterations
    marks = np.flatnonzero(~np.isnan(session.run.history["ValidationLoss"])) + 1
    assert list(marks) == iterations


def test_every_fiftieth_iteration_is_the_default():
    assert validated(with_validation(MaxEpochs=51).finish()) == [1, 50, 100, 102]


def test_without_validation_data_there_is_none():
    session = start(LABEL, make_data(LABEL, LENGTHS), MaxEpochs=3, ValidationFrequency=1)
    assert validated(session.finish()) == []
    assert session.run.best is None


@pytest.mark.parametrize("length", ["longest", 2])
@pytest.mark.parametrize("mask", [True, False])
@pytest.mark.parametrize("layers", [LABEL, LABELS, RESPONSE, RESPONSES])
def test_validation_measures_what_prediction_answers(layers, mask, length):
    layers = layers.replace("fullyConnected", "dropout: 0.9, fullyConnected")
    chosen = {"MiniBatchSize": 3, "MaskPadding": mask, "SequenceLength": length, "Shuffle": "never"}
    session = with_validation(layers, MaxEpochs=4, ValidationFrequency=2, **chosen)
    steps, weights = trail(session)
    sequences, targets = session.validation
    for step in (steps[0], steps[1], steps[-1]):
        network = Network(session.graph, weights[step.iteration])
        answers = [answer.values for answer in predict(network, sequences, session.options)]
        wanted = [targets.values[n] for n in range(len(sequences))]
        if targets.per_step:
            wanted = np.split(targets.values, sequences.offsets[1:-1])
        if "classification" in layers:
            y, t = np.vstack(answers), np.hstack(wanted)
            loss, metric = -np.log(y[np.arange(len(y)), t]).mean(), 100 * (y.argmax(axis=1) == t).mean()
        else:
            pairs = zip(answers, wanted, strict=True)
            loss = np.mean([((y - t) ** 2).reshape(-1, 2).sum(axis=1).mean() / 2 for y, t in pairs])
            metric = np.sqrt(2 * loss)
        assert step.validation_loss == pytest.approx(loss, rel=1e-5)
        assert step.validation_metric == pytest.approx(metric, rel=1e-5)


def test_validation_changes_no_weight():
    layers = LABEL.replace("fullyConnected", "dropout, fullyConnected")
    session = with_validation(layers, MaxEpochs=5, ValidationFrequency=1)
    session.finish()
    alone = start(layers, session.data, MaxEpochs=5, MiniBatchSize=2)
    alone.finish()
    assert same_bits(session.run.weights, alone.run.weights)


@pytest.mark.parametrize(("shuffle", "losses"), [("never", 1), ("once", 1), ("every-epoch", 5)])
def test_every_epoch_shuffles_the_validation_data_too(shuffle, losses):
    """Where padding is data, the loss of the same weights depends on which sequences are padded together."""
    session = with_validation(
        MaxEpochs=5, solver="sgdm", InitialLearnRate=1e-30, ValidationFrequency=2, Shuffle=shuffle
    )
    found = [step.validation_loss for step in session.finish() if step.validation_loss is not None]
    assert len(found) == 6
    assert len(set(found)) >= losses if losses > 1 else len(set(found)) == 1


def scripted(monkeypatch, losses, **options):
    """A session whose validations, one an iteration, have these losses."""
    script = iter(losses)
    monkeypatch.setattr(loop, "total_loss", lambda *_: Loss(next(script), 0.0, 1, None))
    return with_validation(MaxEpochs=10, ValidationFrequency=1, **options)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("patience", "losses", "last"),
    [
        (1, [5, 4, 4], 3),
        (2, [5, 6, 4, 4, 3, 3, 3.5], 7),
        (3, [5, 6, 7, 4, 4.5, 4.2, 4, 1], 7),
        (3, [5, NAN, INF, 5, 1], 4),
        (2, [NAN, 3, 2, 4, 4, 1], 5),
    ],
)
def test_patience_counts_validations_in_a_row_without_a_smaller_loss(monkeypatch, patience, losses, last):
    session = scripted(monkeypatch, losses, ValidationPatience=patience)
    steps = session.finish()
    assert [step.iteration for step in steps] == list(range(1, last + 1))
    assert [step.finished for step in steps] == [None] * (last - 1) + [PATIENCE]
    assert session.run.finished == PATIENCE
    assert list(session.steps()) == []


@pytest.mark.parametrize("patience", ["Inf", 20])
def test_patience_that_is_not_used_up(monkeypatch, patience):
    session = scripted(monkeypatch, [1, *[2] * 19], ValidationPatience=patience)
    steps = session.finish()
    assert len(steps) == 20
    assert steps[-1].finished == MAX_EPOCHS


def test_patience_counts_validations_and_not_iterations():
    # Trained on labels that the validation data contradicts, the validation loss rises from the start.
    data = make_data(LABEL, LENGTHS)
    contrary = Data(data.sequences, replace(data.targets, values=(data.targets.values + 1) % 3))
    session = start(
        LABEL,
        data,
        validation=contrary,
        MaxEpochs=100,
        InitialLearnRate=0.1,
        ValidationFrequency=5,
        ValidationPatience=3,
    )
    steps = session.finish()
    assert validated(steps) == [1, 5, 10, 15]
    assert steps[-1].finished == PATIENCE
    assert session.run.best.iteration == 1


@pytest.mark.parametrize(
    ("word", "best"),
    [("auto", True), ("best-validation", True), ("best-validation-loss", True), ("last-iteration", False)],
)
@pytest.mark.parametrize("ended", ["max epochs", "patience", "stopped"])
def test_output_network(monkeypatch, word, best, ended):
    losses = [5, 6, 3, 2, 2, *[4] * 20]
    patience = 3 if ended == "patience" else "Inf"
    session = scripted(monkeypatch, losses, OutputNetwork=word, ValidationPatience=patience)
    weights = [session.network.weights]
    for step in session.steps():
        weights.append({layer: dict(arrays) for layer, arrays in _copied(session.run.weights).items()})
        if ended == "stopped" and step.iteration == 9:
            break
    assert len(weights) - 1 == {"max epochs": 20, "patience": 7, "stopped": 9}[ended]
    result = result_weights(session.run, session.options)
    assert same_bits(result, weights[4] if best else weights[-1])
    assert not same_bits(weights[4], weights[-1])


def _copied(weights):
    return {layer: {name: a.copy() for name, a in arrays.items()} for layer, arrays in weights.items()}


@pytest.mark.parametrize("word", ["auto", "last-iteration"])
def test_without_validation_data_the_last_network_is_the_result(word):
    session = start(LABEL, make_data(LABEL, LENGTHS), MaxEpochs=3, OutputNetwork=word)
    _, weights = trail(session)
    assert same_bits(result_weights(session.run, session.options), weights[-1])


def test_auto_is_the_default(monkeypatch):
    session = scripted(monkeypatch, [5, 1, *[4] * 20])
    _, weights = trail(session)
    assert same_bits(result_weights(session.run, session.options), weights[2])


def test_a_network_whose_validation_loss_is_not_finite_is_never_the_best(monkeypatch):
    session = scripted(monkeypatch, [NAN, INF, 7, NAN, *[8] * 20])
    _, weights = trail(session)
    assert session.run.best.iteration == 3
    assert same_bits(result_weights(session.run, session.options), weights[3])
    nowhere = scripted(monkeypatch, [NAN] * 20)
    _, weights = trail(nowhere)
    assert same_bits(result_weights(nowhere.run, nowhere.options), weights[-1])
