"""averagePooling1d: windows over every sequence by itself, against loops and ONNX."""

import pytest
from layers.example import Example
from layers.poolings import (
    check_faults_1d,
    check_onnx_sequences,
    check_padding_faults,
    check_sequences,
    every_side,
    every_window,
    forward,
    listed,
    sequence,
)

PROPERTIES = "Name PoolSize Stride Padding PaddingValue"
REQUIRED = ("PoolSize: 2",)
EXAMPLES = (
    Example("averagePooling1d: 2"),
    Example("averagePooling1d: {PoolSize: 2, Stride: 2}"),
    Example("averagePooling1d: {PoolSize: 3, Padding: same, PaddingValue: mean}"),
    Example("averagePooling1d: {PoolSize: 4, Stride: 3, Padding: [3, 1]}"),
    Example("averagePooling1d: {PoolSize: 3, Padding: 2, PaddingValue: mean}"),
)


@pytest.mark.parametrize("value", ["0", "mean"])
@every_side
@every_window
def test_every_sequence_has_windows_of_its_own(size, stride, padding, side, value):
    check_sequences("averagePooling1d", size, stride, padding, side, value)


@pytest.mark.parametrize(("value", "counts"), [("0", 1), ("mean", 0)])
@pytest.mark.parametrize(("size", "stride", "pads"), [(2, 2, (0, 0)), (5, 1, (2, 2)), (3, 4, (1, 0))])
def test_it_is_the_operator_of_onnx(size, stride, pads, value, counts):
    given = f"PoolSize: {size}, Stride: {stride}, Padding: {list(pads)}, PaddingValue: {value}"
    how = {"kernel_shape": [size], "strides": [stride], "pads": pads, "count_include_pad": counts}
    check_onnx_sequences(f"averagePooling1d: {{{given}}}", "AveragePool", **how)


def test_padding_counts_as_zeros_or_as_the_mean():
    layer = "averagePooling1d: {PoolSize: 3, Padding: 1"
    assert forward(f"{layer}}}", sequence(3, 6, 9)).data.ravel().tolist() == [3, 6, 5]
    assert forward(f"{layer}, PaddingValue: mean}}", sequence(3, 6, 9)).data.ravel().tolist() == [4.5, 6, 7.5]


def test_it_is_listed_as_in_matlab():
    text = "Average pooling with pool size 5, stride 2, and padding [1  0]"
    assert listed("averagePooling1d: {PoolSize: 5, Stride: 2, Padding: [1, 0]}") == text


def test_faults():
    check_faults_1d("averagePooling1d: 2")
    check_padding_faults("averagePooling1d", 3, [4, 0])
