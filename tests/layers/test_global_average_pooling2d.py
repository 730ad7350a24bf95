"""globalAveragePooling2d: the mean of all pixels of an image, against NumPy and ONNX."""

import numpy as np
from layers.example import FRAMES, IMAGES, Example
from layers.networks import build, signal_of_size
from layers.poolings import (
    STILL,
    STILL_NETWORK,
    check_faults_2d,
    check_onnx_images,
    every_image,
    forward,
    gradient,
    image,
    listed,
)

from lstmcli.records import Size, Steps

PROPERTIES = "Name"
EXAMPLES = (
    Example("globalAveragePooling2d", (IMAGES,)),
    Example("globalAveragePooling2d", (FRAMES,)),
    Example("globalAveragePooling2d", (STILL,), network=STILL_NETWORK),
)


@every_image
def test_it_pools_every_image_by_itself(of):
    x = signal_of_size(of, (2, 0, 3))
    y = forward("globalAveragePooling2d", x)
    np.testing.assert_allclose(y.data, x.data.mean(axis=(-3, -2)), rtol=0, atol=1e-15)
    assert (y.start is x.start, y.stop is x.stop) == (True, True)


def test_it_is_the_operator_of_onnx():
    check_onnx_images("globalAveragePooling2d", "GlobalAveragePool")


def test_every_pixel_has_its_share_of_the_gradient():
    dx = gradient("globalAveragePooling2d", image([1, 2], [2, 0]), np.full((1, 1), 6, np.float32))
    assert dx[0, :, :, 0].T.tolist() == [[1.5, 1.5], [1.5, 1.5]]


def test_vectors_are_left_in_time_or_folded():
    network = build("sequenceInput: [5, 4, 2], globalAveragePooling2d, regression")
    assert network.graph.nodes[1].size_out == Size(2, Steps())
    unfolding = "sequenceUnfolding: {inputs: [pool, seqfold/miniBatchSize]}"
    pool = "globalAveragePooling2d: {Name: pool}"
    network = build(f"sequenceInput: [5, 4, 2], sequenceFolding, {pool}, {unfolding}, regression")
    assert network.graph.nodes[2].size_out == Size(2, Steps(), folded=True)


def test_it_is_listed_as_in_matlab():
    assert listed("globalAveragePooling2d") == "2-D global average pooling"


def test_faults():
    check_faults_2d("globalAveragePooling2d")
