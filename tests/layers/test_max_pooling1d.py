"""maxPooling1d: windows over every sequence by itself, against loops and ONNX."""

import numpy as np
import pytest
from layers.example import Example
from layers.networks import build
from layers.poolings import (
    check_faults_1d,
    check_onnx_sequences,
    check_padding_faults,
    check_sequences,
    every_side,
    every_window,
    fault_of,
    forward,
    gradient,
    listed,
    sequence,
)

from lstmcli.records import Steps

PROPERTIES = "Name PoolSize Stride Padding"
REQUIRED = ("PoolSize: 2",)
EXAMPLES = (
    Example("maxPooling1d: 2"),
    Example("maxPooling1d: {PoolSize: 2, Stride: 2}"),
    Example("maxPooling1d: {PoolSize: 3, Padding: same}"),
    Example("maxPooling1d: {PoolSize: 4, Stride: 3, Padding: [3, 1]}"),
    Example("maxPooling1d: {PoolSize: 1, Stride: 3}"),
)


@every_side
@every_window
def test_every_sequence_has_windows_of_its_own(size, stride, padding, side):
    check_sequences("maxPooling1d", size, stride, padding, side)


@pytest.mark.parametrize(("size", "stride", "pads"), [(2, 2, (0, 0)), (5, 1, (2, 2)), (3, 4, (1, 0))])
def test_it_is_the_operator_of_onnx(size, stride, pads):
    layer = f"maxPooling1d: {{PoolSize: {size}, Stride: {stride}, Padding: {list(pads)}}}"
    check_onnx_sequences(layer, "MaxPool", kernel_shape=[size], strides=[stride], pads=pads)


def test_the_stride_is_1_unless_given():
    assert forward("maxPooling1d: 2", sequence(3, 1, 4, 1, 5)).data.ravel().tolist() == [3, 4, 4, 5]


def test_the_first_of_several_largest_has_the_gradient():
    dy = np.array([10, 1], np.float32).reshape(2, 1, 1)
    dx = gradient("maxPooling1d: {PoolSize: 3, Stride: 2}", sequence(1, 2, 2, 2, 0), dy)
    assert dx.ravel().tolist() == [0, 10, 1, 0, 0]


def test_sequences_are_as_long_as_there_are_windows():
    end = "lstm: {NumHiddenUnits: 1, OutputMode: last}, regression"
    layers = "maxPooling1d: {PoolSize: 3, Stride: 2, Padding: same}, maxPooling1d: 4"
    network = build(f"sequenceInput: 2, {layers}, {end}")
    assert [node.size_out.steps for node in network.graph.nodes[:3]] == [Steps(), Steps(1, 2), Steps(-5, 2)]


def test_it_is_listed_as_in_matlab():
    text = "Max pooling with pool size 5, stride 1, and padding"
    assert listed("maxPooling1d: 5") == f"{text} [0  0]"
    assert listed("maxPooling1d: {PoolSize: 5, Padding: [2, 1]}") == f"{text} [2  1]"
    assert listed("maxPooling1d: {PoolSize: 5, Padding: same}") == f"{text} 'same'"


def test_faults():
    check_faults_1d("maxPooling1d: 2")
    check_padding_faults("maxPooling1d", 3, [0, 3])
    text = "`PaddingMode` is not a property of maxPooling1d"
    assert fault_of("sequenceInput: 3, maxPooling1d: {PoolSize: 3, PaddingMode: same}") == text
