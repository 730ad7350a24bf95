"""What layers give: by networks that end there, by the formulas, and by each sequence alone."""

from itertools import pairwise

import naive
import numpy as np
import pytest
from layers.networks import answers, build, one_by_one, options, random_sequences, randomize

from lstmcli.activations import Probe, activations, find_probe
from lstmcli.blocks import answer_blocks
from lstmcli.data.selection import select
from lstmcli.errors import Fault
from lstmcli.kernels.memory import Memory
from lstmcli.prediction import predict

LENGTHS = (5, 9, 1, 7, 4)
SETTINGS = (
    {},
    {"mask_padding": True},
    {"sequence_padding_direction": "left"},
    {"sequence_length": 3},
    {"sequence_length": 3, "mask_padding": True},
    {"sequence_length": "shortest", "sequence_padding_direction": "left"},
    {"mini_batch_size": 2},
)
settings = pytest.mark.parametrize("changes", SETTINGS, ids=str)
ENDS = {
    "labels of steps": "lstm: 3, fullyConnected: 2, softmax, classification: {Classes: [a, b]}",
    "a label": "lstm: {NumHiddenUnits: 3, OutputMode: last}, fullyConnected: 2, softmax, classification",
    "responses": "bilstm: {NumHiddenUnits: 3, OutputMode: last}, fullyConnected: 2, regression",
}


def look(network, layer, sequences, gates=False, **changes):
    """What the layer gives to each sequence."""
    probe = find_probe(network.graph, layer, gates)
    assert isinstance(probe, Probe), probe
    found = list(activations(network, probe, sequences, options(**changes), Memory()))
    assert [one.row for one in found] == list(range(len(sequences)))
    assert all(one.values.shape[-1] == len(probe.names) for one in found)
    return found


def check_same(found, wanted):
    assert [one.tobytes() for one in found] == [one.tobytes() for one in wanted]


@settings
@pytest.mark.parametrize("end", ENDS)
def test_the_last_layer_gives_what_is_predicted(end, changes):
    network = randomize(build(f"sequenceInput: 2, {ENDS[end]}"))
    if end == "responses":
        network.weights["regressionoutput"]["ResponseScale"][:] = 2, 3
    sequences, name = random_sequences(LENGTHS, 2), network.graph.nodes[-1].name
    found, wanted = (
        look(network, name, sequences, **changes),
        list(predict(network, sequences, options(**changes))),
    )
    check_same([one.values for one in found], [one.values for one in wanted])
    assert [one.first_step for one in found] == [one.first_step for one in wanted]


@settings
@pytest.mark.parametrize("place", range(5))
def test_a_layer_gives_what_a_network_that_ends_there_answers(place, changes):
    layers = (
        "sequenceInput: {InputSize: 2, Normalization: zscore}",
        "lstm: 3",
        "fullyConnected: {OutputSize: 2, inputs: lstm}",
        "concatenation: {Dim: 1, NumInputs: 2, inputs: [lstm, fc]}",
        "convolution1d: {FilterSize: 3, NumFilters: 2, Padding: causal}",
    )
    network = randomize(build(", ".join((*layers, "gru: 3, regression"))))
    ending = build(", ".join((*layers[: place + 1], "regression")))
    for name, arrays in ending.weights.items():
        arrays.update(network.weights[name] if name != "regressionoutput" else {})
    sequences, layer = random_sequences(LENGTHS, 2), network.graph.nodes[place].name
    found = look(network, layer, sequences, **changes)
    check_same([one.values for one in found], answers(ending, sequences, **changes))


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("side", ["left", "right"])
def test_layers_with_other_steps_give_those_of_each_sequence_alone(side, masked):
    """Where padding is data on the left, the windows of a sequence lie elsewhere: their number stays."""
    layers = "sequenceInput: 2, convolution1d: {FilterSize: 3, NumFilters: 4, Stride: 2}, maxPooling1d: 2"
    end = "globalMaxPooling1d, fullyConnected: 1, regression"
    network, sequences = randomize(build(f"{layers}, {end}")), random_sequences((9, 20, 7, 4), 2)
    for layer, counts in (("conv1d", (4, 9, 3, 1)), ("maxpool1d", (3, 8, 2, 0))):
        found = look(network, layer, sequences, sequence_padding_direction=side, mask_padding=masked)
        assert [len(one.values) for one in found] == list(counts)
        if masked or side == "right":
            alone = [look(network, layer, one)[0].values for one in one_by_one(sequences)]
            check_same([one.values for one in found], alone)


