"""convolution1d: windows over time of every sequence by itself, against loops, NumPy's padding and ONNX."""

import naive
import numpy as np
import pytest
from layers import convolutions
from layers.convolutions import FILLINGS, TOLERANCE, onnx_convolution, same
from layers.example import Example
from layers.networks import build, node_of, random_signal, randomize

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode
from lstmcli.records import Signal, Steps

PROPERTIES, REQUIRED = convolutions.PROPERTIES, convolutions.REQUIRED
EXAMPLES = (
    Example("convolution1d: [2, 3]"),
    Example("convolution1d: {FilterSize: 1, NumFilters: 2, Padding: [1, 0]}"),
    Example("convolution1d: [1, 2]"),
    Example("convolution1d: {FilterSize: 3, NumFilters: 17, NumChannels: 4, Padding: causal}"),
    Example("convolution1d: {FilterSize: 2, NumFilters: 5, Stride: 3, Padding: same, PaddingValue: 1.5}"),
    Example(
        "convolution1d: {FilterSize: 3, NumFilters: 2, Stride: 2, DilationFactor: 2, Padding: 2, "
        "PaddingValue: replicate}"
    ),
    Example(
        "convolution1d: {FilterSize: 4, NumFilters: 2, Padding: [1, 3], PaddingValue: symmetric-include-edge}"
    ),
    Example(
        "convolution1d: {FilterSize: 3, NumFilters: 1, DilationFactor: 3, Padding: same, "
        "PaddingValue: symmetric-exclude-edge}"
    ),
)
LENGTHS = (12, 1, 7, 0, 5)
END = "lstm: {NumHiddenUnits: 1, OutputMode: last}, regression"
"""Of networks whose sequences may have any length by then."""


def network_of(properties, channels=4, **changes):
    return randomize(build(f"sequenceInput: {channels}, convolution1d: {{{properties}}}, {END}", **changes))


def forward(network, x):
    layer = node_of(network, "convolution1d").layer
    return layer.forward(network.weights["conv1d"], (x,), (), Mode()).outputs[0]


def ends(padding, size, stride, dilation, length):
    """The padding of a sequence before and after."""
    causal = ((size - 1) * dilation, 0)
    return {"same": same(size, stride, dilation, length), "causal": causal}.get(padding, padding)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("padding", [(0, 0), (2, 1), (0, 7), "same", "causal"], ids=str)
@pytest.mark.parametrize(
    ("size", "stride", "dilation"), [(1, 1, 1), (3, 1, 1), (2, 1, 3), (4, 3, 1), (3, 2, 2)]
)
def test_every_sequence_has_windows_over_its_own_steps(size, stride, dilation, padding, filling, side):
    shown = list(padding) if isinstance(padding, tuple) else padding
    network = network_of(
        f"FilterSize: {size}, NumFilters: 3, Stride: {stride}, DilationFactor: {dilation}, "
        f"Padding: {shown}, PaddingValue: {filling}",
        dtype=np.float64,
    )
    x = random_signal(LENGTHS, 4, side=side)
    y, weights = forward(network, x), network.weights["conv1d"]
    for b, length in enumerate(LENGTHS):
        got = y.data[y.start[b] : y.stop[b], b]
        own = x.data[x.start[b] : x.stop[b], b]
        around = ends(padding, size, stride, dilation, length)
        if length == 0 or length + sum(around) < (size - 1) * dilation + 1:
            assert len(got) == 0
            continue
        padded = np.pad(own, (around, (0, 0)), **FILLINGS[filling])
        want = naive.convolution_forward(
            padded[:, None], weights["Weights"][None], weights["Bias"][0], (stride, 1), (dilation, 1)
        )[:, 0]
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("channels", [1, 12])
@pytest.mark.parametrize("filters", [1, 20, 32, 100])
@pytest.mark.parametrize("observations", [1, 5])
@pytest.mark.parametrize(
    ("size", "stride", "dilation", "pads"),
    [(3, 1, 1, (2, 0)), (5, 2, 1, (0, 0)), (2, 1, 4, (1, 3)), (7, 3, 2, (6, 6))],
)
def test_it_is_the_operator_of_onnx(size, stride, dilation, pads, observations, filters, channels):
    network = network_of(
        f"FilterSize: {size}, NumFilters: {filters}, Stride: {stride}, DilationFactor: {dilation}, "
        f"Padding: {list(pads)}",
        channels,
    )
    weights = network.weights["conv1d"]
    x = random_signal((40,) * observations, channels, dtype=np.float32)
    W, b = weights["Weights"].transpose(2, 1, 0), weights["Bias"].ravel()
    want = onnx_convolution(x.data.transpose(1, 2, 0), W, b, [stride], [dilation], pads).transpose(2, 0, 1)
    got = forward(network, x).data
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * np.abs(want).max())


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        (
            "FilterSize: 3, NumFilters: 32, Padding: causal",
            "32 3 convolutions with stride 1 and padding 'causal'",
        ),
        (
            "FilterSize: 3, NumFilters: 32, NumChannels: 4",
            "32 3x4 convolutions with stride 1 and padding [0  0]",
        ),
        (
            "FilterSize: 5, NumFilters: 1, Stride: 2, DilationFactor: 3, Padding: [2, 1]",
            "1 5 convolutions with stride 2, dilation factor 3, and padding [2  1]",
        ),
    ],
)
def test_it_is_listed_as_in_matlab(properties, text):
    assert node_of(network_of(properties), "convolution1d").layer.describe() == text


