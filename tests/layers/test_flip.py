"""flip: steps from the last to the first, of what counts; two grus and a flip are a bidirectional GRU."""

import naive
import numpy as np
import pytest
from layers.example import IMAGES, Example
from layers.networks import answers, build, random_sequences, random_signal, randomize, signal_of_size
from layers.poolings import LENGTHS, every_side, fault_of, forward, gradient, listed

from lstmcli.kernels.activations import SIGMOID, TANH
from lstmcli.kernels.flip import flip_steps
from lstmcli.kernels.memory import Memory
from lstmcli.thread_count import set_threads

PROPERTIES = "Name"
EXAMPLES = (
    Example("flip"),
    Example("flip", (IMAGES,)),
    Example(
        "flip: {inputs: a}",
        network="sequenceInput: {InputSize: 4, Name: a}, "
        "gru: {NumHiddenUnits: 3, OutputMode: last, Name: f}, {}, "
        "gru: {NumHiddenUnits: 3, OutputMode: last, Name: b}, "
        "concatenation: {Dim: 1, NumInputs: 2, inputs: [f, b]}, fullyConnected: 2, regression",
    ),
)
BIDIRECTIONAL = (
    "sequenceInput: {InputSize: 5, Name: x}, gru: {NumHiddenUnits: 4, ResetGateMode: "
    "recurrent-bias-after-multiplication, Name: forward}, flip: {inputs: x}, gru: {NumHiddenUnits: 4, "
    "ResetGateMode: recurrent-bias-after-multiplication, Name: backward}, flip: {Name: again}, "
    "concatenation: {Dim: 1, NumInputs: 2, inputs: [forward, again]}, regression"
)


@every_side
def test_what_counts_is_reversed_and_the_rest_stays(side):
    for x in (random_signal(LENGTHS, 4, side=side), signal_of_size(IMAGES, LENGTHS, side=side)):
        want = x.data.copy()
        for b, (first, last) in enumerate(zip(x.start, x.stop, strict=True)):
            want[first:last, b] = x.data[first:last, b][::-1]
        assert forward("flip", x).data.tobytes() == want.tobytes()
        assert gradient("flip", x, x.data).tobytes() == want.tobytes()


def test_it_is_the_same_for_any_number_of_threads():
    x = np.random.default_rng(0).normal(size=(301, 9, 23)).astype(np.float32)
    start = np.arange(9, dtype=np.int32)
    stop = start + np.array([0, 1, 2, 290, 291, 100, 7, 200, 280], np.int32)
    want = x.copy()
    for b in range(9):
        want[start[b] : stop[b], b] = x[start[b] : stop[b], b][::-1]
    for threads in (1, 2, 3):
        set_threads(threads)
        assert flip_steps(x, start, stop, Memory()).tobytes() == want.tobytes()


@pytest.mark.parametrize("masked", [False, True])
def test_two_grus_and_flips_are_a_bidirectional_gru(masked):
    network = randomize(build(BIDIRECTIONAL))
    sequences = random_sequences([6, 2, 9], 5)
    both = [network.weights[name] for name in ("forward", "backward")]
    for k, got in enumerate(answers(network, sequences, mask_padding=masked)):
        x = sequences.values[sequences.offsets[k] : sequences.offsets[k + 1]]
        if not masked:
            x = np.concatenate([x, np.zeros((9 - len(x), 5), np.float32)])
        want = np.concatenate([naive_gru(both[0], x), naive_gru(both[1], x[::-1])[::-1]], axis=1)
        np.testing.assert_allclose(got, want[: len(got)], rtol=0, atol=2e-6)


def naive_gru(weights, x):
    W, R, b, h0 = (weights[name] for name in ("InputWeights", "RecurrentWeights", "Bias", "HiddenState"))
    start, stop = np.zeros(1, np.int32), np.full(1, len(x), np.int32)
    how = start, stop, SIGMOID, TANH, False
    return naive.gru_forward(x[:, None], W, R, b, h0[None], *how)[0][:, 0]


def test_how_it_is_listed():
    assert listed("flip") == "Flip of the time steps"


def test_faults():
    assert "needs a time axis, but" in fault_of("sequenceInput: 3, indexing1d, flip")
    assert "needs a time axis, but" in fault_of("sequenceInput: 3, sequenceFolding, flip")
