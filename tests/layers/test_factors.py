"""Factors of learning rate and L2 regularization: of a whole learnable, and of each gate."""

import numpy as np
import pytest
from layers.networks import build, options, randomize

from lstmcli.errors import SpecError
from lstmcli.training.solvers import MOMENTS, initial_moments, learnables_of, regularize, update

UNITS = 3
RATE, DECAY = 0.5, 0.25
GATES = {"lstm": 4, "bilstm": 8, "gru": 3}
LEARNABLES = ("InputWeights", "RecurrentWeights", "Bias")
CASES = [(word, name, gate) for word in GATES for name in LEARNABLES for gate in range(GATES[word])]
FULLY_CONNECTED = {"Weights": "Weight", "Bias": "Bias"}
"""The learnables of a fully connected layer, and how the names of their factors begin."""


def network_of(word, properties):
    size = f"OutputSize: {UNITS}" if word == "fullyConnected" else f"NumHiddenUnits: {UNITS}"
    return randomize(build(f"sequenceInput: 2, {word}: {{Name: it, {size}{properties}}}, regression"))


def gradients_of(network):
    random = np.random.default_rng(3)
    own = network.weights["it"]
    names = [item.name for item in learnables_of(network.graph)]
    return {"it": {name: random.standard_normal(own[name].shape).astype(np.float32) for name in names}}


def stepped(network, solver="sgdm"):
    """The learnables after one step of the solver with random gradients."""
    given = options(
        solver=solver,
        momentum=0.0,
        gradient_decay_factor=0.9,
        squared_gradient_decay_factor=0.99,
        epsilon=1e-8,
    )
    result = {name: {k: v.copy() for k, v in own.items()} for name, own in network.weights.items()}
    moments, learnables = initial_moments(network.graph, network.weights, given), learnables_of(network.graph)
    gradients, none = gradients_of(network), [0.0] * len(learnables)
    update(learnables, network.weights, gradients, none, moments, given, RATE, 1, result)
    return result["it"]


def regularized(network):
    """The gradients with the term of L2 regularization."""
    gradients = gradients_of(network)
    regularize(learnables_of(network.graph), network.weights, gradients, options(l2_regularization=DECAY))
    return gradients["it"]


def one_gate(gates, gate, value, other):
    return "[" + ", ".join(str(value if k == gate else other) for k in range(gates)) + "]"


def rows_of(gate):
    return slice(gate * UNITS, (gate + 1) * UNITS)


def others(array, gate):
    return np.delete(array, rows_of(gate), axis=0).tobytes()


@pytest.mark.parametrize("solver", MOMENTS)
@pytest.mark.parametrize(("word", "name", "gate"), CASES)
def test_a_learn_rate_factor_of_a_gate_changes_its_rows_alone(word, name, gate, solver):
    factors = one_gate(GATES[word], gate, 3, 1)
    plain, network = network_of(word, ""), network_of(word, f", {name}LearnRateFactor: {factors}")
    start, usual, got = network.weights["it"], stepped(plain, solver), stepped(network, solver)
    rows = rows_of(gate)
    thrice = start[name][rows] + 3 * (usual[name][rows] - start[name][rows])
    np.testing.assert_allclose(got[name][rows], thrice, rtol=1e-6, atol=1e-6)
    assert (got[name][rows] != usual[name][rows]).all()
    assert others(got[name], gate) == others(usual[name], gate)
    assert all(got[other].tobytes() == usual[other].tobytes() for other in LEARNABLES if other != name)


@pytest.mark.parametrize(("word", "name", "gate"), CASES)
def test_a_learn_rate_factor_of_zero_keeps_a_gate_as_it_is(word, name, gate):
    network = network_of(word, f", {name}LearnRateFactor: {one_gate(GATES[word], gate, 0, 1)}")
    start, got = network.weights["it"][name], stepped(network)[name]
    assert got[rows_of(gate)].tobytes() == start[rows_of(gate)].tobytes()
    assert (np.delete(got != start, rows_of(gate), axis=0)).all()


