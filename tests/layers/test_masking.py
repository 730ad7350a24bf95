"""MaskPadding: an answer never depends on what it was computed with; without it padding is data."""

import sys
from dataclasses import replace

import naive
import numpy as np
import pytest
from layers.networks import (
    answers,
    build,
    one_by_one,
    options,
    random_sequences,
    random_targets,
    randomize,
)

from lstmcli.kernels import set_threads
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import make_mini_batch
from lstmcli.training.pass_over import learn_from

CHANNELS = 3
LENGTHS = (7, 1, 12, 12, 3, 8, 2, 9)
ZSCORE = "sequenceInput: {InputSize: 3, Normalization: zscore}"
ENDS = {
    "classification": "fullyConnected: 4, softmax, classification",
    "regression": "fullyConnected: 2, regression",
}
LSTM = {
    "lstm last": "lstm: {NumHiddenUnits: 18, OutputMode: last}",
    "lstm sequence": "lstm: 18",
    "deep lstm last": "lstm: 5, dropout: 0.5, lstm: 20, fullyConnected: 6, "
    "lstm: {NumHiddenUnits: 4, OutputMode: last}",
    "deep lstm sequence": "fullyConnected: 5, lstm: 5, softmax, lstm: {NumHiddenUnits: 17, "
    "StateActivationFunction: softsign, GateActivationFunction: hard-sigmoid}",
    "relu lstm": "lstm: {NumHiddenUnits: 6, StateActivationFunction: relu, OutputMode: last}",
    "no time": "fullyConnected: 70, softmax",
}
BILSTM = {
    "bilstm last": "bilstm: {NumHiddenUnits: 18, OutputMode: last}",
    "bilstm sequence": "bilstm: 18",
    "deep bilstm": "bilstm: 5, dropout, bilstm: {NumHiddenUnits: 17, OutputMode: last}",
    "bilstm and lstm": "lstm: 4, bilstm: 3, softmax, lstm: {NumHiddenUnits: 5, OutputMode: last}",
}
STACKS = {**LSTM, **BILSTM}
every_stack = pytest.mark.parametrize("stack", STACKS)
every_end = pytest.mark.parametrize("end", ENDS)


def network_of(stack, end, **changes):
    return randomize(build(f"{ZSCORE}, {STACKS[stack]}, {ENDS[end]}", **changes))


def bits(arrays):
    return [array.tobytes() for array in arrays]


@pytest.fixture
def sequences():
    return random_sequences(LENGTHS, CHANNELS)


def alone(network, sequences):
    """The answer to each sequence when it is all there is."""
    return bits(answer for one in one_by_one(sequences) for answer in answers(network, one))


@every_end
@every_stack
@pytest.mark.parametrize("side", ["left", "right"])
def test_an_answer_is_the_same_alone_and_in_any_mini_batch(stack, end, side, sequences):
    network = network_of(stack, end)
    want = alone(network, sequences)
    for size in (1, 2, 3, 5, 8, 128):
        changes = {"mini_batch_size": size, "sequence_padding_direction": side, "mask_padding": True}
        assert bits(answers(network, sequences, **changes)) == want


@every_end
@every_stack
@pytest.mark.parametrize("value", [7.5, -1e30, np.inf, np.nan])
def test_an_answer_does_not_depend_on_the_padding_value(stack, end, value, sequences):
    network = network_of(stack, end)
    changes = {"sequence_padding_value": value, "sequence_padding_direction": "left", "mask_padding": True}
    assert bits(answers(network, sequences, **changes)) == alone(network, sequences)


@every_end
@pytest.mark.parametrize("stack", LSTM)
@pytest.mark.parametrize("side", ["left", "right"])
def test_an_answer_of_lstms_does_not_depend_on_how_sequences_are_split(stack, end, side, sequences):
    network = network_of(stack, end)
    want = alone(network, sequences)
    for steps in (1, 2, 3, 5, 11, 12, 13, 1000):
        for size in (1, 3, 128):
            changes = {
                "sequence_length": steps,
                "mini_batch_size": size,
                "sequence_padding_direction": side,
                "mask_padding": True,
            }
            assert bits(answers(network, sequences, **changes)) == want


@every_stack
def test_an_answer_does_not_depend_on_the_number_of_threads(stack, sequences):
    network = network_of(stack, "classification")
    one = bits(answers(network, sequences, mask_padding=True))
    if set_threads(sys.maxsize) == 1:
        pytest.skip("one processor only")
    try:
        assert bits(answers(network, sequences, mask_padding=True)) == one
    finally:
        set_threads(1)


def learn(network, sequences, targets, rows=None, **changes):
    """Loss and gradients of one mini-batch of these observations."""
    given = options(**{"mask_padding": True, **changes})
    rows = np.arange(len(sequences)) if rows is None else np.array(rows)
    batch = make_mini_batch(sequences, targets, rows, given)
    states = network.graph.initial_states(network.weights, len(rows))
    return learn_from(network, batch, states, given.mask_padding, Mode())


def largest_difference(got, want):
    """Of gradients, relative to the largest element of each learnable's."""
    pairs = [(got[layer][name], g) for layer, own in want.items() for name, g in own.items()]
    return max(np.abs(a - b).max() / np.abs(b).max() for a, b in pairs)


