"""lstm: output modes, activations, states and sizes."""

import naive
import numpy as np
import pytest
from layers.example import VECTORS, Example, Size
from layers.networks import answers, build, node_of, random_sequences, random_signal, randomize

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode
from lstmcli.layers.recurrent import GATE_ACTIVATIONS, STATE_ACTIVATIONS
from lstmcli.passes import forward

PROPERTIES = """Name NumHiddenUnits OutputMode InputSize StateActivationFunction GateActivationFunction
    HasStateInputs HasStateOutputs HiddenState CellState InputWeightsInitializer RecurrentWeightsInitializer
    BiasInitializer InputWeights RecurrentWeights Bias InputWeightsLearnRateFactor
    RecurrentWeightsLearnRateFactor BiasLearnRateFactor InputWeightsL2Factor RecurrentWeightsL2Factor
    BiasL2Factor"""
REQUIRED = ("NumHiddenUnits: 3",)
STATES = Size(3, None)
EXAMPLES = (
    *(
        Example(f"lstm: {properties}", once="last" in properties)
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
            f"lstm: {{NumHiddenUnits: 3, HasStateInputs: true, {properties}inputs: [b, a/hidden, a/cell]}}",
            (VECTORS, STATES, STATES),
            network="sequenceInput: 4, lstm: {NumHiddenUnits: 3, HasStateOutputs: true, Name: a}, "
            "fullyConnected: {OutputSize: 4, Name: b}, {}, fullyConnected: 2, regression",
        )
        for properties in ("", "OutputMode: last, HasStateOutputs: true, ")
    ),
)

LENGTHS = (9, 1, 4, 6)
GATES = {"sigmoid": naive.sigmoid, "hard-sigmoid": naive.hard_sigmoid}
CANDIDATES = {"tanh": np.tanh, "softsign": naive.softsign, "relu": naive.relu}


def network_of(properties, scale=0.5):
    return randomize(build(f"sequenceInput: 3, lstm: {{{properties}}}, regression"), scale)


def run(network, x, state):
    node = node_of(network, "lstm")
    return node.layer.forward(network.weights[node.name], (x,), state, Mode())


def random_state(observations, units):
    random = np.random.default_rng(5)
    return tuple(random.standard_normal((observations, units)).astype(np.float32) for _ in range(2))


def recurrence(weights, x, h, c, gate, state):
    """h_1 ... h_T and c_T of one sequence x[T, C], from the equations of the lstmLayer page."""
    W, R, b = (weights[name].astype(np.float64) for name in ("InputWeights", "RecurrentWeights", "Bias"))
    Wi, Wf, Wg, Wo = np.split(W, 4)
    Ri, Rf, Rg, Ro = np.split(R, 4)
    bi, bf, bg, bo = np.split(b, 4)
    hs = []
    for xt in x.astype(np.float64):
        i, f = gate(Wi @ xt + Ri @ h + bi), gate(Wf @ xt + Rf @ h + bf)
        g, o = state(Wg @ xt + Rg @ h + bg), gate(Wo @ xt + Ro @ h + bo)
        c = f * c + i * g
        h = o * state(c)
        hs.append(h)
    return np.array(hs), c


@pytest.mark.parametrize("mode", ["sequence", "last"])
@pytest.mark.parametrize("state", STATE_ACTIVATIONS)
@pytest.mark.parametrize("gate", GATE_ACTIVATIONS)
def test_outputs_and_states_follow_the_equations(gate, state, mode):
    network = network_of(
        f"NumHiddenUnits: 18, OutputMode: {mode}, "
        f"GateActivationFunction: {gate}, StateActivationFunction: {state}",
        scale=0.3,
    )
    x = random_signal(LENGTHS, 3, dtype=np.float32)
    h0, c0 = random_state(len(LENGTHS), 18)
    got = run(network, x, (h0, c0))
    for n, steps in enumerate(LENGTHS):
        start = h0[n].astype(np.float64), c0[n].astype(np.float64)
        h, c = recurrence(network.weights["lstm"], x.data[:steps, n], *start, GATES[gate], CANDIDATES[state])
        y = got.outputs[0].data[:steps, n] if mode == "sequence" else got.outputs[0].data[n]
        np.testing.assert_allclose(y, h if mode == "sequence" else h[-1], rtol=2e-6, atol=2e-6)
        np.testing.assert_allclose(got.state[0][n], h[-1], rtol=2e-6, atol=2e-6)
        np.testing.assert_allclose(got.state[1][n], c, rtol=2e-6, atol=2e-6)


