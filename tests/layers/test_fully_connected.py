"""fullyConnected: the product at each step on its own, sizes and listing."""

import naive
import numpy as np
import pytest
from layers.example import IMAGES, ONCE, Example
from layers.networks import build, node_of, random_signal, randomize

from lstmcli.errors import SpecError
from lstmcli.layers.layer import Mode

PROPERTIES = """Name OutputSize InputSize WeightsInitializer BiasInitializer Weights Bias
    WeightLearnRateFactor BiasLearnRateFactor WeightL2Factor BiasL2Factor"""
REQUIRED = ("OutputSize: 3",)
EXAMPLES = (
    Example("fullyConnected: 3"),
    Example("fullyConnected: {OutputSize: 1, InputSize: 4}"),
    Example("fullyConnected: {OutputSize: 3, InputSize: 40}", (IMAGES,)),
    Example("fullyConnected: 3", (ONCE,)),
)


def network_of(inputs, outputs, **changes):
    layers = f"sequenceInput: {inputs}, fullyConnected: {outputs}, regression"
    return randomize(build(layers, **changes))


@pytest.mark.parametrize("time", [True, False])
@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (3, 1), (1, 4), (65, 70), (130, 9)])
def test_each_step_is_weights_times_input_plus_bias(inputs, outputs, time):
    network = network_of(inputs, outputs)
    node, x = (
        node_of(network, "fullyConnected"),
        random_signal((5, 3, 4), inputs, dtype=np.float32, time=time),
    )
    weights = network.weights["fc"]
    got = node.layer.forward(weights, (x,), (), Mode()).outputs[0].data
    rows = x.data.reshape(-1, inputs)
    want = naive.fully_connected_forward(rows, weights["Weights"], weights["Bias"])
    assert got.shape == (*x.data.shape[:-1], outputs)
    np.testing.assert_allclose(got.reshape(-1, outputs), want, rtol=1e-5, atol=1e-5)


def test_learnables_are_output_by_input():
    shapes = {name: array.shape for name, array in network_of(3, 5).weights["fc"].items()}
    assert shapes == {"Weights": (5, 3), "Bias": (5,)}


def test_the_bias_starts_at_zero():
    assert (build("sequenceInput: 3, fullyConnected: 5, regression").weights["fc"]["Bias"] == 0).all()


def test_the_input_size_must_agree():
    with pytest.raises(SpecError, match=r"fullyConnected `fc` has `InputSize` 4, but .* gives 3 channels"):
        build("sequenceInput: 3, fullyConnected: {OutputSize: 5, InputSize: 4}, regression")


def test_it_is_listed_as_in_matlab():
    assert node_of(network_of(3, 10), "fullyConnected").layer.describe() == "10 fully connected layer"
