"""gru: reset gate modes, output modes, activations, states and sizes."""

import naive
import numpy as np
import pytest
from layers.example import VECTORS, Example, Size
from layers.networks import answers, build, node_of, random_sequences, random_signal, randomize

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode
from lstmcli.layers.recurrent import GATE_ACTIVATIONS, STATE_ACTIVATIONS
from lstmcli.passes import forward

PROPERTIES = """Name NumHiddenUnits OutputMode ResetGateMode InputSize StateActivationFunction
    GateActivationFunction HasStateInputs HasStateOutputs HiddenState InputWeightsInitializer
    RecurrentWeightsInitializer BiasInitializer InputWeights RecurrentWeights Bias InputWeightsLearnRateFactor
    RecurrentWeightsLearnRateFactor BiasLearnRateFactor InputWeightsL2Factor RecurrentWeightsL2Factor
    BiasL2Factor"""
REQUIRED = ("NumHiddenUnits: 3",)
AFTER, BEFORE, BOTH = (
    "after-multiplication",
    "before-multiplication",
    "recurrent-bias-after-multiplication",
)
EXAMPLES = (
    *(
        Example(f"gru: {properties}", once="last" in properties)
        for properties in (
            "{NumHiddenUnits: 3}",
            f"{{NumHiddenUnits: 17, OutputMode: last, InputSize: 4, ResetGateMode: {BEFORE}}}",
            f"{{NumHiddenUnits: 18, ResetGateMode: {BOTH}, BiasLearnRateFactor: [1, 2, 3]}}",
            "{NumHiddenUnits: 2, StateActivationFunction: softsign, GateActivationFunction: hard-sigmoid}",
            f"{{NumHiddenUnits: 5, StateActivationFunction: relu, OutputMode: last, ResetGateMode: {BOTH}}}",
            f"{{NumHiddenUnits: 3, HasStateOutputs: true, ResetGateMode: {BEFORE}}}",
        )
    ),
    *(
        Example(
            f"gru: {{NumHiddenUnits: 3, HasStateInputs: true, {properties}inputs: [b, a/hidden]}}",
            (VECTORS, Size(3, None)),
            network="sequenceInput: 4, gru: {NumHiddenUnits: 3, HasStateOutputs: true, Name: a}, "
            "fullyConnected: {OutputSize: 4, Name: b}, {}, fullyConnected: 2, regression",
        )
        for properties in ("", f"OutputMode: last, HasStateOutputs: true, ResetGateMode: {BEFORE}, ")
    ),
)

LENGTHS = (9, 1, 4, 6)
MODES = (AFTER, BEFORE, BOTH)
GATES = {"sigmoid": naive.sigmoid, "hard-sigmoid": naive.hard_sigmoid}
STATES = {"tanh": np.tanh, "softsign": naive.softsign, "relu": naive.relu}


def network_of(properties, scale=0.5):
    return randomize(build(f"sequenceInput: 3, gru: {{{properties}}}, regression"), scale)


def run(network, x, state):
    node = node_of(network, "gru")
    return node.layer.forward(network.weights[node.name], (x,), state, Mode())


def random_state(observations, units):
    return (np.random.default_rng(5).standard_normal((observations, units)).astype(np.float32),)


def recurrence(weights, x, h, mode, gate=naive.sigmoid, state=np.tanh):
    """h_1 ... h_T of one sequence x[T, C], from the equations of the gruLayer page."""
    W, R, b = (weights[name].astype(np.float64) for name in ("InputWeights", "RecurrentWeights", "Bias"))
    Wr, Wz, Wh = np.split(W, 3)
    Rr, Rz, Rh = np.split(R, 3)
    br, bz, bh, cr, cz, ch = (*np.split(b, 3), 0, 0, 0) if mode != BOTH else np.split(b, 6)
    hs = []
    for xt in x.astype(np.float64):
        r, z = gate(Wr @ xt + br + Rr @ h + cr), gate(Wz @ xt + bz + Rz @ h + cz)
        recurrent = Rh @ (r * h) if mode == BEFORE else r * (Rh @ h + ch)
        h = (1 - z) * state(Wh @ xt + bh + recurrent) + z * h
        hs.append(h)
    return np.array(hs)


