"""batchNormalization: statistics of what counts, running estimates, and both ways of normalizing."""

import numpy as np
import onnxruntime
import pytest
from layers.example import FRAMES, IMAGES, ONCE, VECTORS, Example
from layers.networks import build, node_of, randomize, signal_of_size
from onnx import TensorProto, helper

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode, Role

PROPERTIES = """Name NumChannels Epsilon MeanDecay VarianceDecay TrainedMean TrainedVariance ScaleInitializer
    OffsetInitializer Scale Offset ScaleLearnRateFactor OffsetLearnRateFactor ScaleL2Factor OffsetL2Factor"""
EXAMPLES = (
    Example("batchNormalization"),
    Example("batchNormalization: {NumChannels: 2, Epsilon: 0.1}", (IMAGES,)),
    Example("batchNormalization", (FRAMES,)),
    Example("batchNormalization: {MeanDecay: 1, VarianceDecay: 0}", (ONCE,)),
)
LENGTHS = (5, 1, 3, 0, 4)
TOLERANCE = 2e-6
GIVEN = "TrainedMean: [1, -2, 0.5, 30], TrainedVariance: [0.5, 3, 0, 400]"


def layer_of(text, size=VECTORS, dtype=np.float32):
    """The layer of an example, its weights with a random scale and offset."""
    network = randomize(build(Example(text, (size,)).layers, dtype=dtype))
    node = node_of(network, "batchNormalization")
    return node.layer, network.weights[node.name]


def rows_that_count(x, size):
    """Of a signal, [rows, C]."""
    data = x.data.astype(np.float64)
    if size.steps is None:
        return data[x.start < x.stop].reshape(-1, size.channels)
    t = np.arange(len(data))[:, None]
    return data[(x.start <= t) & (t < x.stop)].reshape(-1, size.channels)


def by_formula(x, weights, mean, variance, epsilon=1e-5):
    normal = (x.astype(np.float64) - mean) / np.sqrt(variance + epsilon)
    return weights["Scale"] * normal + weights["Offset"]


def training():
    return Mode(np.random.default_rng(0))


