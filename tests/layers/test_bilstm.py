"""bilstm: two lstms, one in each direction, and where their halves go."""

import naive
import numpy as np
import pytest
from layers.example import VECTORS, Example, Size
from layers.networks import build, node_of, random_signal, randomize

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode
from lstmcli.layers.recurrent import GATE_ACTIVATIONS, STATE_ACTIVATIONS
from lstmcli.passes import forward
from lstmcli.records import Signal

PROPERTIES = """Name NumHiddenUnits OutputMode InputSize StateActivationFunction GateActivationFunction
    HasStateInputs HasStateOutputs HiddenState CellState InputWeightsInitializer RecurrentWeightsInitializer
    BiasInitializer InputWeights RecurrentWeights Bias InputWeightsLearnRateFactor
    RecurrentWeightsLearnRateFactor BiasLearnRateFactor InputWeightsL2Factor RecurrentWeightsL2Factor
    BiasL2Factor"""
REQUIRED = ("NumHiddenUnits: 3",)
STATES = Size(6, None)
EXAMPLES = (
    *(
        Example(f"bilstm: {properties}", once="last" in properties)
        for properties in (
            "{NumHiddenUnits: 3}",
            "{NumHiddenUnits: 17, OutputMode: last, InputSize: 4}",
            "{NumHiddenUnits: 2, StateActivationFunction: softsign, GateActivationFunction: hard-sigmoid}",
            "{NumHiddenUnits: 5, StateActivationFunction: relu, OutputMode: last}",
            "{NumHiddenUnits: 3, HasStateOutputs: true}",
        )
    ),
    *(
        Example(
            f"bilstm: {{NumHiddenUnits: 3, HasStateInputs: true, {properties}inputs: [b, a/hidden, a/cell]}}",
            (VECTORS, STATES, STATES),
            network="sequenceInput: 4, bilstm: {NumHiddenUnits: 3, HasStateOutputs: true, Name: a}, "
            "fullyConnected: {OutputSize: 4, Name: b}, {}, fullyConnected: 2, regression",
        )
        for properties in ("", "OutputMode: last, HasStateOutputs: true, ")
    ),
)

LENGTHS = (9, 1, 4, 6)
UNITS = 5
LEARNABLES = ("InputWeights", "RecurrentWeights", "Bias")


def network_of(properties="", scale=0.5):
    return randomize(
        build(f"sequenceInput: 3, bilstm: {{NumHiddenUnits: {UNITS}{properties}}}, regression"), scale
    )


def run(network, x, state):
    node = node_of(network, "bilstm")
    return node.layer.forward(network.weights[node.name], (x,), state, Mode())


def random_state():
    random = np.random.default_rng(5)
    return tuple(random.standard_normal((len(LENGTHS), 2 * UNITS)).astype(np.float32) for _ in range(2))


def halves(network, x, state, gate="sigmoid", activation="tanh"):
    """h, h_T, c_T of both directions, forward first, by the naive recurrence."""
    weights = network.weights["biLSTM"]
    codes = GATE_ACTIVATIONS[gate], STATE_ACTIVATIONS[activation]
    return [
        naive.lstm_forward(
            x.data,
            *(np.split(weights[name], 2)[direction] for name in LEARNABLES),
            *(np.split(part, 2, axis=1)[direction] for part in state),
            x.start,
            x.stop,
            *codes,
            direction == 1,
        )
        for direction in (0, 1)
    ]


