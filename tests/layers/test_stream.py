"""A sequence that comes in pieces is answered as it is in one piece, whoever else's pieces come between."""

from itertools import pairwise

import numpy as np
import pytest
from layers.examples import CASES
from layers.networks import answers, build, options, random_sequences, randomize, read

from lstmcli.carried_states import CarriedStates
from lstmcli.continuation import Continuation, answering_steps
from lstmcli.layers.recurrent import Recurrent
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.minibatches import make_mini_batch
from lstmcli.prediction import predict
from lstmcli.records import Sequences, Steps

NETWORKS = [
    "lstm: 20, fullyConnected: 4, softmax, classification",
    "lstm: 7, dropout, lstm: 30, fullyConnected: 2, regression",
    "lstm: {NumHiddenUnits: 20, GateActivationFunction: hard-sigmoid}, regression",
    "lstmProjected: [9, 3, 2], batchNormalization, layerNormalization, relu, regression",
    "peepholeLSTM: 20, peepholeLSTM: {NumHiddenUnits: 9, StateActivationFunction: softsign}, regression",
    "gru: 20, gru: {NumHiddenUnits: 7, ResetGateMode: before-multiplication}, regression",
    "fullyConnected: 3, tanh, regression",
]
ONCE = ["lstm: {NumHiddenUnits: 9, OutputMode: last}, fullyConnected: 2", "gru: 5, indexing1d: last"]
networks = pytest.mark.parametrize("layers", NETWORKS)


def network_of(layers, dtype=np.float32):
    return randomize(build(f"sequenceInput: {{InputSize: 3, Normalization: zscore}}, {layers}", dtype=dtype))


def going_on(network, **own):
    return Continuation(network, options(**own), CarriedStates(network))


def pieces(sequences, cuts):
    """Each sequence cut at these steps: all first pieces, then all second ones, and so on."""
    edges = [0, *cuts, int(sequences.lengths.max())]
    for low, high in pairwise(edges):
        spans = [
            (name, sequences.values[at : at + length][low:high])
            for name, at, length in zip(sequences.ids, sequences.offsets[:-1], sequences.lengths, strict=True)
        ]
        spans = [(name, values) for name, values in spans if len(values)]
        offsets = np.cumsum([0, *(len(values) for _, values in spans)])
        values, names = np.concatenate([v for _, v in spans]), tuple(name for name, _ in spans)
        yield Sequences(values, offsets, names)


def in_pieces(continuation, sequences, cuts):
    """What each sequence is answered in all its pieces."""
    found = {name: [] for name in sequences.ids}
    for part in pieces(sequences, cuts):
        for row, values, first in continuation.predict(part):
            assert first == 0
            found[part.ids[row]].append(values)
    return found


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@networks
def test_pieces_have_the_bits_of_the_whole(layers, dtype):
    network, sequences = network_of(layers, dtype), random_sequences((40, 3, 17), 3)
    whole = answers(network, sequences, mask_padding=True)
    for cuts in ([1], [5, 6, 20], range(1, 40)):
        for size in (128, 2):
            found = in_pieces(going_on(network, mini_batch_size=size), sequences, cuts)
            assert [np.concatenate(part).tobytes() for part in found.values()] == [y.tobytes() for y in whole]


@pytest.mark.parametrize("layers", ONCE)
def test_a_network_that_answers_once_answers_for_all_pieces_so_far(layers):
    network, sequences = network_of(f"{layers}, regression"), random_sequences((12, 7), 3)
    found = in_pieces(going_on(network), sequences, [4, 9])
    for (_, last), whole in zip(found.items(), answers(network, sequences, mask_padding=True), strict=True):
        assert last[-1].tobytes() == whole.tobytes()


def interleaved(sequences, seed=0):
    """Steps of all sequences in any order, those of each in their own, as rows of single steps; the rows."""
    of = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sequences)), sequences.lengths))
    met = np.zeros(len(sequences), int)
    rows = []
    for n in of:
        rows.append(sequences.offsets[n] + met[n])
        met[n] += 1
    names = tuple(sequences.ids[n] for n in of)
    return Sequences(sequences.values[rows], np.arange(len(rows) + 1), names), np.array(rows)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("chunk", [1, 7, 1000])
@networks
def test_steps_of_many_sequences_in_any_order(layers, chunk, dtype):
    network, sequences = network_of(layers, dtype), random_sequences((40, 3, 17, 1), 3)
    steps, rows = interleaved(sequences)
    whole = np.concatenate(answers(network, sequences, mask_padding=True))
    continuation = going_on(network, mini_batch_size=3)
    found = []
    for at in range(0, len(rows), chunk):
        names = steps.ids[at : at + chunk]
        part = Sequences(steps.values[at : at + chunk], np.arange(len(names) + 1), names)
        found.append(continuation.answer_steps(part))
    assert np.concatenate(found).tobytes() == whole[rows].tobytes()


@pytest.mark.parametrize("layers", ONCE)
@pytest.mark.parametrize("chunk", [1, 5, 1000])
def test_each_step_is_answered_by_a_network_that_answers_once(layers, chunk):
    text = f"sequenceInput: 3, {layers}, regression"
    network, sequences = randomize(build(text)), random_sequences((12, 6), 3)
    twin = answering_steps(network, read(text).layers)
    assert twin.graph.output_size.time == ("OutputMode" in layers)
    wanted = []
    for n, (first, stop) in enumerate(pairwise(sequences.offsets)):
        for end in range(first + 1, stop + 1):
            part = Sequences(sequences.values[first:end], np.array([0, end - first]), (sequences.ids[n],))
            wanted += [p.values for p in predict(network, part, options())]
    steps, rows = interleaved(sequences)
    for answering in (network, twin):
        continuation = going_on(answering)
        found = []
        for at in range(0, len(rows), chunk):
            values, names = steps.values[at : at + chunk], steps.ids[at : at + chunk]
            found += [*continuation.answer_steps(Sequences(values, np.arange(len(names) + 1), names))]
        assert np.stack(found).tobytes() == np.stack(wanted)[rows].tobytes()