@pytest.mark.parametrize("layer", ["sequenceinput", "seqfold", "flatten"])
def test_images_are_columns_as_matlab_has_them(layer):
    unfolding = "sequenceUnfolding: {inputs: [seqfold, seqfold/miniBatchSize]}"
    layers = f"sequenceInput: [2, 3, 2], sequenceFolding, {unfolding}"
    network = build(f"{layers}, flatten, fullyConnected: 1, regression")
    sequences = random_sequences(LENGTHS, 12)
    found = look(network, layer, sequences)
    np.testing.assert_array_equal(np.concatenate([one.values for one in found]), sequences.values)
    names = find_probe(network.graph, layer, False).names
    if layer == "flatten":
        assert names[:2] == ("flatten_1", "flatten_2")
    else:
        places = ["1_1_1", "2_1_1", "1_2_1", "2_2_1", "1_3_1", "2_3_1", "1_1_2"]
        assert names[:7] == tuple(f"{layer}_{place}" for place in places)


def test_other_outputs():
    first = "lstm: {NumHiddenUnits: 3, HasStateOutputs: true}"
    inputs = "[lstm, lstm/hidden, lstm/cell]"
    second = f"lstm: {{NumHiddenUnits: 3, HasStateInputs: true, Name: two, inputs: {inputs}}}"
    network = randomize(build(f"sequenceInput: 2, {first}, {second}, regression"))
    sequences = random_sequences(LENGTHS, 2)
    out, hidden, cell = (
        look(network, f"lstm{port}", sequences, mask_padding=True) for port in ("", "/hidden", "/CELL")
    )
    gates = look(network, "lstm", sequences, gates=True, mask_padding=True)
    for n in range(len(LENGTHS)):
        np.testing.assert_array_equal(hidden[n].values, out[n].values[-1])
        np.testing.assert_array_equal(cell[n].values, gates[n].values[-1, 12:15])
    names = find_probe(network.graph, "lstm/cell", False).names
    assert names == ("lstm_cell_1", "lstm_cell_2", "lstm_cell_3")


def naive_gates(layer, weights, x, start, stop):
    """By the formulas, [T, B, n DH]."""
    arrays = [weights[name] for name in ("InputWeights", "RecurrentWeights", "Bias")]
    names = ("HiddenState",) if layer == "gru" else ("HiddenState", "CellState")
    states = [np.tile(weights[name], (x.shape[1], 1)) for name in names]
    if layer == "gru":
        return np.concatenate(naive.gru_inside(x, *arrays, *states, start, stop, 0, 0, False), axis=-1)
    if layer == "lstmProjected":
        arrays[0] = arrays[0] @ weights["InputProjector"].T
        arrays[1] = arrays[1] @ weights["OutputProjector"].T
    D, p = 2 if layer == "bilstm" else 1, weights.get("PeepholeWeights")
    found = []
    for d in range(D):
        own = [np.split(a, D)[d] for a in arrays], [np.split(a, D, axis=-1)[d] for a in states]
        found.append(naive.lstm_inside(x, *own[0], *own[1], start, stop, 0, 0, d == 1, p))
    return np.concatenate(np.concatenate(found, axis=-1), axis=-1)


LAYERS = {
    "lstm": "NumHiddenUnits: 9",
    "gru": "NumHiddenUnits: 17",
    "lstmProjected": "NumHiddenUnits: 9, OutputProjectorSize: 2, InputProjectorSize: 2",
    "peepholeLSTM": "NumHiddenUnits: 9",
    # Its second direction sees a piece at a time.
    "bilstm": "NumHiddenUnits: 9",
}


