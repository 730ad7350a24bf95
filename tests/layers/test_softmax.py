"""softmax: the formula over the channels of each step, also where exp would overflow."""

import naive
import numpy as np
import pytest
from layers.example import IMAGES, ONCE, Example
from layers.networks import answers, build, node_of, random_sequences

from lstmcli.layers.layer import Mode
from lstmcli.records import Signal

PROPERTIES = "Name"
EXAMPLES = (Example("softmax"), Example("softmax", (ONCE,)), Example("softmax", (IMAGES,)))


def softmax(x):
    layer = node_of(build("sequenceInput: 1, softmax, classification"), "softmax").layer
    signal = Signal(x, np.zeros(x.shape[-2], np.int32), np.ones(x.shape[-2], np.int32))
    return layer.forward({}, (signal,), (), Mode()).outputs[0].data


@pytest.mark.parametrize("channels", [1, 2, 9, 100])
@pytest.mark.parametrize("scale", [1e-3, 1, 30])
def test_scores_are_exponentials_over_their_sum(channels, scale):
    x = (scale * np.random.default_rng(0).standard_normal((4, 3, channels))).astype(np.float32)
    y = softmax(x)
    want = naive.softmax(x.reshape(-1, channels)).reshape(x.shape)
    np.testing.assert_allclose(y, want, rtol=2e-5, atol=1e-7)
    np.testing.assert_allclose(y.sum(axis=-1), 1, rtol=1e-6)


def test_large_inputs_do_not_overflow():
    x = np.array([[1000, 999, -1000], [-3e38, -3e38, -3e38], [3e38, 0, -3e38]], np.float32)
    e = 1 / (1 + np.exp(-1))
    np.testing.assert_allclose(softmax(x), [[e, 1 - e, 0], [1 / 3, 1 / 3, 1 / 3], [1, 0, 0]], rtol=1e-6)


def test_a_network_without_any_arrays_predicts():
    network, sequences = build("sequenceInput: 3, softmax, classification"), random_sequences([4, 2], 3)
    found = np.concatenate(answers(network, sequences))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, naive.softmax(sequences.values), rtol=1e-6)


def test_a_step_does_not_see_the_others():
    x = np.random.default_rng(0).standard_normal((4, 3, 5)).astype(np.float32)
    alone = softmax(x[2:3, 1:2])
    assert softmax(x)[2:3, 1:2].tobytes() == alone.tobytes()
