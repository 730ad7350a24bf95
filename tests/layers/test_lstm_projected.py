"""lstmProjected: an lstm whose weights are products, with gradients of both factors."""

import numpy as np
import pytest
from layers.example import VECTORS, Example, Size
from layers.networks import answers, build, random_sequences, randomize

from lstmcli.graph import Network

PROPERTIES = """Name NumHiddenUnits OutputProjectorSize InputProjectorSize OutputMode InputSize
    StateActivationFunction GateActivationFunction HasStateInputs HasStateOutputs HiddenState CellState
    InputWeightsInitializer RecurrentWeightsInitializer InputProjectorInitializer OutputProjectorInitializer
    BiasInitializer InputWeights RecurrentWeights InputProjector OutputProjector Bias
    InputWeightsLearnRateFactor RecurrentWeightsLearnRateFactor InputProjectorLearnRateFactor
    OutputProjectorLearnRateFactor BiasLearnRateFactor InputWeightsL2Factor RecurrentWeightsL2Factor
    InputProjectorL2Factor OutputProjectorL2Factor BiasL2Factor"""
REQUIRED = ("NumHiddenUnits: 3", "OutputProjectorSize: 2", "InputProjectorSize: 2")
STATE = Size(3, None)
EXAMPLES = (
    Example("lstmProjected: [3, 2, 2]"),
    Example("lstmProjected: {NumHiddenUnits: 17, OutputProjectorSize: 5, InputProjectorSize: 7}"),
    Example(
        "lstmProjected: {NumHiddenUnits: 5, OutputProjectorSize: 5, InputProjectorSize: 1, OutputMode: last}",
        once=True,
    ),
    Example(
        "lstmProjected: {NumHiddenUnits: 3, OutputProjectorSize: 2, InputProjectorSize: 2, "
        "HasStateInputs: true, HasStateOutputs: true, inputs: [b, a/hidden, a/cell]}",
        (VECTORS, STATE, STATE),
        network="sequenceInput: 4, lstm: {NumHiddenUnits: 3, HasStateOutputs: true, Name: a}, "
        "fullyConnected: {OutputSize: 4, Name: b}, {}, fullyConnected: 2, regression",
    ),
)


@pytest.mark.parametrize("mode", ["sequence", "last"])
def test_it_is_the_lstm_of_the_products(mode):
    projected = randomize(
        build(
            "sequenceInput: 6, lstmProjected: {NumHiddenUnits: 9, OutputProjectorSize: 4, "
            f"InputProjectorSize: 3, OutputMode: {mode}, Name: it}}, regression"
        )
    )
    own = projected.weights["it"]
    plain = build(f"sequenceInput: 6, lstm: {{NumHiddenUnits: 9, OutputMode: {mode}, Name: it}}, regression")
    weights = {name: own[name] for name in ("Bias", "HiddenState", "CellState")}
    weights["InputWeights"] = own["InputWeights"] @ own["InputProjector"].T
    weights["RecurrentWeights"] = own["RecurrentWeights"] @ own["OutputProjector"].T
    same = Network(plain.graph, {**plain.weights, "it": weights})
    sequences = random_sequences([7, 3, 12], 6)
    for got, want in zip(answers(projected, sequences), answers(same, sequences), strict=True):
        np.testing.assert_allclose(got, want, rtol=0, atol=2e-6)


def test_sizes_and_initial_values():
    own = build("sequenceInput: 6, lstmProjected: [9, 4, 3], regression").weights["lstmProjected"]
    shapes = {name: array.shape for name, array in own.items()}
    assert shapes == {
        "InputWeights": (36, 3),
        "RecurrentWeights": (36, 4),
        "Bias": (36,),
        "InputProjector": (6, 3),
        "OutputProjector": (9, 4),
        "HiddenState": (9,),
        "CellState": (9,),
    }
    for name in ("InputProjector", "OutputProjector", "RecurrentWeights"):
        np.testing.assert_allclose(own[name].T @ own[name], np.eye(own[name].shape[1]), atol=1e-6)
    assert own["Bias"].tolist() == [0.0] * 9 + [1.0] * 9 + [0.0] * 18


def test_a_projection_may_be_larger_than_what_it_projects():
    own = build("sequenceInput: 2, lstmProjected: [3, 4, 5], regression").weights["lstmProjected"]
    for name in ("InputProjector", "OutputProjector"):
        np.testing.assert_allclose(own[name] @ own[name].T, np.eye(len(own[name])), atol=1e-6)