@pytest.mark.parametrize("output", ["sequence", "last"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("state", STATE_ACTIVATIONS)
@pytest.mark.parametrize("gate", GATE_ACTIVATIONS)
def test_outputs_and_states_follow_the_equations(gate, state, mode, output):
    network = network_of(
        f"NumHiddenUnits: 18, OutputMode: {output}, ResetGateMode: {mode}, "
        f"GateActivationFunction: {gate}, StateActivationFunction: {state}",
        scale=0.3,
    )
    x = random_signal(LENGTHS, 3, dtype=np.float32)
    (h0,) = random_state(len(LENGTHS), 18)
    got = run(network, x, (h0,))
    for n, steps in enumerate(LENGTHS):
        functions = GATES[gate], STATES[state]
        h = recurrence(network.weights["gru"], x.data[:steps, n], h0[n].astype(np.float64), mode, *functions)
        y = got.outputs[0].data[:steps, n] if output == "sequence" else got.outputs[0].data[n]
        np.testing.assert_allclose(y, h if output == "sequence" else h[-1], rtol=2e-6, atol=2e-6)
        np.testing.assert_allclose(got.state[0][n], h[-1], rtol=2e-6, atol=2e-6)


def test_the_activations_and_the_modes_differ():
    x = random_signal(LENGTHS, 3, dtype=np.float32)
    outputs = {
        run(
            network_of(
                f"NumHiddenUnits: 4, ResetGateMode: {mode}, "
                f"GateActivationFunction: {g}, StateActivationFunction: {s}"
            ),
            x,
            random_state(len(LENGTHS), 4),
        )
        .outputs[0]
        .data.tobytes()
        for g in GATE_ACTIVATIONS
        for s in STATE_ACTIVATIONS
        for mode in MODES
    }
    assert len(outputs) == 18


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("side", ["left", "right"])
def test_last_is_the_last_real_step_or_the_last_of_all_where_padding_is_data(side, mode):
    every, last = (
        network_of(f"NumHiddenUnits: 4, OutputMode: {output}, ResetGateMode: {mode}")
        for output in ("sequence", "last")
    )
    state = random_state(len(LENGTHS), 4)
    masked = random_signal(LENGTHS, 3, side=side, dtype=np.float32)
    data = masked._replace(start=0 * masked.start, stop=0 * masked.stop + max(LENGTHS))
    for x in (masked, data):
        outputs = run(every, x, state).outputs[0].data
        want = outputs[x.stop - 1, np.arange(len(LENGTHS))]
        assert run(last, x, state).outputs[0].data.tobytes() == want.tobytes()


def test_masked_steps_give_zero_and_keep_the_state():
    x = random_signal((3, 0), 3, side="left", dtype=np.float32)
    state = random_state(2, 4)
    got = run(network_of("NumHiddenUnits: 4"), x, state)
    assert (got.outputs[0].data[:, 1] == 0).all()
    assert got.state[0][1].tobytes() == state[0][1].tobytes()


@pytest.mark.parametrize("mode", MODES)
def test_a_given_state_is_where_every_sequence_starts(mode):
    given = f"HiddenState: [[0.5], [-0.25]], ResetGateMode: {mode}"
    network = build(f"sequenceInput: 3, gru: {{NumHiddenUnits: 2, OutputMode: last, {given}}}, regression")
    sequences = random_sequences((4, 7, 1), 3)
    found = answers(network, sequences, mask_padding=True)
    for n, answer in enumerate(found):
        x = sequences.values[sequences.offsets[n] : sequences.offsets[n + 1]]
        h = recurrence(network.weights["gru"], x, np.array([0.5, -0.25]), mode)
        np.testing.assert_allclose(answer, h[-1], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("mode", "rows"), [(AFTER, 15), (BEFORE, 15), (BOTH, 30)])
def test_sizes_and_what_is_drawn(mode, rows):
    own = build(f"sequenceInput: 3, gru: {{NumHiddenUnits: 5, ResetGateMode: {mode}}}, regression").weights
    assert {name: array.shape for name, array in own["gru"].items()} == {
        "InputWeights": (15, 3),
        "RecurrentWeights": (15, 5),
        "Bias": (rows,),
        "HiddenState": (5,),
    }
    assert not own["gru"]["Bias"].any()
    assert not own["gru"]["HiddenState"].any()
    assert np.abs(own["gru"]["InputWeights"]).max() <= np.sqrt(6 / (3 + 15))
    R = own["gru"]["RecurrentWeights"]
    np.testing.assert_allclose(R.T @ R, np.eye(5), atol=1e-6)


def test_the_bias_of_the_recurrent_weights_is_given_below_that_of_the_input_weights():
    given = "[" + ", ".join(map(str, range(12))) + "]"
    network = build(
        f"sequenceInput: 3, gru: {{NumHiddenUnits: 2, ResetGateMode: {BOTH}, Bias: {given}}}, regression"
    )
    np.testing.assert_array_equal(network.weights["gru"]["Bias"], np.arange(12))
    with pytest.raises(SpecError, match="`Bias` of gru `gru` must be 6-by-1, got 12-by-1"):
        build(f"sequenceInput: 3, gru: {{NumHiddenUnits: 2, Bias: {given}}}, regression")


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


def test_what_does_not_go_together_is_refused():
    with pytest.raises(SpecError, match=r"gru `gru` has `InputSize` 5, but .* before it gives 3 channels"):
        network_of("NumHiddenUnits: 4, InputSize: 5")
    with pytest.raises(SpecError, match="`HiddenState` of gru comes in by a port: `HasStateInputs` is on"):
        network_of("NumHiddenUnits: 1, HiddenState: [1], HasStateInputs: true")
    with pytest.raises(SpecError, match="`CellState` is not a property of gru"):
        network_of("NumHiddenUnits: 1, CellState: [1]")
