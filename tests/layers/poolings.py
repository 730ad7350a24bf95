"""What the tests of the pooling layers have in common: against loops, against ONNX Runtime, their faults."""

import naive
import numpy as np
import onnxruntime
import pytest
from layers.convolutions import same
from layers.example import FRAMES, IMAGES
from layers.networks import build, random_signal, read, signal_of_size
from onnx import TensorProto, helper

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode
from lstmcli.records import Signal, Size

TOLERANCE = 2e-6
STILL = Size(2, None, (5, 4))
"""Images without a time axis."""
STILL_NETWORK = "sequenceInput: [5, 4, 2], indexing1d: last, {}, fullyConnected: 2, regression"
LENGTHS = (12, 1, 7, 0, 5)
KINDS = {"max": "max", "0": "mean", "mean": "mean of data"}
"""What PaddingValue makes of an average; `max` of layers that have none."""

every_side = pytest.mark.parametrize("side", ["left", "right"])
every_image = pytest.mark.parametrize("of", [IMAGES, FRAMES, STILL], ids=["images", "frames", "still"])
every_window = pytest.mark.parametrize(
    ("size", "stride", "padding"),
    [(1, 1, (0, 0)), (2, 2, (0, 0)), (3, 1, (2, 1)), (4, 3, (0, 3)), (2, 5, (1, 0)), (3, 2, "same")],
    ids=str,
)
every_rectangle = pytest.mark.parametrize(
    ("size", "stride", "padding"),
    [
        ((2, 2), (2, 2), (0, 0, 0, 0)),
        ((3, 1), (1, 2), (1, 2, 0, 0)),
        ((2, 4), (1, 1), (1, 0, 3, 1)),
        ((5, 4), (1, 1), (0, 0, 0, 0)),
        ((2, 3), (2, 2), "same"),
    ],
    ids=str,
)


def shown(padding):
    return padding if isinstance(padding, str) else list(padding)


def forward(layer, x):
    """The output of a layer, written as in a spec, for this signal."""
    return _read(layer).forward({}, (x,), (), Mode()).outputs[0]


def gradient(layer, x, dy):
    """The gradient of its input."""
    made = _read(layer)
    (dx,) = made.backward({}, made.forward({}, (x,), (), Mode()).saved, (dy,), need_dx=True).dxs
    return dx


def sequence(*numbers):
    """A sequence of one channel."""
    data = np.array(numbers, np.float32).reshape(-1, 1, 1)
    return Signal(data, np.zeros(1, np.int32), np.full(1, len(data), np.int32))


def image(*rows):
    """An image of one channel, without a time axis, by its rows."""
    data = np.array(rows, np.float32).T[None, :, :, None]
    return Signal(np.ascontiguousarray(data), np.zeros(1, np.int32), np.ones(1, np.int32))


def check_sequences(word, size, stride, padding, side, value="max"):
    """Every sequence has windows over its own steps."""
    given = "" if value == "max" else f", PaddingValue: {value}"
    layer = f"{word}: {{PoolSize: {size}, Stride: {stride}, Padding: {shown(padding)}{given}}}"
    x = random_signal(LENGTHS, 4, side=side)
    y = forward(layer, x)
    for b, length in enumerate(LENGTHS):
        own, got = x.data[x.start[b] : x.stop[b], b], y.data[y.start[b] : y.stop[b], b]
        around = same(size, stride, 1, length) if padding == "same" else padding
        if length == 0:
            assert len(got) == 0
            continue
        want = naive.pooling(own[:, None], (size, 1), (stride, 1), (around, (0, 0)), KINDS[value])
        np.testing.assert_allclose(got, want[:, 0], rtol=0, atol=1e-12)


def check_images(word, size, stride, padding, of, value="max"):
    """Every image has windows of its own."""
    given = "" if value == "max" else f", PaddingValue: {value}"
    layer = f"{word}: {{PoolSize: {list(size)}, Stride: {list(stride)}, Padding: {shown(padding)}{given}}}"
    x = signal_of_size(of, (2, 0, 3))
    y = forward(layer, x)
    pads = (padding[:2], padding[2:]) if padding != "same" else None
    if pads is None:
        pads = [same(s, d, 1, n) for s, d, n in zip(size, stride, of.spatial, strict=True)]
    how = size[::-1], stride[::-1], pads[::-1], KINDS[value]
    want = [naive.pooling(image, *how) for image in x.data.reshape(-1, *x.data.shape[-3:])]
    np.testing.assert_allclose(y.data.reshape(np.shape(want)), want, rtol=0, atol=1e-12)
    assert y.data.shape[:-3] == x.data.shape[:-3]
    assert (y.start is x.start, y.stop is x.stop) == (True, True)


def onnx(operator, x, **attributes):
    """What ONNX Runtime's operator makes of x[n, C, ...]."""
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "xy"]
    graph = helper.make_graph([node], "pooling", infos[:1], infos[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=7)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["y"], {"x": np.ascontiguousarray(x)})[0]


def check_onnx_sequences(layer, operator, **attributes):
    """The same numbers along time."""
    x = random_signal((40,) * 5, 20, dtype=np.float32)
    got, want = forward(layer, x).data, onnx(operator, x.data.transpose(1, 2, 0), **attributes)
    np.testing.assert_allclose(
        got.reshape(-1, 5, 20), want.transpose(2, 0, 1), rtol=0, atol=TOLERANCE * np.abs(want).max()
    )


def check_onnx_images(layer, operator, **attributes):
    """The same numbers in images."""
    x = signal_of_size(Size(20, None, (24, 17)), (1,) * 7, dtype=np.float32)
    got, want = forward(layer, x).data, onnx(operator, x.data.transpose(0, 3, 2, 1), **attributes)
    np.testing.assert_allclose(
        got.reshape(7, want.shape[3], -1, 20),
        want.transpose(0, 3, 2, 1),
        rtol=0,
        atol=TOLERANCE * np.abs(want).max(),
    )


def fault_of(layers):
    """The message of the one fault of a network."""
    with pytest.raises(SpecError) as caught:
        build(f"{layers}, regression")
    (fault,) = caught.value.faults
    return fault.message


def check_faults_1d(layer):
    """What no layer that pools along time takes."""
    assert "takes vectors, but" in fault_of(f"sequenceInput: [5, 4, 3], {layer}")
    assert "needs a time axis, but" in fault_of(f"sequenceInput: 3, sequenceFolding, {layer}")
    once = "lstm: {NumHiddenUnits: 2, OutputMode: last}"
    assert "needs a time axis, but" in fault_of(f"sequenceInput: 3, {once}, {layer}")


def check_faults_2d(layer):
    """What no layer that pools over pixels takes."""
    assert "takes images, but" in fault_of(f"sequenceInput: 3, {layer}")


def check_padding_faults(word, *paddings):
    """Padding that would be all that a window sees."""
    for padding in paddings:
        text = f"{word}: {{PoolSize: 3, Padding: {padding}}}"
        assert fault_of(f"sequenceInput: [9, 9, 1], {text}") == (
            f"`Padding` of {word} must be smaller than `PoolSize`"
        )


def listed(layer):
    """The text beside a layer in MATLAB's listing."""
    return _read(layer).describe()


def _read(layer):
    return read(f"sequenceInput: 1, {layer}, regression").layers.entries[1].layer
