"""Without MaskPadding the layers see padding as data, as in MATLAB; and what shortest cuts off."""

from dataclasses import replace

import naive
import numpy as np
import pytest
from layers.networks import (
    answers,
    build,
    one_by_one,
    options,
    randomize,
)
from layers.stacks import (
    CHANNELS,
    ENDS,
    LENGTHS,
    LSTM,
    alone,
    bits,
    uneven_sequences,
)

from lstmcli.prediction import predict


@pytest.fixture
def sequences():
    return uneven_sequences()


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
    given = options(sequence_length="shortest", sequence_padding_direction=side, mask_padding=masked)
    for answer in predict(network, three, given):
        assert answer.first_step == (LENGTHS[answer.row] - 1 if side == "left" else 0)
        step = three.offsets[answer.row] + answer.first_step
        one = replace(three, values=three.values[step : step + 1], offsets=np.array([0, 1]), ids=("1",))
        assert answer.values.tobytes() == answers(network, one)[0].tobytes()
