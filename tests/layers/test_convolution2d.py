"""convolution2d: windows over every image by itself, against loops, NumPy's padding and ONNX."""

import naive
import numpy as np
import pytest
from layers import convolutions
from layers.convolutions import FILLINGS, TOLERANCE, onnx_convolution, same
from layers.example import FRAMES, IMAGES, Example
from layers.networks import build, node_of, randomize, signal_of_size

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode
from lstmcli.records import Signal, Size, Steps

PROPERTIES, REQUIRED = convolutions.PROPERTIES, convolutions.REQUIRED
EXAMPLES = (
    Example("convolution2d: [3, 4]", (IMAGES,)),
    Example("convolution2d: {FilterSize: [2, 4], NumFilters: 17, NumChannels: 2, Padding: same}", (FRAMES,)),
    Example(
        "convolution2d: {FilterSize: [2, 3], NumFilters: 3, Stride: [3, 2], DilationFactor: [1, 2], "
        "Padding: 1, PaddingValue: 1.5}",
        (IMAGES,),
    ),
    Example(
        "convolution2d: {FilterSize: 2, NumFilters: 5, DilationFactor: 2, Padding: [1, 0], "
        "PaddingValue: replicate}",
        (FRAMES,),
    ),
    Example(
        "convolution2d: {FilterSize: 4, NumFilters: 1, Padding: [0, 2, 1, 3], "
        "PaddingValue: symmetric-include-edge}",
        (IMAGES,),
    ),
    Example(
        "convolution2d: {FilterSize: 3, NumFilters: 2, Stride: 2, Padding: same, "
        "PaddingValue: symmetric-exclude-edge}",
        (FRAMES,),
    ),
)
ENDS = {"0": ((0, 0), (0, 0)), "[2, 1]": ((2, 2), (1, 1)), "[0, 3, 1, 6]": ((0, 3), (1, 6))}
"""Padding as MATLAB reads it: top and bottom, left and right."""


def network_of(properties, height=5, width=4, channels=2, **changes):
    image = f"sequenceInput: [{height}, {width}, {channels}]"
    network = build(f"{image}, convolution2d: {{{properties}}}, flatten, regression", **changes)
    return randomize(network)


def forward(network, x):
    layer = node_of(network, "convolution2d").layer
    return layer.forward(network.weights["conv"], (x,), (), Mode()).outputs[0]


@pytest.mark.parametrize("size", [IMAGES, FRAMES, Size(2, None, (5, 4))], ids=["images", "frames", "once"])
@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("padding", ["0", "[2, 1]", "[0, 3, 1, 6]", "same"])
@pytest.mark.parametrize(
    ("filters", "stride", "dilation"),
    [((1, 1), (1, 1), (1, 1)), ((3, 2), (1, 1), (1, 2)), ((2, 4), (3, 2), (2, 1))],
)
def test_every_image_has_windows_of_its_own(filters, stride, dilation, padding, filling, size):
    network = network_of(
        f"FilterSize: {list(filters)}, NumFilters: 3, Stride: {list(stride)}, "
        f"DilationFactor: {list(dilation)}, Padding: {padding}, PaddingValue: {filling}",
        dtype=np.float64,
    )
    x = signal_of_size(size, (2, 0, 3))
    y, weights = forward(network, x), network.weights["conv"]
    sides = zip(filters, stride, dilation, (5, 4), strict=True)
    down, across = ENDS[padding] if padding in ENDS else (same(*side) for side in sides)
    images = x.data.reshape(-1, 4, 5, 2)
    for got, image in zip(y.data.reshape(len(images), *y.data.shape[-3:]), images, strict=True):
        padded = np.pad(image, (across, down, (0, 0)), **FILLINGS[filling])
        want = naive.convolution_forward(
            padded, weights["Weights"], weights["Bias"].ravel(), stride[::-1], dilation[::-1]
        )
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)
    assert y.data.shape[:-3] == x.data.shape[:-3]
    assert y[1:] == x[1:]


