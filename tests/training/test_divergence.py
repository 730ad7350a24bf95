"""A loss, gradient or weight that is not finite ends training, and never reaches the result."""

import numpy as np
import pytest
from training.sessions import LABEL, RESPONSE, RESPONSES, make_data, same_bits, start

from lstmcli.errors import DivergedError
from lstmcli.graph import Network
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import make_mini_batch
from lstmcli.training import loop
from lstmcli.training.pass_over import learn_from
from lstmcli.training.run import copy_weights, result_weights

LENGTHS = [3, 5, 4, 2]


def diverge(session):
    """The error, and the weights before the first and after each iteration that was whole."""
    weights = [copy_weights(session.run.weights)]
    try:
        for _ in session.steps():
            weights.append(copy_weights(session.run.weights))
    except DivergedError as error:
        return str(error), weights
    raise AssertionError("the run did not diverge")


def finite(weights):
    return all(np.isfinite(array).all() for arrays in weights.values() for array in arrays.values())


def loss_of(session, weights):
    """The loss of the one mini-batch that the session has."""
    batch = make_mini_batch(*session.data, np.arange(len(session.data.sequences)), session.options)
    network = Network(session.graph, weights)
    states = session.graph.initial_states(weights, len(batch.rows))
    return learn_from(network, batch, states, False, Mode()).loss.mean


@pytest.mark.parametrize("rate", [1e2, 1e5, 1e15, 1e30, 1e38, 1e60])
@pytest.mark.parametrize("layers", [RESPONSE, RESPONSES])
def test_the_weights_are_the_last_whose_loss_was_finite(layers, rate):
    session = start(
        layers,
        make_data(layers, LENGTHS),
        solver="sgdm",
        InitialLearnRate=rate,
        MaxEpochs=1000,
        Shuffle="never",
    )
    message, weights = diverge(session)
    losses = [loss_of(session, array) for array in weights]
    good = weights[int(np.flatnonzero(np.isfinite(losses))[-1])]
    assert same_bits(session.run.weights, good)
    assert same_bits(result_weights(session.run, session.options), good)
    assert all(finite(array) for array in weights)
    assert np.isfinite(session.run.history.get("TrainingLoss", [])).all()
    assert message.startswith(f"error: training diverged at epoch {len(weights)}, iteration {len(weights)}: ")
    assert "\nhelp: lower `InitialLearnRate`, set `GradientThreshold: 1`, or normalize the data" in message


def test_the_message_tells_loss_and_norm(monkeypatch):
    session = start(RESPONSE, make_data(RESPONSE, LENGTHS), MaxEpochs=5)
    steps = session.steps()
    next(steps)
    before = copy_weights(session.run.weights)
    session.run.weights["fc"]["Bias"][:] = np.nan
    with pytest.raises(DivergedError, match="epoch 2, iteration 2: the loss is nan, the gradient's norm nan"):
        next(steps)
    assert finite(session.run.weights)
    assert not same_bits(session.run.weights, before)


def test_a_gradient_that_is_not_finite_leaves_the_network_whose_loss_was(monkeypatch):
    session = start(RESPONSE, make_data(RESPONSE, LENGTHS), MaxEpochs=5)
    steps = session.steps()
    next(steps)
    before = copy_weights(session.run.weights)

    def broken(*arguments):
        outcome = learn_from(*arguments)
        outcome.gradients["fc"]["Bias"][0] = np.inf
        return outcome

    monkeypatch.setattr(loop, "learn_from", broken)
    with pytest.raises(DivergedError, match="the gradient's norm inf"):
        next(steps)
    assert same_bits(session.run.weights, before)


@pytest.mark.parametrize("solver", ["sgdm", "rmsprop", "adam"])
@pytest.mark.parametrize("epochs", [1, 5])
def test_a_step_to_weights_that_are_not_finite_is_taken_back(solver, epochs):
    session = start(
        RESPONSE, make_data(RESPONSE, LENGTHS), solver=solver, InitialLearnRate=1e60, MaxEpochs=epochs
    )
    message, weights = diverge(session)
    assert "epoch 1, iteration 1: the solver's step leaves weights that are not finite" in message
    assert same_bits(session.run.weights, session.network.weights)
    assert len(weights) == 1


@pytest.mark.parametrize("rate", [1e5, 1e37, 1e60])
@pytest.mark.parametrize("layers", [LABEL, RESPONSE, RESPONSES])
def test_the_best_network_is_finite_too(layers, rate):
    data, validation = make_data(layers, LENGTHS), make_data(layers, LENGTHS, seed=1)
    session = start(
        layers,
        data,
        validation=validation,
        solver="sgdm",
        InitialLearnRate=rate,
        MaxEpochs=300,
        ValidationFrequency=1,
    )
    try:
        session.finish()
    except DivergedError:
        pass
    else:
        assert layers == LABEL
    assert finite(result_weights(session.run, session.options))
    if session.run.best is not None:
        assert np.isfinite(session.run.best.loss)


def test_clipping_keeps_a_run_from_diverging():
    """What the message advises: without it the same run diverges."""
    options = {"solver": "sgdm", "InitialLearnRate": 5, "MaxEpochs": 100}
    diverge(start(RESPONSES, make_data(RESPONSES, LENGTHS), **options))
    session = start(RESPONSES, make_data(RESPONSES, LENGTHS), GradientThreshold=0.01, **options)
    assert len(session.finish()) == 100
    assert finite(session.run.weights)
