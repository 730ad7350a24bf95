"""spatialDropout: whole channels of an observation are dropped, at all steps and in all pixels."""

import numpy as np
import pytest
from layers.example import FRAMES, IMAGES, ONCE, VECTORS, Example
from layers.joining import normal

from lstmcli.layers.layer import Mode
from lstmcli.layers.spatial_dropout import SpatialDropout
from lstmcli.records import Signal

PROPERTIES = "Name Probability"
EXAMPLES = (
    Example("spatialDropout", (VECTORS,)),
    Example("spatialDropout: {Probability: 0.2}", (IMAGES,)),
    Example("spatialDropout: {Probability: 0.3}", (FRAMES,)),
    Example("spatialDropout: {Probability: 0}", (ONCE,)),
    Example("spatialDropout", (ONCE,)),
)
SHAPES = [(7, 40, 30), (40, 30), (7, 40, 2, 3, 30), (40, 2, 3, 30)]
"""Vectors and images, with and without a time axis: 40 observations of 30 channels."""


def drop(x, probability=0.5, seed=0):
    layer, steps = SpatialDropout(probability=probability, name="drop"), np.zeros(40, np.int32)
    random = None if seed is None else np.random.default_rng(seed)
    result = layer.forward({}, (Signal(x, steps, steps),), (), Mode(random))
    return layer, result


def kept(y):
    """Of each observation and channel, whether it is kept: all elements of one have one fate."""
    axis = 0 if y.ndim in (2, 4) else 1
    elements = np.moveaxis(y, (axis, -1), (0, 1)).reshape(40, 30, -1) != 0
    assert (elements == elements[..., :1]).all()
    return elements[..., 0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("probability", [0.1, 0.5, 0.8])
def test_the_share_that_is_dropped_and_the_scale_of_the_rest(shape, probability):
    x = 1 + normal(*shape) ** 2
    y = drop(x, probability)[1].outputs[0].data
    dropped = 1 - kept(y).mean()
    # Six standard deviations of a share of 1200.
    assert abs(dropped - probability) < 6 * np.sqrt(probability * (1 - probability) / 1200)
    np.testing.assert_allclose(y[y != 0], x[y != 0] / (1 - probability), rtol=1e-6)


def test_the_mask_does_not_depend_on_steps_and_pixels():
    masks = [kept(drop(np.ones(shape, np.float32))[1].outputs[0].data) for shape in SHAPES]
    for mask in masks[1:]:
        assert (mask == masks[0]).all()


def test_the_mask_follows_from_the_seed_and_changes_from_pass_to_pass():
    x, random, steps = np.ones(SHAPES[0], np.float32), np.random.default_rng(0), np.zeros(40, np.int32)
    first = drop(x)[1].outputs[0].data.tobytes()
    assert drop(x)[1].outputs[0].data.tobytes() == first
    layer = SpatialDropout(name="drop")
    passes = [layer.forward({}, (Signal(x, steps, steps),), (), Mode(random)) for _ in range(2)]
    masks = [kept(result.outputs[0].data) for result in passes]
    assert passes[0].outputs[0].data.tobytes() == first
    assert abs((masks[0] == masks[1]).mean() - 0.5) < 6 * 0.5 / np.sqrt(1200)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_takes_the_same_mask(shape):
    x, dy = np.full(shape, 3, np.float32), normal(*shape)
    layer, result = drop(x, 0.2)
    (dx,) = layer.backward({}, result.saved, (dy,), need_dx=True).dxs
    np.testing.assert_allclose(dx, dy * result.outputs[0].data / 3, rtol=1e-6)


@pytest.mark.parametrize(("probability", "seed"), [(0.9, None), (0, 0)])
def test_prediction_and_a_probability_of_zero_drop_nothing(probability, seed):
    x = normal(*SHAPES[0])
    layer, result = drop(x, probability, seed)
    assert result.outputs[0].data is x
    assert layer.backward({}, result.saved, (x,), need_dx=True).dxs[0] is x


def test_it_is_listed():
    layer = SpatialDropout(probability=0.25, name="drop")
    listed = (layer.stem, layer.type_text, layer.describe())
    assert listed == ("spatialdrop", "Spatial Dropout", "25% spatial dropout")
