"""maxPooling2d: windows over every image by itself, against loops and ONNX."""

import numpy as np
import pytest
from layers.example import FRAMES, IMAGES, Example
from layers.networks import build, node_of
from layers.poolings import (
    STILL,
    STILL_NETWORK,
    check_faults_2d,
    check_images,
    check_onnx_images,
    check_padding_faults,
    every_image,
    every_rectangle,
    fault_of,
    gradient,
    image,
    listed,
)

PROPERTIES = "Name PoolSize Stride Padding"
REQUIRED = ("PoolSize: 2",)
EXAMPLES = (
    Example("maxPooling2d: 2", (IMAGES,)),
    Example("maxPooling2d: {PoolSize: [3, 2], Stride: 2}", (FRAMES,)),
    Example("maxPooling2d: {PoolSize: 3, Padding: same}", (IMAGES,)),
    Example("maxPooling2d: {PoolSize: [2, 4], Stride: [1, 2], Padding: [1, 0, 2, 3]}", (FRAMES,)),
    Example("maxPooling2d: {PoolSize: [3, 4], Padding: [2, 1]}", (STILL,), network=STILL_NETWORK),
)


@every_image
@every_rectangle
def test_every_image_has_windows_of_its_own(size, stride, padding, of):
    check_images("maxPooling2d", size, stride, padding, of)


@pytest.mark.parametrize(
    ("size", "stride", "padding"), [([2, 2], [2, 2], [0, 0, 0, 0]), ([3, 5], [1, 3], [1, 2, 4, 0])]
)
def test_it_is_the_operator_of_onnx(size, stride, padding):
    pads = [padding[k] for k in (0, 2, 1, 3)]
    layer = f"maxPooling2d: {{PoolSize: {size}, Stride: {stride}, Padding: {padding}}}"
    check_onnx_images(layer, "MaxPool", kernel_shape=size, strides=stride, pads=pads)


def test_the_first_of_several_largest_has_the_gradient():
    """Row by row: one in the upper row comes before one further left below it."""
    dx = gradient("maxPooling2d: 2", image([1, 2], [2, 0]), np.full((1, 1, 1, 1), 5, np.float32))
    assert dx[0, :, :, 0].T.tolist() == [[0, 5], [0, 0]]


def test_images_are_as_large_as_there_are_windows():
    layers = "maxPooling2d: {PoolSize: [2, 3], Stride: [2, 1], Padding: same}, maxPooling2d: [3, 2]"
    network = build(f"sequenceInput: [9, 7, 2], {layers}, flatten, regression")
    assert [node.size_out.spatial for node in network.graph.nodes[:3]] == [(9, 7), (5, 7), (3, 6)]
    assert node_of(network, "maxPooling2d").name == "maxpool_1"


def test_it_is_listed_as_in_matlab():
    assert listed("maxPooling2d: {PoolSize: 2, Stride: 2}") == (
        "2x2 max pooling with stride [2  2] and padding [0  0  0  0]"
    )
    assert listed("maxPooling2d: {PoolSize: [3, 1], Padding: same}") == (
        "3x1 max pooling with stride [1  1] and padding 'same'"
    )


def test_faults():
    check_faults_2d("maxPooling2d: 2")
    check_padding_faults("maxPooling2d", 3, [0, 3], [0, 0, 0, 4])
    assert "needs at least 5 pixels of width, but" in fault_of("sequenceInput: [9, 4, 1], maxPooling2d: 5")
    text = "`HasUnpoolingOutputs` is not a property of maxPooling2d"
    assert (
        fault_of("sequenceInput: [9, 9, 1], maxPooling2d: {PoolSize: 3, HasUnpoolingOutputs: true}") == text
    )