@pytest.mark.parametrize("activation", STATE_ACTIVATIONS)
@pytest.mark.parametrize("gate", GATE_ACTIVATIONS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_sequence_is_the_forward_half_above_the_backward_half(gate, activation, side):
    properties = f", GateActivationFunction: {gate}, StateActivationFunction: {activation}"
    network, state = network_of(properties, scale=0.3), random_state()
    x = random_signal(LENGTHS, 3, side=side, dtype=np.float32)
    (hf, lastf, cf), (hb, lastb, cb) = halves(network, x, state, gate, activation)
    got = run(network, x, state)
    np.testing.assert_allclose(got.outputs[0].data, np.concatenate([hf, hb], axis=2), rtol=2e-6, atol=2e-6)
    np.testing.assert_allclose(got.state[0], np.concatenate([lastf, lastb], axis=1), rtol=2e-6, atol=2e-6)
    np.testing.assert_allclose(got.state[1], np.concatenate([cf, cb], axis=1), rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("masked", [True, False])
def test_last_is_forward_after_the_last_step_and_backward_after_the_first(side, masked):
    x = random_signal(LENGTHS, 3, side=side, dtype=np.float32)
    if not masked:
        x = x._replace(start=0 * x.start, stop=0 * x.stop + max(LENGTHS))
    state, rows = random_state(), np.arange(len(LENGTHS))
    every = run(network_of(), x, state).outputs[0].data
    want = np.concatenate([every[x.stop - 1, rows, :UNITS], every[x.start, rows, UNITS:]], axis=1)
    assert run(network_of(", OutputMode: last"), x, state).outputs[0].data.tobytes() == want.tobytes()


def test_backward_is_forward_on_the_reversed_sequence():
    network, state = network_of(), random_state()
    x = random_signal((7, 7, 7, 7), 3, dtype=np.float32)
    weights = network.weights["biLSTM"]
    swapped = {name: np.concatenate(np.split(array, 2)[::-1]) for name, array in weights.items()}
    node = node_of(network, "bilstm")
    mirrored = (
        node.layer.forward(
            swapped,
            (x.with_data(x.data[::-1].copy()),),
            tuple(np.concatenate(np.split(part, 2, axis=1)[::-1], axis=1) for part in state),
            Mode(),
        )
        .outputs[0]
        .data
    )
    want = np.concatenate([mirrored[::-1, :, UNITS:], mirrored[::-1, :, :UNITS]], axis=2)
    assert run(network, x, state).outputs[0].data.tobytes() == want.tobytes()


def test_from_piece_to_piece_only_the_forward_direction_is_carried():
    network = network_of()
    states = network.graph.initial_states(network.weights, 2)
    x = random_signal((8, 8), 3, dtype=np.float32)
    whole = forward(network, x, states, Mode()).output.data
    first = forward(network, Signal(x.data[:5], x.start, x.stop - 3), states, Mode())
    carried = network.graph.carried(first.states, network.weights)
    second = forward(network, Signal(x.data[5:], x.start, x.stop - 5), carried, Mode()).output.data
    fresh = forward(network, Signal(x.data[5:], x.start, x.stop - 5), states, Mode()).output.data
    assert second[..., :UNITS].tobytes() == whole[5:, :, :UNITS].tobytes()
    assert second[..., UNITS:].tobytes() == fresh[..., UNITS:].tobytes()
    assert second[..., UNITS:].tobytes() == whole[5:, :, UNITS:].tobytes()


def test_sizes_of_learnables_and_states():
    shapes = {name: array.shape for name, array in network_of().weights["biLSTM"].items()}
    assert shapes == {
        "InputWeights": (8 * UNITS, 3),
        "RecurrentWeights": (8 * UNITS, UNITS),
        "Bias": (8 * UNITS,),
        "HiddenState": (2 * UNITS,),
        "CellState": (2 * UNITS,),
    }


def test_given_states_are_forward_then_backward():
    given = ", HiddenState: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    network = build(f"sequenceInput: 3, bilstm: {{NumHiddenUnits: {UNITS}{given}}}, regression")
    states = network.graph.initial_states(network.weights, 3)
    np.testing.assert_array_equal(states["biLSTM"][0], np.tile(np.arange(1, 11, dtype=np.float32), (3, 1)))
    assert (states["biLSTM"][1] == 0).all()
    with pytest.raises(SpecError, match="`CellState` of bilstm `biLSTM` must be 10-by-1, got 5-by-1"):
        network_of(", CellState: [1, 2, 3, 4, 5]")


def test_the_input_size_must_agree():
    with pytest.raises(SpecError, match=r"bilstm `biLSTM` has `InputSize` 5, but .* gives 3 channels"):
        network_of(", InputSize: 5")