@pytest.mark.parametrize(("word", "name", "gate"), CASES)
def test_an_l2_factor_of_a_gate_changes_its_rows_alone(word, name, gate):
    default = 0 if name == "Bias" else 1
    plain = network_of(word, "")
    network = network_of(word, f", {name}L2Factor: {one_gate(GATES[word], gate, 5, default)}")
    w, g = network.weights["it"], gradients_of(network)["it"]
    usual, got = regularized(plain), regularized(network)
    rows = rows_of(gate)
    want = g[name][rows] + DECAY * 5 * w[name][rows]
    np.testing.assert_allclose(got[name][rows], want, rtol=1e-6, atol=1e-6)
    assert others(got[name], gate) == others(usual[name], gate)
    assert all(got[other].tobytes() == usual[other].tobytes() for other in LEARNABLES if other != name)


@pytest.mark.parametrize(
    ("word", "name", "prefix"),
    [(word, name, name) for word in GATES for name in LEARNABLES]
    + [("fullyConnected", name, prefix) for name, prefix in FULLY_CONNECTED.items()],
)
def test_one_factor_is_for_the_whole_learnable(word, name, prefix):
    plain = network_of(word, "")
    network = network_of(word, f", {prefix}LearnRateFactor: 2.5, {prefix}L2Factor: 3")
    start, g = network.weights["it"], gradients_of(network)["it"]
    got, decayed = stepped(network), regularized(network)
    np.testing.assert_allclose(got[name], start[name] - RATE * 2.5 * g[name], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(decayed[name], g[name] + DECAY * 3 * start[name], rtol=1e-6, atol=1e-6)
    for other in set(g) - {name}:
        assert got[other].tobytes() == stepped(plain)[other].tobytes()
        assert decayed[other].tobytes() == regularized(plain)[other].tobytes()


@pytest.mark.parametrize("word", [*GATES, "fullyConnected"])
def test_by_default_all_learn_alike_and_only_the_bias_does_not_decay(word):
    network = network_of(word, "")
    start, g = network.weights["it"], gradients_of(network)["it"]
    got, decayed = stepped(network), regularized(network)
    for name in g:
        np.testing.assert_allclose(got[name], start[name] - RATE * g[name], rtol=1e-6, atol=1e-6)
        factor = 0 if name == "Bias" else DECAY
        np.testing.assert_allclose(decayed[name], g[name] + factor * start[name], rtol=1e-6, atol=1e-6)
    assert decayed["Bias"].tobytes() == g["Bias"].tobytes()


@pytest.mark.parametrize(
    ("word", "count"), [("lstm", 8), ("lstm", 3), ("bilstm", 4), ("bilstm", 2), ("gru", 4), ("gru", 6)]
)
def test_another_number_of_factors_than_gates_is_refused(word, count):
    gates = GATES[word]
    message = f"has one number, or one for each of its {gates} gates, got {count}"
    with pytest.raises(SpecError, match=f"`BiasL2Factor` of {word} {message}"):
        network_of(word, f", BiasL2Factor: {[1] * count}")


@pytest.mark.parametrize("gate", range(3))
def test_factors_of_a_gru_hold_for_both_of_its_biases(gate):
    """One for the whole bias goes with three for the gates."""
    mode, factors = ", ResetGateMode: recurrent-bias-after-multiplication", one_gate(3, gate, 3, 1)
    network = network_of("gru", f"{mode}, BiasLearnRateFactor: {factors}, BiasL2Factor: 2")
    start, g = network.weights["it"]["Bias"], gradients_of(network)["it"]["Bias"]
    assert start.shape == (6 * UNITS,)
    times = np.tile(np.repeat([3 if k == gate else 1 for k in range(3)], UNITS), 2)
    np.testing.assert_allclose(stepped(network)["Bias"], start - RATE * times * g, rtol=1e-6, atol=1e-6)
    decayed = regularized(network)["Bias"]
    np.testing.assert_allclose(decayed, g + DECAY * 2 * start, rtol=1e-6, atol=1e-6)
    network = network_of("gru", f"{mode}, BiasL2Factor: {factors}")
    decayed = regularized(network)["Bias"]
    np.testing.assert_allclose(decayed, g + DECAY * times * start, rtol=1e-6, atol=1e-6)
