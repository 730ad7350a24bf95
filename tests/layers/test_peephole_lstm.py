"""peepholeLSTM: an lstm whose gates see the cell."""

import naive
import numpy as np
import pytest
from layers.example import VECTORS, Example, Size
from layers.networks import answers, build, node_of, random_sequences, random_signal, randomize

from lstmcli.graph import Network
from lstmcli.layers.layer import Mode
from lstmcli.layers.recurrent import GATE_ACTIVATIONS, STATE_ACTIVATIONS

PROPERTIES = """Name NumHiddenUnits InputSize OutputMode StateActivationFunction GateActivationFunction
    HasStateInputs HasStateOutputs HiddenState CellState InputWeightsInitializer RecurrentWeightsInitializer
    PeepholeWeightsInitializer BiasInitializer InputWeights RecurrentWeights PeepholeWeights Bias
    InputWeightsLearnRateFactor RecurrentWeightsLearnRateFactor PeepholeWeightsLearnRateFactor
    BiasLearnRateFactor InputWeightsL2Factor RecurrentWeightsL2Factor PeepholeWeightsL2Factor BiasL2Factor"""
REQUIRED = ("NumHiddenUnits: 3",)
STATE = Size(3, None)
EXAMPLES = (
    Example("peepholeLSTM: 3"),
    Example("peepholeLSTM: [9, 4]"),
    Example("peepholeLSTM: {NumHiddenUnits: 17, OutputMode: last}", once=True),
    Example(
        "peepholeLSTM: {NumHiddenUnits: 5, GateActivationFunction: hard-sigmoid, "
        "StateActivationFunction: softsign, PeepholeWeightsLearnRateFactor: 2, PeepholeWeightsL2Factor: 0}"
    ),
    Example("peepholeLSTM: {NumHiddenUnits: 2, StateActivationFunction: relu, HasStateOutputs: true}"),
    Example(
        "peepholeLSTM: {NumHiddenUnits: 3, HasStateInputs: true, HasStateOutputs: true, OutputMode: last, "
        "inputs: [b, a/hidden, a/cell]}",
        (VECTORS, STATE, STATE),
        network="sequenceInput: 4, peepholeLSTM: {NumHiddenUnits: 3, HasStateOutputs: true, Name: a}, "
        "fullyConnected: {OutputSize: 4, Name: b}, {}, fullyConnected: 2, regression",
    ),
)
LENGTHS = (9, 1, 4, 6)
NAMES = ("InputWeights", "RecurrentWeights", "Bias")


@pytest.mark.parametrize("mode", ["sequence", "last"])
@pytest.mark.parametrize("state", STATE_ACTIVATIONS)
@pytest.mark.parametrize("gate", GATE_ACTIVATIONS)
def test_outputs_and_states_follow_the_equations(gate, state, mode):
    properties = f"OutputMode: {mode}, GateActivationFunction: {gate}, StateActivationFunction: {state}"
    network = randomize(
        build(f"sequenceInput: 3, peepholeLSTM: {{NumHiddenUnits: 18, {properties}}}, regression"), 0.3
    )
    node = node_of(network, "peepholeLSTM")
    own, x = network.weights[node.name], random_signal(LENGTHS, 3, dtype=np.float32)
    first = np.random.default_rng(5).normal(size=(2, len(LENGTHS), 18)).astype(np.float32)
    got = node.layer.forward(own, (x,), tuple(first), Mode())
    codes = GATE_ACTIVATIONS[gate], STATE_ACTIVATIONS[state]
    h, *last = naive.lstm_forward(
        x.data,
        *(own[name] for name in NAMES),
        *first,
        x.start,
        x.stop,
        *codes,
        False,
        own["PeepholeWeights"],
    )
    wanted = (h if mode == "sequence" else last[0], *last)
    for result, want in zip((got.outputs[0].data, *got.state), wanted, strict=True):
        np.testing.assert_allclose(result, want, rtol=2e-6, atol=2e-6)


