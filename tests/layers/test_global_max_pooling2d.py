"""globalMaxPooling2d: the largest of all pixels of an image, against NumPy and ONNX."""

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
    Example("globalMaxPooling2d", (IMAGES,)),
    Example("globalMaxPooling2d", (FRAMES,)),
    Example("globalMaxPooling2d", (STILL,), network=STILL_NETWORK),
)


@every_image
def test_it_pools_every_image_by_itself(of):
    x = signal_of_size(of, (2, 0, 3))
    y = forward("globalMaxPooling2d", x)
    np.testing.assert_allclose(y.data, x.data.max(axis=(-3, -2)), rtol=0, atol=1e-15)
    assert (y.start is x.start, y.stop is x.stop) == (True, True)


def test_it_is_the_operator_of_onnx():
    check_onnx_images("globalMaxPooling2d", "GlobalMaxPool")


def test_the_first_of_several_largest_has_the_gradient():
    """Down the columns."""
    dx = gradient("globalMaxPooling2d", image([1, 2], [2, 0]), np.full((1, 1), 5, np.float32))
    assert dx[0, :, :, 0].T.tolist() == [[0, 0], [5, 0]]


def test_vectors_are_left_in_time_or_folded():
    network = build("sequenceInput: [5, 4, 2], globalMaxPooling2d, regression")
    assert network.graph.nodes[1].size_out == Size(2, Steps())
    unfolding = "sequenceUnfolding: {inputs: [pool, seqfold/miniBatchSize]}"
    pool = "globalMaxPooling2d: {Name: pool}"
    network = build(f"sequenceInput: [5, 4, 2], sequenceFolding, {pool}, {unfolding}, regression")
    assert network.graph.nodes[2].size_out == Size(2, Steps(), folded=True)


def test_it_is_listed_as_in_matlab():
    assert listed("globalMaxPooling2d") == "2-D global max pooling"


def test_faults():
    check_faults_2d("globalMaxPooling2d")