def test_the_activations_differ():
    x = random_signal(LENGTHS, 3, dtype=np.float32)
    outputs = {
        run(
            network_of(f"NumHiddenUnits: 4, GateActivationFunction: {g}, StateActivationFunction: {s}"),
            x,
            random_state(len(LENGTHS), 4),
        )
        .outputs[0]
        .data.tobytes()
        for g in GATE_ACTIVATIONS
        for s in STATE_ACTIVATIONS
    }
    assert len(outputs) == 6


@pytest.mark.parametrize("side", ["left", "right"])
def test_last_is_the_last_real_step_or_the_last_of_all_where_padding_is_data(side):
    every, last = (network_of(f"NumHiddenUnits: 4, OutputMode: {mode}") for mode in ("sequence", "last"))
    state = random_state(len(LENGTHS), 4)
    masked = random_signal(LENGTHS, 3, side=side, dtype=np.float32)
    data = masked._replace(start=0 * masked.start, stop=0 * masked.stop + max(LENGTHS))
    for x in (masked, data):
        outputs = run(every, x, state).outputs[0].data
        want = outputs[x.stop - 1, np.arange(len(LENGTHS))]
        assert run(last, x, state).outputs[0].data.tobytes() == want.tobytes()


def test_masked_steps_give_zero_and_keep_the_state():
    network = network_of("NumHiddenUnits: 4")
    x = random_signal((3, 0), 3, side="left", dtype=np.float32)
    state = random_state(2, 4)
    got = run(network, x, state)
    assert (got.outputs[0].data[:, 1] == 0).all()
    assert got.state[0][1].tobytes() == state[0][1].tobytes()
    assert got.state[1][1].tobytes() == state[1][1].tobytes()


def test_given_states_are_where_every_sequence_starts():
    given = "HiddenState: [0.5, -0.25], CellState: [[2], [-1]]"
    network = build(f"sequenceInput: 3, lstm: {{NumHiddenUnits: 2, OutputMode: last, {given}}}, regression")
    h0, c0 = np.array([0.5, -0.25]), np.array([2.0, -1.0])
    sequences = random_sequences((4, 7, 1), 3)
    found = answers(network, sequences, mask_padding=True)
    for n, answer in enumerate(found):
        x = sequences.values[sequences.offsets[n] : sequences.offsets[n + 1]]
        h, _ = recurrence(network.weights["lstm"], x, h0, c0, naive.sigmoid, np.tanh)
        np.testing.assert_allclose(answer, h[-1], rtol=1e-6, atol=1e-6)


def test_states_are_zero_unless_given():
    weights = build("sequenceInput: 3, lstm: 5, regression").weights["lstm"]
    assert (weights["HiddenState"] == 0).all()
    assert (weights["CellState"] == 0).all()


def test_the_state_goes_on_from_piece_to_piece():
    network = network_of("NumHiddenUnits: 4")
    x = random_signal((8, 8), 3, dtype=np.float32)
    states = network.graph.initial_states(network.weights, 2)
    whole = forward(network, x, states, Mode())
    first = forward(network, x._replace(data=x.data[:5], stop=x.stop - 3), states, Mode())
    carried = network.graph.carried(first.states, network.weights)
    second = forward(network, x._replace(data=x.data[5:], stop=x.stop - 5), carried, Mode())
    joined = np.concatenate([first.output.data, second.output.data])
    assert joined.tobytes() == whole.output.data.tobytes()


def test_the_input_size_is_taken_from_the_layer_before_or_must_agree():
    assert network_of("NumHiddenUnits: 4, InputSize: 3").weights["lstm"]["InputWeights"].shape == (16, 3)
    with pytest.raises(SpecError, match=r"lstm `lstm` has `InputSize` 5, but .* before it gives 3 channels"):
        network_of("NumHiddenUnits: 4, InputSize: 5")