@pytest.mark.parametrize("channels", [1, 16])
@pytest.mark.parametrize("filters", [1, 20, 32])
@pytest.mark.parametrize(
    ("size", "stride", "dilation", "pads"),
    [
        ((5, 5), (1, 1), (1, 1), (0, 0, 0, 0)),
        ((3, 4), (2, 1), (1, 3), (2, 4, 1, 0)),
        ((1, 2), (3, 5), (2, 1), (0, 1, 0, 1)),
    ],
)
def test_it_is_the_operator_of_onnx(size, stride, dilation, pads, filters, channels):
    top, left, bottom, right = pads
    network = network_of(
        f"FilterSize: {list(size)}, NumFilters: {filters}, Stride: {list(stride)}, "
        f"DilationFactor: {list(dilation)}, Padding: {[top, bottom, left, right]}",
        *(21, 17, channels),
    )
    weights = network.weights["conv"]
    x = signal_of_size(Size(channels, Steps(), (21, 17)), (3, 3), dtype=np.float32)
    images = x.data.reshape(-1, 17, 21, channels).transpose(0, 3, 2, 1)
    W, b = weights["Weights"].transpose(3, 2, 0, 1), weights["Bias"].ravel()
    want = onnx_convolution(images, W, b, stride, dilation, pads).transpose(0, 3, 2, 1)
    got = forward(network, x).data.reshape(want.shape)
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * np.abs(want).max())


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        (
            "FilterSize: 5, NumFilters: 20, NumChannels: 2",
            "20 5x5x2 convolutions with stride [1  1] and padding [0  0  0  0]",
        ),
        (
            "FilterSize: [3, 2], NumFilters: 1, Stride: [2, 1], Padding: same",
            "1 3x2 convolutions with stride [2  1] and padding 'same'",
        ),
        (
            "FilterSize: 3, NumFilters: 64, DilationFactor: 2, Padding: [1, 2]",
            "64 3x3 convolutions with stride [1  1], dilation factor [2  2], and padding [1  1  2  2]",
        ),
    ],
)
def test_it_is_listed_as_in_matlab(properties, text):
    assert node_of(network_of(properties, 9, 8), "convolution2d").layer.describe() == text


def test_learnables_have_matlabs_shapes_and_its_limits():
    network = build(
        "sequenceInput: [5, 4, 2], convolution2d: {FilterSize: [3, 4], NumFilters: 7}, flatten, regression"
    )
    weights = network.weights["conv"]
    shapes = {name: array.shape for name, array in weights.items()}
    assert shapes == {"Weights": (3, 4, 2, 7), "Bias": (1, 1, 7)}
    limit = np.sqrt(6 / (12 * 2 + 12 * 7))
    assert 0.9 * limit < np.abs(weights["Weights"]).max() <= limit
    assert not weights["Bias"].any()


def test_given_weights_are_height_by_width_by_channels_by_filters():
    """Of an image 3 high and 2 wide each pixel has the weight of its place in the window."""
    text = "FilterSize: [2, 1], NumFilters: 1, Weights: [[[[1]]], [[[10]]]], Bias: [0.5]"
    network = build(f"sequenceInput: [3, 2, 1], convolution2d: {{{text}}}, flatten, regression")
    image = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
    x = Signal(image.T.reshape(1, 1, 2, 3, 1), np.zeros(1, np.int32), np.ones(1, np.int32))
    got = forward(network, x).data.reshape(2, 2).T
    assert got.tolist() == [[31.5, 42.5], [53.5, 64.5]]


def test_a_network_on_frames_folds_and_unfolds():
    """Convolutions of single frames, then an lstm: MATLAB's way to classify videos."""
    layers = (
        "sequenceInput: [8, 6, 1], sequenceFolding: {Name: fold}, convolution2d: [3, 4], "
        "convolution2d: {FilterSize: 3, NumFilters: 5, Stride: 2, Padding: same}, "
        "sequenceUnfolding: {Name: unfold, inputs: [conv_2, fold/miniBatchSize]}, flatten, "
        "lstm: {NumHiddenUnits: 4, OutputMode: last}, fullyConnected: 2, regression"
    )
    sizes = {node.name: node.size_out for node in build(layers).graph.nodes}
    assert (sizes["conv_1"].channels, sizes["conv_1"].spatial) == (4, (6, 4))
    assert (sizes["conv_2"].channels, sizes["conv_2"].spatial) == (5, (3, 2))
    assert (sizes["flatten"].channels, sizes["flatten"].time) == (30, True)


@pytest.mark.parametrize(
    ("layers", "fault"),
    [
        (
            "sequenceInput: [5, 4, 3], convolution2d: {FilterSize: 2, NumFilters: 1, NumChannels: 4}",
            "has `NumChannels` 4, but .* gives 5-by-4 images of 3 channels",
        ),
        ("sequenceInput: [5, 4, 3], convolution2d: [5, 1]", "needs at least 5 pixels of width, but"),
        ("sequenceInput: 3, convolution2d: [2, 1]", "takes images, but"),
        (
            "sequenceInput: [5, 4, 3], convolution2d: {FilterSize: 2, NumFilters: 1, PaddingSize: 1}",
            "`PaddingSize` is not",
        ),
    ],
)
def test_faults(layers, fault):
    with pytest.raises(SpecError, match=fault):
        build(f"{layers}, flatten, regression")