@pytest.mark.parametrize("size", [VECTORS, IMAGES, FRAMES, ONCE], ids=["vectors", "images", "frames", "once"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_in_training_the_statistics_are_those_of_what_counts_in_the_mini_batch(size, side):
    layer, weights = layer_of("batchNormalization", size)
    x = signal_of_size(size, LENGTHS, side=side, dtype=np.float32)
    result = layer.forward(weights, (x,), (), training())
    rows = rows_that_count(x, size)
    want = by_formula(x.data, weights, rows.mean(axis=0), rows.var(axis=0))
    np.testing.assert_allclose(result.outputs[0].data, want, rtol=0, atol=TOLERANCE * np.abs(want).max())


def test_where_padding_is_data_it_counts():
    layer, weights = layer_of("batchNormalization")
    x = signal_of_size(VECTORS, LENGTHS, dtype=np.float32)
    x = x._replace(start=0 * x.start, stop=0 * x.stop + 5)
    rows = x.data.reshape(-1, 4).astype(np.float64)
    got = layer.forward(weights, (x,), (), training()).outputs[0].data
    want = by_formula(x.data, weights, rows.mean(axis=0), rows.var(axis=0))
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * np.abs(want).max())


def test_running_estimates_follow_several_masked_mini_batches():
    layer, weights = layer_of(f"batchNormalization: {{MeanDecay: 0.3, VarianceDecay: 0.05, {GIVEN}}}")
    mean, variance = weights["TrainedMean"].astype(np.float64), weights["TrainedVariance"].astype(np.float64)
    assert mean.tolist() == [1, -2, 0.5, 30]
    assert variance.tolist() == [0.5, 3, 0, 400]
    mode = training()
    for seed, lengths in enumerate(((5, 1, 3, 0, 4), (2, 2), (9,), (1, 6, 1))):
        x = signal_of_size(VECTORS, lengths, side="left", dtype=np.float32, seed=seed)
        before = {name: array.copy() for name, array in weights.items()}
        result = layer.forward(weights, (x,), (), mode)
        assert all(weights[name].tobytes() == array.tobytes() for name, array in before.items())
        rows = rows_that_count(x, VECTORS)
        mean = 0.3 * rows.mean(axis=0) + 0.7 * mean
        variance = 0.05 * rows.var(axis=0) + 0.95 * variance
        assert set(result.statistics) == {"TrainedMean", "TrainedVariance"}
        assert all(array.dtype == np.float32 for array in result.statistics.values())
        np.testing.assert_allclose(result.statistics["TrainedMean"], mean, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(result.statistics["TrainedVariance"], variance, rtol=1e-6)
        weights = {**weights, **result.statistics}


def test_what_is_remembered_is_the_last_mini_batch_or_the_first_estimate():
    """Decay 1 and 0."""
    layer, weights = layer_of("batchNormalization: {MeanDecay: 1, VarianceDecay: 0}")
    x = signal_of_size(VECTORS, LENGTHS, dtype=np.float32)
    found = layer.forward(weights, (x,), (), training()).statistics
    np.testing.assert_allclose(found["TrainedMean"], rows_that_count(x, VECTORS).mean(axis=0), rtol=1e-6)
    assert found["TrainedVariance"].tolist() == [1, 1, 1, 1]


def test_a_piece_of_which_nothing_counts_changes_no_estimate():
    layer, weights = layer_of("batchNormalization")
    x = signal_of_size(VECTORS, LENGTHS, dtype=np.float32)
    result = layer.forward(weights, (x._replace(stop=x.start),), (), training())
    names = ("TrainedMean", "TrainedVariance")
    assert {name: array.tolist() for name, array in result.statistics.items()} == {
        name: weights[name].tolist() for name in names
    }
    assert np.isfinite(result.outputs[0].data).all()


@pytest.mark.parametrize("size", [VECTORS, ONCE], ids=["vectors", "once"])
def test_prediction_normalizes_by_the_trained_statistics(size):
    layer, weights = layer_of(f"batchNormalization: {{Epsilon: 0.01, {GIVEN}}}", size)
    x = signal_of_size(size, LENGTHS, dtype=np.float32)
    result = layer.forward(weights, (x,), (), Mode(saves=False))
    want = by_formula(x.data, weights, weights["TrainedMean"], weights["TrainedVariance"], 0.01)
    got = result.outputs[0].data
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE * np.abs(want).max())
    assert dict(result.statistics) == {}


def test_predictions_in_the_same_memory_are_those_in_a_new_one():
    layer, weights = layer_of(f"batchNormalization: {{{GIVEN}}}")
    mode = Mode(saves=False)
    for seed, lengths in enumerate((LENGTHS, (2,), LENGTHS)):
        x = signal_of_size(VECTORS, lengths, dtype=np.float32, seed=seed)
        got = layer.forward(weights, (x,), (), mode).outputs[0].data
        assert got.tobytes() == layer.forward(weights, (x,), (), Mode()).outputs[0].data.tobytes()


def test_a_constant_channel_becomes_the_offset():
    layer, weights = layer_of("batchNormalization")
    x = signal_of_size(VECTORS, (3, 3), dtype=np.float32)
    x.data[..., 1] = 7.3
    y = layer.forward(weights, (x,), (), training()).outputs[0].data
    assert (y[..., 1] == weights["Offset"][1]).all()


@pytest.mark.parametrize("size", [VECTORS, IMAGES], ids=["vectors", "images"])
def test_prediction_against_onnx_runtime(size):
    layer, weights = layer_of("batchNormalization: {Epsilon: 0.001}", size)
    random = np.random.default_rng(5)
    weights["TrainedMean"] = random.normal(size=size.channels).astype(np.float32)
    weights["TrainedVariance"] = random.uniform(0.1, 2, size.channels).astype(np.float32)
    x = signal_of_size(size, LENGTHS, dtype=np.float32)
    got = layer.forward(weights, (x,), (), Mode()).outputs[0].data
    rows = x.data.reshape(-1, size.channels)
    names = ("Scale", "Offset", "TrainedMean", "TrainedVariance")
    node = helper.make_node("BatchNormalization", ["x", *names], ["y"], epsilon=0.001)
    shapes = {"x": rows.shape} | {name: (size.channels,) for name in names}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, rows.shape)
    model = helper.make_model(
        helper.make_graph([node], "normalization", inputs, [output]),
        opset_imports=[helper.make_opsetid("", 15)],
        ir_version=8,
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (want,) = session.run(["y"], {"x": rows} | {name: weights[name] for name in names})
    np.testing.assert_allclose(
        got.reshape(want.shape), want, rtol=0, atol=TOLERANCE * max(1, np.abs(want).max())
    )


def test_learnables_and_statistics_begin_as_in_matlab():
    node = node_of(build("sequenceInput: 3, batchNormalization, regression"), "batchNormalization")
    weights = build("sequenceInput: 3, batchNormalization, regression").weights[node.name]
    assert {name: array.tolist() for name, array in weights.items()} == {
        "Scale": [1, 1, 1],
        "Offset": [0, 0, 0],
        "TrainedMean": [0, 0, 0],
        "TrainedVariance": [1, 1, 1],
    }
    assert [p.name for p in node.parameters(Role.STATISTIC)] == ["TrainedMean", "TrainedVariance"]
    learnables = node.parameters(Role.LEARNABLE)
    assert all((p.learn_rate_factor, p.l2_factor) == (1, 1) for p in learnables)


def test_initializers_and_factors_are_of_their_own_learnables():
    drawn = "ScaleInitializer: narrow-normal, OffsetInitializer: ones"
    factors = "ScaleLearnRateFactor: 2, OffsetL2Factor: 3"
    network = build(f"sequenceInput: 100, batchNormalization: {{{drawn}, {factors}}}, regression")
    node = node_of(network, "batchNormalization")
    weights = network.weights[node.name]
    assert 0.005 < weights["Scale"].std() < 0.02
    assert (weights["Offset"] == 1).all()
    factors = {p.name: (p.learn_rate_factor, p.l2_factor) for p in node.parameters(Role.LEARNABLE)}
    assert factors == {"Scale": (2, 1), "Offset": (1, 3)}


def test_the_number_of_channels_must_agree():
    with pytest.raises(SpecError, match=r"`batchnorm` has `NumChannels` 4, but .* gives 3 channels"):
        build("sequenceInput: 3, batchNormalization: {NumChannels: 4}, regression")


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("batchNormalization", "Batch normalization"),
        ("batchNormalization: {NumChannels: 4}", "Batch normalization with 4 channels"),
    ],
)
def test_it_is_listed_as_in_matlab(text, listed):
    assert layer_of(text)[0].describe() == listed
