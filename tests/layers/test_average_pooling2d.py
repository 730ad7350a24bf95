"""averagePooling2d: windows over every image by itself, against loops and ONNX."""

import pytest
from layers.example import FRAMES, IMAGES, Example
from layers.poolings import (
    STILL,
    STILL_NETWORK,
    check_faults_2d,
    check_images,
    check_onnx_images,
    check_padding_faults,
    every_image,
    every_rectangle,
    forward,
    image,
    listed,
)

PROPERTIES = "Name PoolSize Stride Padding PaddingValue"
REQUIRED = ("PoolSize: 2",)
EXAMPLES = (
    Example("averagePooling2d: 2", (IMAGES,)),
    Example("averagePooling2d: {PoolSize: [3, 2], Stride: 2}", (FRAMES,)),
    Example("averagePooling2d: {PoolSize: 3, Padding: same, PaddingValue: mean}", (IMAGES,)),
    Example("averagePooling2d: {PoolSize: [2, 4], Stride: [1, 2], Padding: [1, 0, 2, 3]}", (FRAMES,)),
    Example("averagePooling2d: {PoolSize: [3, 4], Padding: [2, 1]}", (STILL,), network=STILL_NETWORK),
)


@pytest.mark.parametrize("value", ["0", "mean"])
@every_image
@every_rectangle
def test_every_image_has_windows_of_its_own(size, stride, padding, of, value):
    check_images("averagePooling2d", size, stride, padding, of, value)


@pytest.mark.parametrize(("value", "counts"), [("0", 1), ("mean", 0)])
@pytest.mark.parametrize(
    ("size", "stride", "padding"), [([2, 2], [2, 2], [0, 0, 0, 0]), ([3, 5], [1, 3], [1, 2, 4, 0])]
)
def test_it_is_the_operator_of_onnx(size, stride, padding, value, counts):
    pads = [padding[k] for k in (0, 2, 1, 3)]
    given = f"PoolSize: {size}, Stride: {stride}, Padding: {padding}, PaddingValue: {value}"
    how = {"kernel_shape": size, "strides": stride, "pads": pads, "count_include_pad": counts}
    check_onnx_images(f"averagePooling2d: {{{given}}}", "AveragePool", **how)


def test_padding_counts_as_zeros_or_as_the_mean():
    layer, x = "averagePooling2d: {PoolSize: 2, Stride: 2, Padding: 1", image([4, 8], [12, 16])
    assert forward(f"{layer}}}", x).data[0, :, :, 0].T.tolist() == [[1, 2], [3, 4]]
    assert forward(f"{layer}, PaddingValue: mean}}", x).data[0, :, :, 0].T.tolist() == [[4, 8], [12, 16]]


def test_it_is_listed_as_in_matlab():
    text = "5x3 average pooling with stride [1  1] and padding [0  1  2  0]"
    assert listed("averagePooling2d: {PoolSize: [5, 3], Padding: [0, 1, 2, 0]}") == text


def test_faults():
    check_faults_2d("averagePooling2d: 2")
    check_padding_faults("averagePooling2d", 3, [3, 0], [0, 0, 3, 0])
