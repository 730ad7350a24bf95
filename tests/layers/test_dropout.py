"""dropout: what is dropped in training, and that nothing is in prediction."""

import numpy as np
import pytest
from layers.example import IMAGES, ONCE, Example
from layers.networks import build, node_of

from lstmcli.layers.layer import Mode
from lstmcli.records import Signal

PROPERTIES = "Name Probability"
EXAMPLES = (
    Example("dropout"),
    Example("dropout: 0.2", (IMAGES,)),
    Example("dropout: 0", (ONCE,)),
)

SHAPE = (50, 20, 100)
"""Steps, observations, channels: 1e5 elements."""


def drop(probability, seed=0, shape=SHAPE, dtype=np.float32):
    layer = node_of(build(f"sequenceInput: 1, dropout: {probability}, regression"), "dropout").layer
    start = np.zeros(shape[1], np.int32)
    x = Signal(np.full(shape, 3, dtype), start, start + shape[0])
    return layer, x, layer.forward({}, (x,), (), Mode(np.random.default_rng(seed)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("probability", [0.05, 0.2, 0.5, 0.9])
def test_the_share_that_is_dropped_and_the_scale_of_the_rest(probability, dtype):
    _, _, result = drop(probability, dtype=dtype)
    y = result.outputs[0].data
    # Six standard deviations of a share of 1e5 elements.
    assert abs((y == 0).mean() - probability) < 6 * np.sqrt(probability * (1 - probability) / y.size)
    np.testing.assert_allclose(y[y != 0], 3 / (1 - probability), rtol=1e-6)


def test_each_step_observation_and_channel_is_dropped_for_itself():
    dropped = drop(0.5)[2].outputs[0].data == 0
    for axis in range(3):
        for distance in (1, 2, 7):
            first = np.take(dropped, range(dropped.shape[axis] - distance), axis)
            second = np.take(dropped, range(distance, dropped.shape[axis]), axis)
            assert abs((first == second).mean() - 0.5) < 6 * 0.5 / np.sqrt(first.size)
        share = dropped.mean(axis=tuple({0, 1, 2} - {axis}))
        assert abs(share - 0.5).max() < 6 * 0.5 * np.sqrt(dropped.shape[axis] / dropped.size)


def test_the_mask_follows_from_the_seed_and_changes_from_pass_to_pass():
    layer, x, result = drop(0.5)
    assert result.outputs[0].data.tobytes() == drop(0.5)[2].outputs[0].data.tobytes()
    assert result.outputs[0].data.tobytes() != drop(0.5, seed=1)[2].outputs[0].data.tobytes()
    random = np.random.default_rng(0)
    first, second = (layer.forward({}, (x,), (), Mode(random)).outputs[0].data == 0 for _ in range(2))
    assert abs((first == second).mean() - 0.5) < 6 * 0.5 / np.sqrt(first.size)


def test_the_gradient_takes_the_same_mask():
    layer, _, result = drop(0.2)
    dy = np.random.default_rng(1).standard_normal(SHAPE).astype(np.float32)
    (dx,) = layer.backward({}, result.saved, (dy,), need_dx=True).dxs
    np.testing.assert_allclose(dx, dy * result.outputs[0].data / 3, rtol=1e-6)


def test_prediction_drops_nothing():
    layer, x, _ = drop(0.9)
    result = layer.forward({}, (x,), (), Mode())
    assert result.outputs[0].data.tobytes() == x.data.tobytes()
    (dx,) = layer.backward({}, result.saved, (x.data,), need_dx=True).dxs
    assert dx.tobytes() == x.data.tobytes()


def test_a_probability_of_zero_drops_nothing_in_training():
    _, x, result = drop(0)
    assert result.outputs[0].data.tobytes() == x.data.tobytes()


def test_it_is_listed_as_in_matlab():
    assert drop(0.2)[0].describe() == "20% dropout"
    layer = node_of(build("sequenceInput: 1, dropout, regression"), "dropout").layer
    assert layer.describe() == "50% dropout"
