"""A sequence that comes step by step is answered as it is in one piece."""

from dataclasses import replace

import numpy as np
import pytest
from layers.networks import build, options, random_sequences, randomize

from lstmcli.prediction import Stream, predict

NETWORKS = [
    "lstm: 20, fullyConnected: 4, softmax, classification",
    "lstm: 7, dropout, lstm: 30, fullyConnected: 2, regression",
    "lstm: {NumHiddenUnits: 20, GateActivationFunction: hard-sigmoid}, regression",
    "peepholeLSTM: 20, peepholeLSTM: {NumHiddenUnits: 9, StateActivationFunction: softsign}, regression",
    "gru: 20, gru: {NumHiddenUnits: 7, ResetGateMode: before-multiplication}, regression",
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layers", NETWORKS)
def test_steps_have_the_bits_of_the_whole_sequence(layers, dtype):
    network = randomize(
        build(f"sequenceInput: {{InputSize: 3, Normalization: zscore}}, {layers}", dtype=dtype)
    )
    sequences = random_sequences((40,), 3)
    [(_, whole, _)] = predict(network, sequences, options())
    stream = Stream(network)
    steps = [stream.step(row) for row in sequences.values.astype(dtype)]
    assert np.array(steps).tobytes() == whole.tobytes()


def test_a_network_that_answers_once_answers_for_the_steps_so_far():
    network = randomize(build("sequenceInput: 3, lstm: {NumHiddenUnits: 9, OutputMode: last}, regression"))
    sequences, stream = random_sequences((12,), 3), Stream(network)
    for count, row in enumerate(sequences.values, 1):
        so_far = replace(sequences, values=sequences.values[:count], offsets=np.array([0, count]))
        [(_, wanted, _)] = predict(network, so_far, options())
        assert stream.step(row).tobytes() == wanted.tobytes()


def test_streams_do_not_disturb_one_another():
    network = randomize(build("sequenceInput: 3, lstm: 20, fullyConnected: 2, regression"))
    one, two = (random_sequences((10,), 3, seed).values for seed in (1, 2))
    alone = [answer for rows in (one, two) for answer in answers(Stream(network), rows)]
    first, second = Stream(network), Stream(network)
    pairs = [(first.step(a).tobytes(), second.step(b).tobytes()) for a, b in zip(one, two, strict=True)]
    assert [a for a, _ in pairs] + [b for _, b in pairs] == alone


def answers(stream, rows):
    return [stream.step(row).tobytes() for row in rows]