def test_a_network_that_is_none_with_all_steps_stays_as_it_is():
    layers = (
        "sequenceInput: 3, lstm: {NumHiddenUnits: 4, OutputMode: last, HasStateOutputs: true}, "
        "lstm: {NumHiddenUnits: 4, HasStateInputs: true, inputs: [sequenceinput, lstm_1/out, lstm_1/cell]}, "
        "fullyConnected: 2, regression"
    )
    network = randomize(build(layers))
    assert answering_steps(network, read(layers).layers) is network


def test_a_long_piece_beside_short_ones_takes_no_room_for_each(monkeypatch):
    network, lengths = network_of(NETWORKS[0]), (1,) * 60 + (9000,) + (1,) * 60
    sequences, made = random_sequences(lengths, 3), []
    monkeypatch.setattr(
        "lstmcli.continuation.make_mini_batch",
        lambda *given: made.append(make_mini_batch(*given)) or made[-1],
    )
    found = [p.values.tobytes() for p in going_on(network).predict(sequences)]
    assert max(batch.x.shape[0] * batch.x.shape[1] for batch in made) <= 2 * (9000 + 60) + 4096
    assert len(made) < 6
    assert found == [y.tobytes() for y in answers(network, sequences, mask_padding=True, mini_batch_size=1)]


def test_nothing_is_cut_to_the_shortest():
    network, sequences = network_of(NETWORKS[0]), random_sequences((9, 4), 3)
    found = [p.values for p in going_on(network, sequence_length="shortest").predict(sequences)]
    assert [len(y) for y in found] == [9, 4]


def test_sequences_stand_again_where_they_were():
    network, sequences = network_of(NETWORKS[0]), random_sequences((6, 6, 6), 3)
    continuation = going_on(network)
    list(continuation.predict(Sequences(sequences.values[:6], np.array([0, 6]), ("old",))))
    states, names = continuation.states, ("new", "old")
    before = [array.tobytes() for arrays in states.take(names).values() for array in arrays]
    # The second piece of each takes up where the first of these four left it.
    pieces = Sequences(sequences.values[6:], np.array([0, 3, 6, 9, 12]), (*names, *names))

    def fail():
        with states.all_or_nothing():
            assert len(list(continuation.predict(pieces))) == 4
            assert states.names == ("old", "new")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert states.names == ("old",)
    assert [array.tobytes() for arrays in states.take(names).values() for array in arrays] == before


def test_forgotten_sequences_begin_anew():
    network, sequences = network_of(NETWORKS[0]), random_sequences((6, 6, 6), 3)
    continuation = going_on(network)
    first = [p.values.tobytes() for p in continuation.predict(sequences)]
    continuation.states.forget([sequences.ids[1], "never met"])
    again = [p.values.tobytes() for p in continuation.predict(sequences)]
    assert [a == b for a, b in zip(first, again, strict=True)] == [False, True, False]
    assert len(continuation.states) == 3
    assert set(continuation.states.names) == set(sequences.ids)


def test_rows_of_forgotten_sequences_are_used_again():
    network = network_of(NETWORKS[0])
    states, begin = CarriedStates(network), network.graph.initial_states(network.weights, 1)
    name = network.graph.stateful[0].name
    for k in range(1000):
        states.put([str(k)], {name: tuple(array + k for array in begin[name])})
        states.forget([str(k - 10)])
    assert len(states) == 10
    assert max(array.shape[0] for array in states._arrays[name]) == 16
    taken = states.take([str(k) for k in range(985, 1000)])
    for array, first in zip(taken[name], begin[name], strict=True):
        wanted = np.concatenate([first + (k if k >= 990 else 0) for k in range(985, 1000)])
        assert array.reshape(wanted.shape).tobytes() == wanted.tobytes()


OVER_TIME = [
    case
    for case in CASES
    if all(size.steps is not None for size in case[1].sizes) and len(case[1].sizes) == 1
]


@pytest.mark.parametrize(("layer", "example"), OVER_TIME, ids=[example.text for _, example in OVER_TIME])
def test_layers_say_whether_they_work_in_pieces(layer, example):
    """What they answer in pieces is what they answer in one piece, or else it is not."""
    network = randomize(build(example.layers))
    node = next(node for node in network.graph.nodes if type(node.layer) is layer)
    # Of the network only what leads to the layer, and what follows each step, is of use here.
    sequences = random_sequences((9,), network.graph.columns)
    if isinstance(node.layer, SequenceInput) and node.layer.min_length > 1:
        return
    others = [n.layer for n in network.graph.nodes if n is not node and not n.layer.works_in_pieces]
    if others or not node.sizes_in or node.size_out.steps not in (None, Steps()):
        assert others or isinstance(node.layer, SequenceInput) or not node.layer.works_in_pieces
        return
    if isinstance(node.layer, Recurrent) and len(node.layer.output_ports) > 1:
        assert not node.layer.works_in_pieces
        return
    (whole,) = answers(network, sequences, mask_padding=True)
    found = in_pieces(going_on(network), sequences, [2, 5])[sequences.ids[0]]
    same = (
        np.concatenate(found) if network.graph.output_size.time else found[-1]
    ).tobytes() == whole.tobytes()
    assert same == node.layer.works_in_pieces
