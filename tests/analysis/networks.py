"""Networks to analyze and to draw."""

from layers.networks import read

from lstmcli.graph import Graph
from lstmcli.graph_building import build_graph

CHAIN = (
    "sequenceInput: 12, lstm: {NumHiddenUnits: 100, OutputMode: last}, "
    "fullyConnected: 9, softmax, classification"
)
STATES = (
    "sequenceInput: 12, lstm: {NumHiddenUnits: 50, HasStateOutputs: true, Name: encoder}, "
    "lstm: {NumHiddenUnits: 50, HasStateInputs: true, Name: decoder, "
    "inputs: [sequenceinput, encoder/hidden, encoder/cell]}, fullyConnected: 3, regression"
)
FOLDED = (
    "sequenceInput: [[28, 24, 3]], sequenceFolding: {Name: fold}, fullyConnected: 20, "
    "sequenceUnfolding: {Name: unfold, inputs: [fc, fold/miniBatchSize]}, regression"
)
RESIDUAL = (
    "sequenceInput: {InputSize: 4, Name: x}, lstm: {NumHiddenUnits: 4, Name: h}, dropout, "
    "addition: {NumInputs: 2, inputs: [dropout, x]}, regression"
)
STRANGE = (
    'sequenceInput: {InputSize: 1, Name: "<a> & \\"b\\" \\\\n {c|d}"}, '
    "bilstm: {NumHiddenUnits: 1, Name: 値}, regression"
)
NETWORKS = {"chain": CHAIN, "states": STATES, "folded": FOLDED, "residual": RESIDUAL, "strange": STRANGE}


def graph_of(layers: str) -> Graph:
    """The graph of layers as they stand between the brackets of a YAML list."""
    return build_graph(read(layers).layers)