@every_end
@every_stack
def test_gradients_do_not_depend_on_the_side_that_is_padded_or_the_value(stack, end, sequences):
    network = network_of(stack, end)
    targets = random_targets(network, sequences)
    want = learn(network, sequences, targets)
    left = learn(network, sequences, targets, sequence_padding_direction="left")
    assert left.loss.total == pytest.approx(want.loss.total, rel=1e-12)
    assert largest_difference(left.gradients, want.gradients) <= 2e-6
    for value in (-1e30, np.inf, np.nan):
        other = learn(network, sequences, targets, sequence_padding_value=value)
        assert other.loss.total == want.loss.total
        assert largest_difference(other.gradients, want.gradients) == 0


@every_end
@every_stack
@pytest.mark.parametrize("side", ["left", "right"])
def test_gradients_of_a_mini_batch_are_the_mean_of_those_of_its_observations(stack, end, side, sequences):
    network = network_of(stack, end, dtype=np.float64)
    targets = random_targets(network, sequences)
    whole = learn(network, sequences, targets, sequence_padding_direction=side)
    parts = [learn(network, sequences, targets, rows=[n]) for n in range(len(sequences))]
    samples = sum(part.loss.samples for part in parts)
    assert samples == whole.loss.samples
    mean = {
        layer: {name: sum(p.gradients[layer][name] * p.loss.samples for p in parts) / samples for name in own}
        for layer, own in whole.gradients.items()
    }
    assert whole.loss.mean == pytest.approx(sum(p.loss.total for p in parts) / samples, rel=1e-12)
    assert largest_difference(whole.gradients, mean) <= 1e-12


def naive_network(network, x):
    """Scores [T, B, K] or [B, K] of the recurrent layer, fullyConnected and softmax, padding being data."""
    (node,) = (n for n in network.graph.nodes if n.layer.word in ("lstm", "bilstm"))
    own = network.weights[node.name]
    (T, B, _), last = x.shape, node.layer.output_mode == "last"
    directions, outputs = node.layer.directions, []
    for direction in range(directions):
        W, R, b, h0, c0 = (
            np.split(own[name], directions)[direction]
            for name in ("InputWeights", "RecurrentWeights", "Bias", "HiddenState", "CellState")
        )
        h0, c0 = np.tile(h0, (B, 1)), np.tile(c0, (B, 1))
        h, hT, _ = naive.lstm_forward(x, W, R, b, h0, c0, [0] * B, [T] * B, 0, 0, direction == 1)
        outputs.append(hT if last else h)
    h = np.concatenate(outputs, axis=-1)
    fc = network.weights["fc"]
    z = naive.fully_connected_forward(h.reshape(-1, h.shape[-1]), fc["Weights"], fc["Bias"])
    return naive.softmax(z).reshape(*h.shape[:-1], -1)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("value", [0.0, -1.5])
@pytest.mark.parametrize("mode", ["last", "sequence"])
@pytest.mark.parametrize("word", ["lstm", "bilstm"])
def test_without_masking_the_layers_see_the_padded_array(word, mode, value, side, sequences):
    layer = f"{word}: {{NumHiddenUnits: 18, OutputMode: {mode}}}"
    network = randomize(build(f"sequenceInput: 3, {layer}, {ENDS['classification']}"))
    T = max(LENGTHS)
    x = np.full((T, len(LENGTHS), CHANNELS), value)
    starts = [T - n if side == "left" else 0 for n in LENGTHS]
    for n, (one, start) in enumerate(zip(one_by_one(sequences), starts, strict=True)):
        x[start : start + LENGTHS[n], n] = one.values
    scores = naive_network(network, x)
    found = answers(network, sequences, sequence_padding_value=value, sequence_padding_direction=side)
    for n, (answer, start) in enumerate(zip(found, starts, strict=True)):
        want = scores[n] if mode == "last" else scores[start : start + LENGTHS[n], n]
        np.testing.assert_allclose(answer, want, rtol=5e-6, atol=1e-6)


@pytest.mark.parametrize(("mode", "side"), [("last", "right"), ("sequence", "left")])
@pytest.mark.parametrize("word", ["lstm", "bilstm"])
def test_without_masking_an_answer_depends_on_the_mini_batch(word, mode, side, sequences):
    layer = f"{word}: {{NumHiddenUnits: 4, OutputMode: {mode}}}"
    network = randomize(build(f"sequenceInput: 3, {layer}, {ENDS['regression']}"))
    found = bits(answers(network, sequences, sequence_padding_direction=side))
    want = alone(network, sequences)
    assert [a == b for a, b in zip(found, want, strict=True)] == [n == max(LENGTHS) for n in LENGTHS]


def test_without_masking_a_split_network_answers_after_the_last_piece(sequences):
    network = randomize(build(f"sequenceInput: 3, {LSTM['lstm last']}, {ENDS['regression']}"))
    whole = bits(answers(network, sequences))
    assert bits(answers(network, sequences, sequence_length=5)) == whole


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("masked", [True, False])
def test_shortest_cuts_on_the_side_of_the_padding(side, masked, sequences):
    network = randomize(build(f"sequenceInput: 3, {LSTM['lstm sequence']}, {ENDS['regression']}"))
    three = replace(
        sequences, values=sequences.values[:20], offsets=sequences.offsets[:4], ids=sequences.ids[:3]
    )
    found = answers(
        network, three, sequence_length="shortest", sequence_padding_direction=side, mask_padding=masked
    )
    for n, answer in enumerate(found):
        first, stop = three.offsets[n], three.offsets[n + 1]
        values = three.values[stop - 1 : stop] if side == "left" else three.values[first : first + 1]
        one = replace(three, values=values, offsets=np.array([0, 1]), ids=("1",))
        assert answer.tobytes() == answers(network, one)[0].tobytes()