@pytest.mark.parametrize("mode", ["sequence", "last"])
@pytest.mark.parametrize(
    ("layer", "pieces"),
    [(layer, "longest") for layer in LAYERS] + [(layer, 3) for layer in list(LAYERS)[:-1]],
)
def test_gates_are_those_of_the_formulas(layer, pieces, mode):
    text = f"{layer}: {{{LAYERS[layer]}, Name: r"
    network = randomize(
        build(
            f"sequenceInput: 2, fullyConnected: 3, {text}, OutputMode: {mode}}}, regression", dtype=np.float64
        )
    )
    sequences = random_sequences(LENGTHS, 2)
    found = look(network, "r", sequences, gates=True, mask_padding=True, sequence_length=pieces)
    weights = network.weights
    for n, one in enumerate(one_by_one(sequences)):
        x = one.values @ weights["fc"]["Weights"].T + weights["fc"]["Bias"]
        wanted = naive_gates(layer, weights["r"], x[:, None], [0], [LENGTHS[n]])
        assert found[n].values.dtype == np.float64
        np.testing.assert_allclose(found[n].values, wanted[:, 0], rtol=0, atol=1e-12)


def test_gates_are_named_by_the_equations():
    network = build("sequenceInput: 1, lstm: 2, gru: 1, bilstm: 1, regression")
    for layer, wanted in (
        ("lstm", "i_1 i_2 f_1 f_2 g_1 g_2 o_1 o_2 c_1 c_2 h_1 h_2"),
        ("gru", "r_1 z_1 n_1 h_1"),
        ("biLSTM", "i_1 i_2 f_1 f_2 g_1 g_2 o_1 o_2 c_1 c_2 h_1 h_2"),
    ):
        assert " ".join(find_probe(network.graph, layer, True).names) == wanted


@pytest.mark.parametrize(
    ("text", "gates", "message", "help"),
    [
        ("lsmt", False, "LAYER names `lsmt`, which is no layer", "did you mean `lstm`?"),
        ("lstm/out2", False, "lstm `lstm` has no output `out2`", "its output is `lstm/out`"),
        ("lstm/cell", False, "lstm `lstm` has no output `cell`", "`--gates` gives the states of each step"),
        ("fc", True, "`fc` has no gates", "the layers with gates are `lstm`"),
        ("lstm/out", True, "`lstm/out` has no gates", "the layers with gates are `lstm`"),
        (
            "seqfold/miniBatchSize",
            False,
            "`seqfold/miniBatchSize` has no numbers: it tells an unfolding how the frames lie",
            None,
        ),
    ],
)
def test_what_is_no_output(text, gates, message, help):
    unfolding = "sequenceUnfolding: {inputs: [fc, seqfold/miniBatchSize]}"
    layers = f"sequenceInput: 1, sequenceFolding, fullyConnected: 2, {unfolding}"
    network = build(f"{layers}, lstm: 2, regression")
    assert find_probe(network.graph, text, gates) == Fault(message, None, help)


@settings
@pytest.mark.parametrize("by_length", [False, True])
def test_blocks_do_not_change_answers(changes, by_length):
    network = randomize(build("sequenceInput: 2, lstm: 3, regression"))
    sequences = random_sequences(LENGTHS, 2)
    run = options(**{"mini_batch_size": 2, **changes})

    def found(edges):
        blocks = (select(sequences, np.arange(a, b)) for a, b in pairwise(edges))
        answered = answer_blocks(lambda some: predict(network, some, run), blocks, run, by_length)
        return [(some.ids[one.row], one.values.tobytes()) for some, ones in answered for one in ones]

    whole = found([0, 5])
    assert [id for id, _ in whole] == list(sequences.ids)
    assert found([0, 1, 4, 5]) == found(range(6)) == whole
