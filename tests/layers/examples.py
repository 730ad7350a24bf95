"""Every layer in a few configurations, each in the smallest network around it."""

from lstmcli.layers import LAYERS
from lstmcli.layers.bilstm import Bilstm
from lstmcli.layers.classification_output import ClassificationOutput
from lstmcli.layers.dropout import Dropout
from lstmcli.layers.fully_connected import FullyConnected
from lstmcli.layers.layer import Layer
from lstmcli.layers.lstm import Lstm
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.regression_output import RegressionOutput
from lstmcli.layers.sequence_input import STATISTICS, SequenceInput
from lstmcli.layers.softmax import Softmax

_RECURRENT = (
    "{NumHiddenUnits: 3}",
    "{NumHiddenUnits: 17, OutputMode: last, InputSize: 4}",
    "{NumHiddenUnits: 2, StateActivationFunction: softsign, GateActivationFunction: hard-sigmoid}",
    "{NumHiddenUnits: 5, StateActivationFunction: relu, OutputMode: last}",
)
EXAMPLES: dict[type[Layer], tuple[str, ...]] = {
    SequenceInput: tuple(f"sequenceInput: {{InputSize: 4, Normalization: {word}}}" for word in STATISTICS),
    Lstm: tuple(f"lstm: {properties}" for properties in _RECURRENT),
    Bilstm: tuple(f"bilstm: {properties}" for properties in _RECURRENT),
    FullyConnected: ("fullyConnected: 3", "fullyConnected: {OutputSize: 1, InputSize: 4}"),
    Dropout: ("dropout", "dropout: 0.2", "dropout: 0"),
    Softmax: ("softmax",),
    ClassificationOutput: (
        "classification",
        "classification: {Classes: [a, b, c], ClassWeights: [1, 2, 0.5]}",
    ),
    RegressionOutput: ("regression", "regression: {ResponseNames: [a, b, c]}"),
}
CASES = [(layer, text) for layer in LAYERS for text in EXAMPLES.get(layer, ())]
"""Each layer class with the text of each of its examples."""

REQUIRED = {
    SequenceInput: "InputSize: 4",
    Lstm: "NumHiddenUnits: 3",
    Bilstm: "NumHiddenUnits: 3",
    FullyConnected: "OutputSize: 3",
}
"""What a layer cannot do without, as it stands in a mapping."""


TIMELESS = {FullyConnected, Dropout, Softmax, ClassificationOutput, RegressionOutput}
"""Layers that also take an input without a time axis."""


def around(layer: type[Layer], text: str) -> str:
    """The layers of a network with this one in it; 4 channels go in."""
    if layer is SequenceInput:
        return f"{text}, fullyConnected: 3, regression"
    if issubclass(layer, OutputLayer):
        before = f"{layer.follows}, " if layer.follows else ""
        return f"sequenceInput: 4, fullyConnected: 3, {before}{text}"
    return f"sequenceInput: 4, {text}, fullyConnected: 2, regression"
