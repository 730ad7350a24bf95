"""selfAttention: the formula with masks and heads, the same in ONNX Runtime, dropped scores, faults."""

import naive
import numpy as np
import pytest
from layers.example import Example
from layers.networks import build, node_of, random_signal, randomize
from oracle import onnx_networks as onnx

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode
from lstmcli.records import Signal

PROPERTIES = """Name NumHeads NumKeyChannels NumValueChannels OutputSize InputSize AttentionMask
    DropoutProbability WeightsInitializer BiasInitializer QueryWeights KeyWeights ValueWeights OutputWeights
    QueryBias KeyBias ValueBias OutputBias WeightLearnRateFactor BiasLearnRateFactor WeightL2Factor
    BiasL2Factor"""
REQUIRED = ("NumHeads: 2", "NumKeyChannels: 4")
EXAMPLES = (
    Example("selfAttention: [2, 6]"),
    Example(
        "selfAttention: {NumHeads: 3, NumKeyChannels: 3, NumValueChannels: 9, OutputSize: 5, InputSize: 4, "
        "AttentionMask: causal}"
    ),
    Example("selfAttention: {NumHeads: 2, NumKeyChannels: 4, DropoutProbability: 0.4}"),
)
MASKS = pytest.mark.parametrize("mask", ["none", "causal"])
SIDES = pytest.mark.parametrize("side", ["left", "right"])
LENGTHS = (7, 1, 40, 3)
TOLERANCE = 2e-6
"""Of the largest number, or of 1 where all are smaller."""


def layer_of(inputs, properties):
    """The layer and random weights that keep the outputs about 1."""
    network = build(f"sequenceInput: {inputs}, selfAttention: {{{properties}}}, regression")
    node = node_of(network, "selfAttention")
    return node.layer, randomize(network, scale=1 / np.sqrt(inputs)).weights[node.name]


def outputs(layer, weights, x, mode=None):
    return layer.forward(weights, (x,), (), mode or Mode()).outputs[0].data


def real(x):
    t = np.arange(len(x.data))[:, None]
    return (x.start <= t) & (t < x.stop)


def by_formula(layer, weights, x):
    """The whole layer in plain NumPy."""
    q, k, v = (
        x.data.astype(np.float64) @ weights[f"{name}Weights"].T + weights[f"{name}Bias"]
        for name in ("Query", "Key", "Value")
    )
    causal = layer.attention_mask == "causal"
    o = naive.attention(q, k, v, x.start, x.stop, layer.num_heads, causal)
    return o @ weights["OutputWeights"].T.astype(np.float64) + weights["OutputBias"]


def assert_close(got, want):
    assert got.shape == want.shape
    assert np.abs(got - want).max() <= TOLERANCE * max(1, np.abs(want).max())


@MASKS
@SIDES
@pytest.mark.parametrize(
    ("inputs", "heads", "keys", "values", "size"),
    [(4, 1, 4, 4, 4), (5, 3, 6, 9, 2), (16, 4, 64, 64, 16), (40, 2, 70, 34, 33), (3, 1, 1, 1, 1)],
)
def test_each_step_is_the_mean_of_values_by_scores(inputs, heads, keys, values, size, side, mask):
    sizes = f"NumKeyChannels: {keys}, NumValueChannels: {values}, OutputSize: {size}"
    layer, weights = layer_of(inputs, f"NumHeads: {heads}, {sizes}, AttentionMask: {mask}")
    x = random_signal(LENGTHS, inputs, side=side, dtype=np.float32)
    got, want = outputs(layer, weights, x), by_formula(layer, weights, x)
    assert got.dtype == np.float32
    assert_close(got[real(x)], want[real(x)])
    assert np.isfinite(got).all()


