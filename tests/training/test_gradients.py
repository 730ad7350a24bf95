"""What happens between gradient and solver: L2 regularization, clipping, and the learning rate's schedule."""

import numpy as np
import pytest
from training.naive_trainer import assert_follows, train_naively
from training.sessions import LABEL, RESPONSES, make_data, same_bits, start

from lstmcli.graph import Network
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import make_mini_batch
from lstmcli.training.pass_over import learn_from

LENGTHS = [3, 5, 4, 2]


def first_gradients(session):
    """The gradients of the first iteration of a session with one mini-batch, without L2."""
    batch = make_mini_batch(*session.data, np.arange(len(session.data.sequences)), session.options)
    network = Network(session.graph, session.network.weights)
    states = session.graph.initial_states(network.weights, len(batch.rows))
    gradients = learn_from(network, batch, states, False, Mode()).gradients
    return {(layer, name): a for layer, arrays in gradients.items() for name, a in arrays.items()}


def step_taken(session):
    """How every learnable moved, divided by the learning rate and turned round."""
    before, after = session.network.weights, session.run.weights
    rate = session.options.initial_learn_rate
    return {
        (layer, name): (before[layer][name].astype(np.float64) - after[layer][name]) / rate
        for layer, arrays in before.items()
        for name in arrays
        if name not in ("HiddenState", "CellState") and "output" not in layer
    }


@pytest.mark.parametrize("decay", [0, 0.3])
@pytest.mark.parametrize("solver", ["sgdm", "rmsprop", "adam"])
def test_l2_regularization_is_part_of_the_gradient_and_not_of_the_loss(solver, decay):
    session = start(
        LABEL,
        make_data(LABEL, LENGTHS),
        solver=solver,
        Shuffle="never",
        MaxEpochs=4,
        MiniBatchSize=2,
        InitialLearnRate=0.05,
        L2Regularization=decay,
    )
    steps = session.finish()
    naive = train_naively(session)
    assert_follows(session.run.weights, session.network.weights, naive.weights)
    assert [step.loss for step in steps] == pytest.approx(naive.losses, rel=1e-5)


def test_l2_regularization_adds_lambda_w_and_leaves_biases_alone():
    taken = {}
    for decay in (0, 0.5):
        session = start(
            RESPONSES, make_data(RESPONSES, LENGTHS), solver="sgdm", MaxEpochs=1, L2Regularization=decay
        )
        session.finish()
        taken[decay] = step_taken(session)
    for (layer, name), step in taken[0.5].items():
        w = session.network.weights[layer][name]
        extra = 0 * w if name == "Bias" else 0.5 * w
        np.testing.assert_allclose(step - taken[0][layer, name], extra, atol=2e-5)


@pytest.mark.parametrize("method", ["l2norm", "global-l2norm", "absolute-value"])
@pytest.mark.parametrize("threshold", [0.01, 0.1, 0.4])
def test_clipping_follows_the_formulas(method, threshold):
    session = start(
        LABEL,
        make_data(LABEL, LENGTHS),
        solver="sgdm",
        Shuffle="never",
        MaxEpochs=6,
        MiniBatchSize=2,
        InitialLearnRate=0.2,
        GradientThreshold=threshold,
        GradientThresholdMethod=method,
    )
    session.finish()
    assert_follows(session.run.weights, session.network.weights, train_naively(session).weights)


@pytest.mark.parametrize("method", ["l2norm", "global-l2norm", "absolute-value"])
def test_gradients_below_the_threshold_stay_as_they_are(method):
    networks = []
    for clipping in ({}, {"GradientThreshold": 50, "GradientThresholdMethod": method}):
        session = start(LABEL, make_data(LABEL, LENGTHS), MaxEpochs=3, **clipping)
        session.finish()
        networks.append(session.run.weights)
    assert same_bits(*networks)


def clipped_once(method, threshold, **more):
    session = start(
        LABEL,
        make_data(LABEL, LENGTHS),
        solver="sgdm",
        MaxEpochs=1,
        Shuffle="never",
        GradientThreshold=threshold,
        GradientThresholdMethod=method,
        **more,
    )
    session.finish()
    return first_gradients(session), step_taken(session)


