"""What is said of layers: sizes with their letters, arrays, inputs that are not simply the layer before."""

from analysis.networks import CHAIN, FOLDED, STATES, graph_of

from lstmcli.analysis.wording import activations, arrays, inputs, total
from lstmcli.layers.layer import Role


def facts(layers, fact):
    """What is said of each layer, by its name."""
    graph = graph_of(layers)
    return {node.name: fact(graph, place) for place, node in enumerate(graph.nodes)}


def test_activations_have_letters():
    assert facts(CHAIN, lambda graph, place: activations(graph.nodes[place])) == {
        "sequenceinput": ("12(C) x 1(B) x 1(T)",),
        "lstm": ("100(C) x 1(B)",),
        "fc": ("9(C) x 1(B)",),
        "softmax": ("9(C) x 1(B)",),
        "classoutput": ("9(C) x 1(B)",),
    }


def test_images_have_two_sides_and_folded_ones_no_time():
    assert facts(FOLDED, lambda graph, place: activations(graph.nodes[place])) == {
        "sequenceinput": ("28(S) x 24(S) x 3(C) x 1(B) x 1(T)",),
        "fold": ("out 28(S) x 24(S) x 3(C) x 1(B)", "miniBatchSize 1"),
        "fc": ("20(C) x 1(B)",),
        "unfold": ("20(C) x 1(B) x 1(T)",),
        "regressionoutput": ("20(C) x 1(B) x 1(T)",),
    }


def test_each_of_several_outputs_has_its_size():
    encoder = graph_of(STATES).nodes[1]
    assert activations(encoder) == ("out 50(C) x 1(B) x 1(T)", "hidden 50(C) x 1(B)", "cell 50(C) x 1(B)")


def test_inputs_are_said_where_they_are_not_the_layer_before():
    assert facts(STATES, inputs) == {
        "sequenceinput": (),
        "encoder": (),
        "decoder": ("in: sequenceinput", "hidden: encoder/hidden", "cell: encoder/cell"),
        "fc": (),
        "regressionoutput": (),
    }
    assert facts(FOLDED, inputs)["unfold"] == ("in: fc", "miniBatchSize: fold/miniBatchSize")


def test_another_output_of_the_layer_before_is_no_simple_input():
    layers = "sequenceInput: 2, lstm: {NumHiddenUnits: 3, HasStateOutputs: true}, "
    assert facts(layers + "{fullyConnected: 1, inputs: lstm/cell}, regression", inputs)["fc"] == (
        "in: lstm/cell",
    )


def test_arrays_and_their_total():
    graph = graph_of(CHAIN)
    lstm, fc = graph.nodes[1:3]
    assert arrays(lstm, Role.LEARNABLE) == ("InputWeights 400x12", "RecurrentWeights 400x100", "Bias 400x1")
    assert arrays(lstm, Role.STATE) == ("HiddenState 100x1", "CellState 100x1")
    assert arrays(fc, Role.LEARNABLE) == ("Weights 9x100", "Bias 9x1")
    assert (total(graph, Role.LEARNABLE), total(graph, Role.STATE)) == (46109, 200)