def test_learnables_have_matlabs_shapes_and_its_limits():
    weights = build(f"sequenceInput: 4, convolution1d: [3, 7], {END}").weights["conv1d"]
    assert {name: array.shape for name, array in weights.items()} == {"Weights": (3, 4, 7), "Bias": (1, 7)}
    limit = np.sqrt(6 / (3 * 4 + 3 * 7))
    assert 0.9 * limit < np.abs(weights["Weights"]).max() <= limit
    assert not weights["Bias"].any()


@pytest.mark.parametrize("filters", [5, 20])
def test_orthogonal_filters_are_columns(filters):
    layer = f"convolution1d: {{FilterSize: 3, NumFilters: {filters}, WeightsInitializer: orthogonal}}"
    weights = build(f"sequenceInput: 4, {layer}, {END}", dtype=np.float64).weights["conv1d"]["Weights"]
    weights = weights.reshape(12, filters)
    square = weights.T @ weights if filters < 12 else weights @ weights.T
    np.testing.assert_allclose(square, np.eye(len(square)), rtol=0, atol=1e-12)


def test_given_weights_are_filter_size_by_channels_by_filters():
    """y_t = b + 1 x_t1 + 2 x_t2 + 3 x_(t+1)1 + 4 x_(t+1)2."""
    text = "FilterSize: 2, NumFilters: 1, Weights: [[[1], [2]], [[3], [4]]], Bias: [0.5]"
    network = build(f"sequenceInput: 2, convolution1d: {{{text}}}, {END}")
    x = Signal(
        np.array([[[1, 10]], [[100, 1000]], [[0, 1]]], np.float32),
        np.zeros(1, np.int32),
        np.full(1, 3, np.int32),
    )
    assert forward(network, x).data.ravel().tolist() == [4321.5, 2104.5]


def test_sequences_are_as_long_as_there_are_windows():
    text = "convolution1d: {FilterSize: 3, NumFilters: 1, Stride: 2, Padding: same}"
    network = build(f"sequenceInput: 2, {text}, convolution1d: [4, 2], {END}")
    sizes = [node.size_out.steps for node in network.graph.nodes[:3]]
    assert sizes == [Steps(), Steps(1, 2), Steps(-5, 2)]


@pytest.mark.parametrize(
    ("layers", "fault"),
    [
        (
            "sequenceInput: 3, convolution1d: {FilterSize: 2, NumFilters: 1, NumChannels: 4}",
            "has `NumChannels` 4, but",
        ),
        ("sequenceInput: [5, 4, 3], convolution1d: [2, 1]", "takes vectors, but"),
        (
            "sequenceInput: 3, lstm: {NumHiddenUnits: 2, OutputMode: last}, convolution1d: [2, 1]",
            "needs a time axis",
        ),
        ("sequenceInput: 3, sequenceFolding, convolution1d: [2, 1]", "needs a time axis, but"),
        (
            "sequenceInput: 3, convolution1d: {FilterSize: 2, NumFilters: 1, PaddingMode: same}",
            "`PaddingMode` is not",
        ),
    ],
)
def test_faults(layers, fault):
    with pytest.raises(SpecError, match=fault):
        build(f"{layers}, regression")