def test_l2norm_looks_at_each_learnable_by_itself():
    gradients, _ = clipped_once("l2norm", 1e-3, L2Regularization=0)
    norms = {key: np.linalg.norm(g) for key, g in gradients.items()}
    threshold = float(np.median(list(norms.values()))) * 1.01
    gradients, taken = clipped_once("l2norm", threshold, L2Regularization=0)
    over = {key for key, norm in norms.items() if norm > threshold}
    assert 0 < len(over) < len(norms)
    for key, g in gradients.items():
        wanted = g * threshold / norms[key] if key in over else g
        np.testing.assert_allclose(taken[key], wanted, atol=2e-5)


def test_global_l2norm_looks_at_all_learnables_together():
    gradients, _ = clipped_once("global-l2norm", 1e-3, L2Regularization=0)
    # Each norm is below the threshold, that of all is above it.
    norms = [np.linalg.norm(g) for g in gradients.values()]
    whole = np.linalg.norm(norms)
    threshold = float((max(norms) + whole) / 2)
    gradients, taken = clipped_once("global-l2norm", threshold, L2Regularization=0)
    for key, g in gradients.items():
        np.testing.assert_allclose(taken[key], g * threshold / whole, atol=2e-5)


def test_absolute_value_looks_at_each_number():
    gradients, taken = clipped_once("absolute-value", 0.03, L2Regularization=0)
    assert 0 < np.mean(abs(gradients["lstm", "InputWeights"]) > 0.03) < 1
    for key, g in gradients.items():
        np.testing.assert_allclose(taken[key], np.clip(g, -0.03, 0.03), atol=2e-5)


@pytest.mark.parametrize("method", ["l2norm", "global-l2norm", "absolute-value"])
def test_the_l2_term_is_clipped_too(method):
    _, taken = clipped_once(method, 0.02, L2Regularization=10)
    norms = {key: np.linalg.norm(step) for key, step in taken.items()}
    if method == "l2norm":
        assert norms["lstm", "RecurrentWeights"] == pytest.approx(0.02, rel=1e-3)
        assert norms["fc", "Weights"] == pytest.approx(0.02, rel=1e-3)
    elif method == "global-l2norm":
        assert np.linalg.norm(list(norms.values())) == pytest.approx(0.02, rel=1e-3)
    else:
        assert max(abs(step).max() for step in taken.values()) == pytest.approx(0.02, rel=1e-3)


def test_a_constant_rate():
    session = start(RESPONSES, make_data(RESPONSES, [1]), MaxEpochs=12, InitialLearnRate=0.03)
    assert {step.learn_rate for step in session.finish()} == {0.03}


def test_the_published_series_of_a_piecewise_rate():
    data = make_data(RESPONSES, [1])
    session = start(
        RESPONSES,
        data,
        MaxEpochs=300,
        InitialLearnRate=0.05,
        LearnRateSchedule="piecewise",
        LearnRateDropFactor=0.9,
        LearnRateDropPeriod=30,
    )
    rates = {step.epoch: f"{step.learn_rate:.5g}" for step in session.finish()}
    assert [rates[epoch] for epoch in (1, 30, 50, 100, 150, 300)] == [
        "0.05",
        "0.05",
        "0.045",
        "0.03645",
        "0.032805",
        "0.019371",
    ]


@pytest.mark.parametrize(
    "schedule",
    [{"LearnRateDropPeriod": 2, "LearnRateDropFactor": 0.5}, {"LearnRateDropFactor": 0}, {}],
    ids=str,
)
@pytest.mark.parametrize("solver", ["sgdm", "rmsprop", "adam"])
def test_a_piecewise_rate_moves_the_weights(solver, schedule):
    session = start(
        LABEL,
        make_data(LABEL, LENGTHS),
        solver=solver,
        Shuffle="never",
        MaxEpochs=12,
        MiniBatchSize=2,
        InitialLearnRate=0.02,
        LearnRateSchedule="piecewise",
        **schedule,
    )
    steps = session.finish()
    naive = train_naively(session)
    assert [step.learn_rate for step in steps] == pytest.approx(naive.rates)
    assert naive.rates[-1] < 0.01
    assert_follows(session.run.weights, session.network.weights, naive.weights)


def test_drop_period_and_factor_do_nothing_without_the_schedule():
    networks = []
    for given in ({}, {"LearnRateDropPeriod": 1, "LearnRateDropFactor": 0.5}):
        session = start(LABEL, make_data(LABEL, LENGTHS), MaxEpochs=3, **given)
        session.finish()
        networks.append(session.run.weights)
    assert same_bits(*networks)
