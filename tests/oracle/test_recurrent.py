"""lstm, bilstm, gru and peepholeLSTM against ONNX Runtime, layer by layer and as whole networks."""

import numpy as np
import pytest
from layers.networks import answers, build, node_of, random_sequences, random_signal
from oracle import onnx_networks as onnx

from lstmcli.graph import Network
from lstmcli.layers.layer import Mode

TOLERANCE = 2e-6
"""Of the largest number, or of 1 where all are smaller."""
CHANNELS = 5
LENGTHS = (12, 1, 7, 30, 2, 19)
WORDS = tuple(onnx.RECURRENT)
MODES = ("after-multiplication", "before-multiplication", "recurrent-bias-after-multiplication")


def network_of(layers):
    """A network with random weights that keep the outputs about 1, whatever the number of units."""
    network = build(f"sequenceInput: {CHANNELS}, {layers}")
    random = np.random.default_rng(0)
    # Nothing bounds what relu gives.
    scale = 0.4 if "relu" in layers else 1
    weights = {name: dict(own) for name, own in network.weights.items()}
    for own in weights.values():
        for name, array in own.items():
            if not name.startswith("Response"):
                # Nor the cells, where peepholes hold the gates open.
                alone = 400 if name == "PeepholeWeights" else 4
                fan_in = array.shape[1] if array.ndim == 2 else alone
                own[name] = random.normal(0, scale / np.sqrt(fan_in), array.shape).astype(np.float32)
    return Network(network.graph, weights)


def check(word, properties, masked, lengths=LENGTHS):
    """All steps, the last step and the states of one layer, in float32 both; the largest difference."""
    outputs = {}
    for mode in ("sequence", "last"):
        network = network_of(f"{word}: {{{properties}, OutputMode: {mode}}}, regression")
        node = node_of(network, word)
        x = random_signal(lengths, CHANNELS, dtype=np.float32)
        if not masked:
            x = x._replace(stop=np.full_like(x.stop, max(lengths)))
        states = network.graph.initial_states(network.weights, len(lengths))[node.name]
        outputs[mode] = node.layer.forward(network.weights[node.name], (x,), states, Mode())
    builder = onnx.Builder()
    add, weights = onnx.RECURRENT[word], network.weights[node.name]
    names = add(builder, "x", node.layer, weights, len(lengths), masked)
    every, *states = builder.run(x.data, lengths if masked else None, list(names))
    pairs = [
        (outputs["sequence"].outputs[0].data, every),
        (outputs["last"].outputs[0].data, states[0]),
        *zip(outputs["last"].state, states, strict=True),
    ]
    assert all(got.shape == want.shape and 0.1 < np.abs(want).max() < 10 for got, want in pairs)
    difference = max(np.abs(got - want).max() / max(1, np.abs(want).max()) for got, want in pairs)
    assert difference <= TOLERANCE
    return difference


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("units", [1, 17, 100, 200])
@pytest.mark.parametrize("word", WORDS)
def test_any_number_of_units(word, units, masked):
    check(word, f"NumHiddenUnits: {units}", masked)


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("state", onnx.STATES)
@pytest.mark.parametrize("gate", onnx.GATES)
@pytest.mark.parametrize("word", WORDS)
def test_every_activation(word, gate, state, masked):
    activations = f"GateActivationFunction: {gate}, StateActivationFunction: {state}"
    check(word, f"NumHiddenUnits: 17, {activations}", masked)


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("units", [1, 17, 100])
@pytest.mark.parametrize("mode", MODES)
def test_every_reset_gate_mode(mode, units, masked):
    check("gru", f"NumHiddenUnits: {units}, ResetGateMode: {mode}", masked)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("word", WORDS)
def test_random_lengths(word, seed):
    random = np.random.default_rng(seed)
    lengths = random.integers(1, 40, size=random.integers(1, 50))
    check(word, f"NumHiddenUnits: {random.integers(1, 70)}", True, tuple(map(int, lengths)))


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("mode", ["sequence", "last"])
@pytest.mark.parametrize(
    "layers", ["lstm", "bilstm", "gru", "lstm bilstm", "bilstm gru lstm", "peepholeLSTM"]
)
def test_whole_networks(layers, mode, masked):
    *before, final = layers.split()
    text = "".join(f"{word}: {{NumHiddenUnits: 33}}, " for word in before)
    text += f"{final}: {{NumHiddenUnits: 20, OutputMode: {mode}}}, "
    network = network_of(f"{text}fullyConnected: 9, softmax, classification")
    sequences = random_sequences(LENGTHS, CHANNELS)
    x = np.zeros((max(LENGTHS), len(LENGTHS), CHANNELS), np.float32)
    for n, first in enumerate(sequences.offsets[:-1]):
        x[: LENGTHS[n], n] = sequences.values[first : first + LENGTHS[n]]
    builder, signal = onnx.Builder(), "x"
    nodes = [node for node in network.graph.nodes if node.layer.word in WORDS]
    for node in nodes:
        add, weights = onnx.RECURRENT[node.layer.word], network.weights[node.name]
        every, last, *_ = add(builder, signal, node.layer, weights, len(LENGTHS), masked)
        signal = last if node.layer.output_mode == "last" else every
    scores = onnx.softmax(builder, onnx.fully_connected(builder, signal, network.weights["fc"]))
    (want,) = builder.run(x, LENGTHS if masked else None, [scores])
    got = answers(network, sequences, mask_padding=masked)
    for n, steps in enumerate(LENGTHS):
        expected = want[n] if mode == "last" else want[:steps, n]
        assert got[n].shape == expected.shape
        assert np.abs(got[n] - expected).max() <= TOLERANCE


@pytest.mark.heavy
@pytest.mark.parametrize("seed", range(200))
def test_random_networks(seed):
    random = np.random.default_rng(seed)
    word, gate, state = (random.choice(list(choices)) for choices in (WORDS, onnx.GATES, onnx.STATES))
    units = random.integers(1, 300)
    activations = f"GateActivationFunction: {gate}, StateActivationFunction: {state}"
    if word == "gru":
        activations += f", ResetGateMode: {random.choice(MODES)}"
    lengths = random.integers(1, 100, size=random.integers(1, 80))
    masked = bool(random.integers(2))
    check(word, f"NumHiddenUnits: {units}, {activations}", masked, tuple(map(int, lengths)))