@MASKS
@pytest.mark.parametrize(("heads", "channels", "steps"), [(1, 8, 5), (4, 64, 29), (2, 20, 300)])
def test_it_is_what_onnx_runtime_computes(heads, channels, steps, mask):
    layer, weights = layer_of(
        channels, f"NumHeads: {heads}, NumKeyChannels: {channels}, AttentionMask: {mask}"
    )
    x = random_signal((steps, steps, steps), channels, dtype=np.float32)
    builder = onnx.Builder()

    def project(source, name):
        own = {"Weights": weights[f"{name}Weights"], "Bias": weights[f"{name}Bias"]}
        return onnx.fully_connected(builder, source, own)

    def by_heads(name, order):
        rows = onnx.reshape(builder, project("x", name), [0, 0, heads, channels // heads])
        return builder.node("Transpose", rows, perm=order)

    q, k, v = by_heads("Query", [1, 2, 0, 3]), by_heads("Key", [1, 2, 3, 0]), by_heads("Value", [1, 2, 0, 3])
    scores = builder.node("MatMul", q, k)
    scores = builder.node("Div", scores, builder.constant(np.sqrt(channels / heads)))
    if mask == "causal":
        hidden = np.where(np.tri(steps) > 0, 0, -np.inf)
        scores = builder.node("Add", scores, builder.constant(hidden))
    o = builder.node("Transpose", builder.node("MatMul", onnx.softmax(builder, scores), v), perm=[2, 0, 1, 3])
    (want,) = builder.run(x.data, None, [project(onnx.reshape(builder, o, [0, 0, channels]), "Output")])
    assert_close(outputs(layer, weights, x), want)


@MASKS
@pytest.mark.parametrize(("steps", "place"), [(1, 0), (5, 0), (5, 4), (5, 2)])
def test_a_step_alone_answers_with_its_own_value(steps, place, mask):
    layer, weights = layer_of(4, f"NumHeads: 2, NumKeyChannels: 4, AttentionMask: {mask}")
    data = random_signal((steps, steps), 4, dtype=np.float32).data
    start = np.full(2, place, np.int32)
    got = outputs(layer, weights, Signal(data, start, start + 1))[place]
    value = data[place] @ weights["ValueWeights"].T + weights["ValueBias"]
    assert_close(got, value @ weights["OutputWeights"].T + weights["OutputBias"])


def test_a_causal_step_does_not_see_later_ones():
    layer, weights = layer_of(4, "NumHeads: 2, NumKeyChannels: 4, AttentionMask: causal")
    x = random_signal((50, 50), 4, dtype=np.float32)
    whole = outputs(layer, weights, x)
    for steps in (1, 31, 32, 33, 49):
        cut = Signal(x.data[:steps], x.start, np.full_like(x.stop, steps))
        assert outputs(layer, weights, cut).tobytes() == whole[:steps].tobytes()


def test_the_order_of_steps_does_not_matter_without_a_mask():
    layer, weights = layer_of(4, "NumHeads: 2, NumKeyChannels: 4")
    x = random_signal((50, 50), 4, dtype=np.float32)
    order = np.random.default_rng(0).permutation(50)
    assert_close(outputs(layer, weights, x.with_data(x.data[order])), outputs(layer, weights, x)[order])


@MASKS
def test_the_bias_of_keys_changes_nothing(mask):
    """It adds the same to all scores of a query; its gradient is not even a rounding error."""
    layer, weights = layer_of(4, f"NumHeads: 2, NumKeyChannels: 4, AttentionMask: {mask}")
    x = random_signal((50, 50), 4, dtype=np.float32)
    without = outputs(layer, weights | {"KeyBias": np.zeros(4, np.float32)}, x)
    result = layer.forward(weights, (x,), (), Mode())
    assert_close(result.outputs[0].data, without)
    dy = random_signal((50, 50), 4, dtype=np.float32, seed=1).data
    gradients = layer.backward(weights, result.saved, (dy,), need_dx=True).gradients
    assert [name for name, gradient in gradients.items() if not gradient.any()] == ["KeyBias"]


@pytest.mark.parametrize("probability", [0.1, 0.5])
def test_scores_are_dropped_in_training(probability):
    """With values that are 1 at one step the outputs are the scores."""
    steps = 150
    layer, weights = layer_of(
        steps, f"NumHeads: 1, NumKeyChannels: {steps}, DropoutProbability: {probability}, OutputSize: auto"
    )
    for name in ("Value", "Output"):
        weights[f"{name}Weights"][:], weights[f"{name}Bias"][:] = np.eye(steps), 0
    data = np.repeat(np.eye(steps, dtype=np.float32)[:, None], 3, axis=1)
    x = Signal(data, np.zeros(3, np.int32), np.full(3, steps, np.int32))
    scores = outputs(layer, weights, x)
    assert (scores > 0).all()
    first, again, other = (
        outputs(layer, weights, x, Mode(np.random.default_rng(seed))).copy() for seed in (0, 0, 1)
    )
    kept = first != 0
    np.testing.assert_allclose(first[kept], scores[kept] / (1 - probability), rtol=2e-5)
    assert first.tobytes() == again.tobytes()
    # Six standard deviations.
    assert abs(kept.mean() - (1 - probability)) < 6 * np.sqrt(probability * (1 - probability) / kept.size)
    alike = probability**2 + (1 - probability) ** 2
    unrelated = [(kept, other != 0), (kept[:, 0], kept[:, 1]), (kept[1:], kept[:-1]), (kept, kept[::-1])]
    unrelated += [(kept[:, 0], kept[:, 0].T), (kept[..., 1:], kept[..., :-1])]
    for a, b in unrelated:
        assert abs((a == b).mean() - alike) < 6 * np.sqrt(2 * alike * (1 - alike) / a.size)


def test_learnables_have_the_sizes_of_the_page():
    sizes = "NumHeads: 2, NumKeyChannels: 4, NumValueChannels: 6, OutputSize: 5"
    network = build(f"sequenceInput: 3, selfAttention: {{{sizes}}}, regression")
    shapes = {name: array.shape for name, array in network.weights["selfattention"].items()}
    weights = {"QueryWeights": (4, 3), "KeyWeights": (4, 3), "ValueWeights": (6, 3), "OutputWeights": (5, 6)}
    biases = {"QueryBias": (4,), "KeyBias": (4,), "ValueBias": (6,), "OutputBias": (5,)}
    assert shapes == weights | biases
    assert all(not network.weights["selfattention"][name].any() for name in biases)


def test_factors_are_those_of_all_weights_and_all_biases():
    factors = "WeightLearnRateFactor: 2, BiasLearnRateFactor: 3, WeightL2Factor: 4, BiasL2Factor: 5"
    network = build(
        f"sequenceInput: 3, selfAttention: {{NumHeads: 1, NumKeyChannels: 2, {factors}}}, regression"
    )
    for parameter in node_of(network, "selfAttention").parameters():
        wanted = (2, 4) if parameter.name.endswith("Weights") else (3, 5)
        assert (parameter.learn_rate_factor, parameter.l2_factor) == wanted


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("NumKeyChannels: 5", "`NumKeyChannels` of selfAttention must be a multiple of `NumHeads` 2, got 5"),
        (
            "NumKeyChannels: 4, NumValueChannels: 3",
            "`NumValueChannels` of selfAttention must be a multiple of `NumHeads` 2, got 3",
        ),
        ("NumKeyChannels: 4, InputSize: 4", "has `InputSize` 4, but .* gives 3 channels"),
        ("NumKeyChannels: 4, HasScoresOutput: true", "`HasScoresOutput` is not a property of selfAttention"),
    ],
)
def test_what_does_not_go_together_is_refused(properties, message):
    with pytest.raises(SpecError, match=message):
        build(f"sequenceInput: 3, selfAttention: {{NumHeads: 2, {properties}}}, regression")


def test_it_needs_a_time_axis():
    with pytest.raises(SpecError, match="needs a time axis"):
        build(
            "sequenceInput: 3, lstm: {NumHiddenUnits: 4, OutputMode: last}, selfAttention: [2, 4], regression"
        )


def test_it_is_listed_as_in_matlab():
    layer, _ = layer_of(3, "NumHeads: 2, NumKeyChannels: 4")
    assert layer.describe() == "Self attention layer with 2 heads and 4 key channels"