def one_unit(**weights):
    """The layer with one unit, weights that are 0 but for these, and cell state 2."""
    network = build("sequenceInput: 1, peepholeLSTM: {NumHiddenUnits: 1, Name: it}, regression")
    own = {name: np.zeros_like(array) for name, array in network.weights["it"].items()}
    own["CellState"][:] = 2
    own |= {name: np.array(values, np.float32) for name, values in weights.items()}
    return network.graph.nodes[1].layer, own


@pytest.mark.parametrize(
    ("gate", "cell", "output"),
    [
        # With open gates of 1/2 and a candidate of tanh 1: c = 2 f + i tanh 1, h = o tanh c.
        (0, 1 + naive.sigmoid(6.0) * np.tanh(1), 0.5),
        (1, 2 * naive.sigmoid(6.0) + np.tanh(1) / 2, 0.5),
        (2, 1 + np.tanh(1) / 2, naive.sigmoid(3 * (1 + np.tanh(1) / 2))),
    ],
    ids=["input", "forget", "output"],
)
def test_input_and_forget_gate_see_the_cell_before_and_the_output_gate_the_one_after(gate, cell, output):
    peepholes = [3.0 if k == gate else 0.0 for k in range(3)]
    layer, own = one_unit(PeepholeWeights=peepholes, Bias=[0, 0, 1, 0])
    x = random_signal((1,), 1, dtype=np.float32)
    h, c = layer.forward(own, (x,), (own["HiddenState"][None], own["CellState"][None]), Mode()).state
    np.testing.assert_allclose((c.item(), h.item()), (cell, output * np.tanh(cell)), rtol=1e-6)


@pytest.mark.parametrize("mode", ["sequence", "last"])
def test_without_peephole_weights_it_is_the_lstm(mode):
    def of(word, own):
        layer = f"{word}: {{NumHiddenUnits: 21, OutputMode: {mode}, Name: it}}"
        network = build(f"sequenceInput: 6, {layer}, regression")
        weights = {name: own[name] for name in network.weights["it"]}
        return Network(network.graph, {**network.weights, "it": weights})

    text = f"peepholeLSTM: {{NumHiddenUnits: 21, OutputMode: {mode}, Name: it}}"
    own = dict(randomize(build(f"sequenceInput: 6, {text}, regression")).weights["it"])
    sequences = random_sequences([7, 3, 12], 6)
    with_peepholes = answers(of("peepholeLSTM", own), sequences)
    own["PeepholeWeights"] = np.zeros_like(own["PeepholeWeights"])
    without, plain = (answers(of(word, own), sequences) for word in ("peepholeLSTM", "lstm"))
    assert [a.tobytes() for a in without] == [a.tobytes() for a in plain]
    assert all((a != b).any() for a, b in zip(with_peepholes, without, strict=True))


def test_sizes_and_initial_values():
    own = build("sequenceInput: 6, peepholeLSTM: 400, regression").weights["peepholeLSTM"]
    assert list(own) == [*NAMES, "PeepholeWeights", "HiddenState", "CellState"]
    shapes = (1600, 6), (1600, 400), (1600,), (1200,), (400,), (400,)
    assert tuple(array.shape for array in own.values()) == shapes
    np.testing.assert_allclose(own["RecurrentWeights"].T @ own["RecurrentWeights"], np.eye(400), atol=1e-5)
    assert own["Bias"].tolist() == [0.0] * 400 + [1.0] * 400 + [0.0] * 800
    for name, bound in (("InputWeights", 6 / (6 + 1600)), ("PeepholeWeights", 6 / (400 + 1200))):
        largest = np.abs(own[name]).max()
        assert 0.98 * np.sqrt(bound) < largest <= np.float32(np.sqrt(bound))


def test_the_peephole_weights_may_be_given():
    layers = "sequenceInput: 2, peepholeLSTM: {NumHiddenUnits: 1, PeepholeWeights: [1, -2, 0.5]}, regression"
    assert build(layers).weights["peepholeLSTM"]["PeepholeWeights"].tolist() == [1, -2, 0.5]
