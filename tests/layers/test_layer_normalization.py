"""layerNormalization: what is normalized together."""

import numpy as np
import onnxruntime
import pytest
from layers.example import FRAMES, IMAGES, ONCE, VECTORS, Example
from layers.networks import build, node_of, randomize, signal_of_size
from onnx import TensorProto, helper

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode

PROPERTIES = """Name NumChannels Epsilon OperationDimension ScaleInitializer OffsetInitializer Scale Offset
    ScaleLearnRateFactor OffsetLearnRateFactor ScaleL2Factor OffsetL2Factor"""
EXAMPLES = (
    Example("layerNormalization"),
    Example("layerNormalization: {OperationDimension: batch-excluded, NumChannels: 4}"),
    Example("layerNormalization: {OperationDimension: channel-only, Epsilon: 0.1}", (IMAGES,)),
    Example("layerNormalization: {OperationDimension: spatial-channel}", (IMAGES,)),
    Example("layerNormalization: {OperationDimension: batch-excluded}", (IMAGES,)),
    Example("layerNormalization", (FRAMES,)),
    Example("layerNormalization: {OperationDimension: batch-excluded}", (ONCE,)),
)
LENGTHS = (5, 1, 3, 0, 4)
TOLERANCE = 2e-6
SIZES = {"vectors": VECTORS, "images": IMAGES, "frames": FRAMES, "once": ONCE}
TOGETHER = {
    ("auto", "vectors"): (2,),
    ("auto", "images"): (2, 3, 4),
    ("auto", "frames"): (2, 3, 4),
    ("auto", "once"): (1,),
    ("channel-only", "vectors"): (2,),
    ("channel-only", "images"): (4,),
    ("channel-only", "frames"): (4,),
    ("channel-only", "once"): (1,),
    ("spatial-channel", "vectors"): (2,),
    ("spatial-channel", "images"): (2, 3, 4),
    ("batch-excluded", "vectors"): (0, 2),
    ("batch-excluded", "images"): (0, 2, 3, 4),
    ("batch-excluded", "once"): (1,),
}
"""The axes of [T, B, w, h, C], [T, B, C] or [B, C] that are normalized together."""


def layer_of(text, size=VECTORS):
    """The layer of an example, its weights with a random scale and offset."""
    network = randomize(build(Example(f"layerNormalization: {{{text}}}", (size,)).layers))
    node = node_of(network, "layerNormalization")
    return node.layer, network.weights[node.name]


def by_formula(x, weights, axes, epsilon):
    x = x.astype(np.float64)
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return weights["Scale"] * (x - mean) / np.sqrt(variance + epsilon) + weights["Offset"]


@pytest.mark.parametrize(("dimension", "kind"), TOGETHER)
def test_what_is_normalized_together(dimension, kind):
    size, axes = SIZES[kind], TOGETHER[dimension, kind]
    layer, weights = layer_of(f"OperationDimension: {dimension}, Epsilon: 0.001", size)
    x = signal_of_size(size, (5, 5, 5), dtype=np.float32)
    got = layer.forward(weights, (x,), (), Mode()).outputs[0].data
    want = by_formula(x.data, weights, axes, 0.001)
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * np.abs(want).max())


@pytest.mark.parametrize("size", [VECTORS, IMAGES], ids=["vectors", "images"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_over_time_the_steps_of_an_observation_that_count_are_normalized_together(size, side):
    layer, weights = layer_of("OperationDimension: batch-excluded", size)
    x = signal_of_size(size, LENGTHS, side=side, dtype=np.float32)
    got = layer.forward(weights, (x,), (), Mode()).outputs[0].data
    want = np.zeros(x.data.shape)
    for b, (first, last) in enumerate(zip(x.start, x.stop, strict=True)):
        if first < last:
            want[first:last, b] = by_formula(x.data[first:last, b], weights, None, 1e-5)
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * np.abs(want).max())


def test_over_time_padding_counts_where_it_is_data():
    layer, weights = layer_of("OperationDimension: batch-excluded")
    x = signal_of_size(VECTORS, LENGTHS, dtype=np.float32)
    x = x._replace(start=0 * x.start, stop=0 * x.stop + 5)
    got = layer.forward(weights, (x,), (), Mode()).outputs[0].data
    want = by_formula(x.data, weights, (0, 2), 1e-5)
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * np.abs(want).max())


