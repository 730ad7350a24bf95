"""Pieces of sequences that are too short for windows without padding: no time steps are left of them."""

import numpy as np
import pytest
from layers.networks import answers, build, options, random_sequences, random_targets, randomize
from training.sessions import start

from lstmcli.data_fit import check_sequences
from lstmcli.errors import DataError
from lstmcli.kernels.memory import Memory
from lstmcli.layers.layer import Mode
from lstmcli.minibatches import make_mini_batch, split
from lstmcli.records import Data, Sequences
from lstmcli.training.pass_over import learn_from

LENGTHS, PIECE = [10, 9, 10, 8, 10], 7
"""The last pieces have 3 steps and less."""
SHORTEN = ("maxPooling1d: 4", "maxPooling1d: {PoolSize: 4, Stride: 4}", "convolution1d: [4, 3]")
LAYERS = (
    "averagePooling1d: 2",
    "batchNormalization",
    "bilstm: 3",
    "convolution1d: [2, 3]",
    "convolution1d: {FilterSize: 2, NumFilters: 3, Stride: 2, Padding: same, PaddingValue: replicate}",
    "dropout: 0.3",
    "flip",
    "fullyConnected: 4",
    "gru: 3",
    "layerNormalization",
    "layerNormalization: {OperationDimension: batch-excluded}",
    "lstm: 3",
    "lstmProjected: [3, 2, 2]",
    "peepholeLSTM: 3",
    "relu",
    "selfAttention: [2, 4]",
    "spatialDropout: {Probability: 0.3}",
)
ENDS = (
    "globalAveragePooling1d",
    "globalMaxPooling1d",
    "indexing1d: last",
    "gru: {NumHiddenUnits: 2, OutputMode: last}",
    "bilstm: {NumHiddenUnits: 2, OutputMode: last}",
)
masked_or_not = pytest.mark.parametrize("masked", [True, False], ids=["masked", "padding as data"])


def data_for(layers):
    sequences = random_sequences(LENGTHS, 3)
    return Data(sequences, random_targets(build(layers), sequences))


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("shorten", SHORTEN)
@masked_or_not
def test_networks_learn_and_answer(layer, shorten, masked):
    end = ENDS[LAYERS.index(layer) % len(ENDS)]
    layers = f"sequenceInput: 3, fullyConnected: 3, {shorten}, {layer}, {end}, fullyConnected: 2"
    layers = f"{layers}, softmax, classification"
    data = data_for(layers)
    own = {"MaxEpochs": 2, "MiniBatchSize": 3, "SequenceLength": PIECE, "MaskPadding": str(masked).lower()}
    session = start(layers, data, **own)
    steps = session.finish()
    assert len(steps) == 4
    assert all(np.isfinite(step.loss) for step in steps)
    network = randomize(session.network)
    found = answers(network, data.sequences, sequence_length=PIECE, mask_padding=masked)
    assert all(np.isfinite(scores).all() for scores in found)


@pytest.mark.parametrize("layer", LAYERS)
@masked_or_not
def test_what_has_no_steps_learns_nothing(layer, masked):
    layers = f"sequenceInput: 3, fullyConnected: 3, maxPooling1d: 4, {layer}, globalAveragePooling1d"
    network = randomize(build(f"{layers}, fullyConnected: {{OutputSize: 2, Name: end}}, regression"))
    sequences, memory = random_sequences(LENGTHS, 3), Memory()
    targets, rows = random_targets(network, sequences), np.arange(len(LENGTHS))
    batch = make_mini_batch(sequences, targets, rows, options(mask_padding=masked))
    states, norms = network.graph.initial_states(network.weights, len(rows)), []
    for piece in split(batch, PIECE):
        mode = Mode(np.random.default_rng(0), memory=memory)
        outcome = learn_from(network, piece, states, masked, mode)
        own = [a for name, arrays in outcome.gradients.items() for a in arrays.values() if name != "end"]
        norms.append([np.abs(gradient).max() for gradient in own])
        states = network.graph.carried(outcome.states, network.weights)
    assert max(norms[0]) > 0
    assert max(norms[-1]) == 0


@pytest.mark.parametrize("word", ["lstm", "gru", "peepholeLSTM"])
@pytest.mark.parametrize("before", ["", "lstm: 3, "])
@masked_or_not
def test_states_wait_for_what_comes(word, before, masked):
    """A piece without steps changes neither them nor what they answer."""
    layers = f"sequenceInput: 3, maxPooling1d: {{PoolSize: 4, Stride: 4}}, {before}"
    network = randomize(
        build(f"{layers}{word}: {{NumHiddenUnits: 3, OutputMode: last}}, fullyConnected: 2, regression")
    )
    ten = random_sequences([10], 3)
    eight = Sequences(ten.values[:8], np.array([0, 8]), ten.ids)
    own = {"sequence_length": 4, "mask_padding": masked}
    (got,), (want,) = answers(network, ten, **own), answers(network, eight, **own)
    assert got.tobytes() == want.tobytes()


@masked_or_not
def test_trained_statistics_stay(masked):
    layers = "sequenceInput: 3, maxPooling1d: 4, batchNormalization, globalMaxPooling1d"
    layers = f"{layers}, fullyConnected: 2, regression"
    session = start(
        layers,
        data_for(layers),
        MaxEpochs=2,
        MiniBatchSize=5,
        SequenceLength=PIECE,
        Shuffle="never",
        MaskPadding=str(masked).lower(),
    )
    name = next(node.name for node in session.graph.nodes if node.layer.word == "batchNormalization")
    found = []
    for _ in session.steps():
        weights = session.run.weights[name]
        found.append([weights[key].tobytes() for key in ("TrainedMean", "TrainedVariance")])
    assert found[0] == found[1] != found[2] == found[3]


WIDENING = (
    "convolution1d: [4, 3], convolution1d: {FilterSize: 4, NumFilters: 2, Padding: [3, 3]}, regression",
    "convolution1d: {FilterSize: 4, NumFilters: 3, Name: a}, tanh: {Name: b}, addition: "
    "{NumInputs: 2, inputs: [a, b]}, globalAveragePooling1d, fullyConnected: 2, regression",
)


@pytest.mark.parametrize("layers", WIDENING)
def test_pieces_that_are_too_short_are_refused_where_steps_are_counted(layers):
    """What is cut to nothing and padded again has more steps than T says."""
    graph, sequences = build(f"sequenceInput: 3, {layers}").graph, random_sequences([14, 9, 9], 3)
    with pytest.raises(DataError) as caught:
        check_sequences(graph, sequences, options(sequence_length=7), trained=False)
    (fault,) = caught.value.faults
    assert fault.message == (
        "sequence `2` has 9 time steps, of which `SequenceLength` 7 leaves 2 for the last piece, "
        f"but convolution1d `{'conv1d_1' if 'Name' not in layers else 'a'}` leaves T - 3 of T time steps"
    )
    assert fault.help == "choose another `SequenceLength`, or longest"
    for length in (9, 5, "longest"):
        check_sequences(graph, sequences, options(sequence_length=length), trained=False)


def test_where_no_steps_are_counted_they_are_not():
    graph = build(f"sequenceInput: 3, {SHORTEN[0]}, {ENDS[0]}, fullyConnected: 2, regression").graph
    check_sequences(graph, random_sequences(LENGTHS, 3), options(sequence_length=PIECE), trained=False)