def test_a_single_channel_becomes_the_offset():
    network = randomize(build("sequenceInput: 1, layerNormalization, regression"))
    node = node_of(network, "layerNormalization")
    x = signal_of_size(node.sizes_in[0], LENGTHS, dtype=np.float32)
    y = node.layer.forward(network.weights[node.name], (x,), (), Mode()).outputs[0].data
    assert (y == network.weights[node.name]["Offset"]).all()


def test_training_and_prediction_are_the_same():
    layer, weights = layer_of("OperationDimension: auto")
    x = signal_of_size(VECTORS, LENGTHS, dtype=np.float32)
    bits = {
        layer.forward(weights, (x,), (), mode).outputs[0].data.tobytes()
        for mode in (Mode(np.random.default_rng(0)), Mode(), Mode(saves=False))
    }
    assert len(bits) == 1


def test_predictions_in_the_same_memory_are_those_in_a_new_one():
    layer, weights = layer_of("OperationDimension: batch-excluded", IMAGES)
    mode = Mode(saves=False)
    for seed, lengths in enumerate((LENGTHS, (2,), LENGTHS)):
        x = signal_of_size(IMAGES, lengths, dtype=np.float32, seed=seed)
        got = layer.forward(weights, (x,), (), mode).outputs[0].data
        assert got.tobytes() == layer.forward(weights, (x,), (), Mode()).outputs[0].data.tobytes()


@pytest.mark.parametrize(("dimension", "kind"), [("auto", "vectors"), ("channel-only", "images")])
def test_against_onnx_runtime(dimension, kind):
    size = SIZES[kind]
    layer, weights = layer_of(f"OperationDimension: {dimension}, Epsilon: 0.001", size)
    x = signal_of_size(size, LENGTHS, dtype=np.float32)
    got = layer.forward(weights, (x,), (), Mode()).outputs[0].data
    node = helper.make_node("LayerNormalization", ["x", "Scale", "Offset"], ["y"], axis=-1, epsilon=0.001)
    shapes = {"x": x.data.shape, "Scale": (size.channels,), "Offset": (size.channels,)}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, x.data.shape)
    model = helper.make_model(
        helper.make_graph([node], "normalization", inputs, [output]),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (want,) = session.run(["y"], {"x": x.data, "Scale": weights["Scale"], "Offset": weights["Offset"]})
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * max(1, np.abs(want).max()))


def test_over_time_nothing_folded_is_taken():
    layer = "layerNormalization: {OperationDimension: batch-excluded}"
    with pytest.raises(SpecError) as caught:
        build(f"sequenceInput: [5, 4, 2], sequenceFolding, {layer}, fullyConnected: 3, regression")
    message = str(caught.value)
    assert "`layernorm` takes nothing folded where `OperationDimension` is batch-excluded, but" in message
    assert "help: `OperationDimension` spatial-channel is the same here" in message


def test_the_number_of_channels_must_agree():
    with pytest.raises(SpecError, match=r"`layernorm` has `NumChannels` 4, but .* gives 3 channels"):
        build("sequenceInput: 3, layerNormalization: {NumChannels: 4}, regression")


@pytest.mark.parametrize(
    ("text", "listed"),
    [("Epsilon: 1", "Layer normalization"), ("NumChannels: 4", "Layer normalization with 4 channels")],
)
def test_it_is_listed_as_in_matlab(text, listed):
    assert layer_of(text)[0].describe() == listed
