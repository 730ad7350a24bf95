"""SequenceLength: longest, shortest and pieces, their states and gradients, against computations by hand."""

import naive
import numpy as np
import pytest
from training.naive_trainer import assert_follows, train_naively
from training.sessions import LABEL, LABELS, RESPONSE, RESPONSES, make_data, start, trail

from lstmcli.graph import Network
from lstmcli.records import Data, Sequences, Targets

LENGTHS = [3, 7, 4, 2, 6, 3, 8, 4]
DIRECTIONS = ["right", "left"]
STATES = "HiddenState: [0.5, -0.5, 0.9], CellState: [0.3, -1, 2]"
BOTH_STATES = "HiddenState: [0.5, -0.5, 0.9, 0.1, -0.7, 0.4], CellState: [0.3, -1, 2, 1, -2, 0.5]"


def bilstm(layers):
    """The network with a bilstm in place of its lstm."""
    return layers.replace("lstm: 3", "bilstm: 3").replace("lstm: {", "bilstm: {")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("length", ["longest", "shortest", 1, 3, 4, 100])
@pytest.mark.parametrize("layers", [LABEL, LABELS, RESPONSE, RESPONSES, bilstm(LABEL), bilstm(RESPONSES)])
def test_training_follows_the_naive_one(layers, length, direction):
    session = start(
        layers,
        make_data(layers, LENGTHS),
        Shuffle="never",
        MaxEpochs=2,
        MiniBatchSize=3,
        InitialLearnRate=0.02,
        SequenceLength=length,
        SequencePaddingDirection=direction,
    )
    steps = session.finish()
    by_hand = train_naively(session)
    assert [step.loss for step in steps] == pytest.approx(by_hand.losses, rel=1e-5)
    assert [step.epoch for step in steps] == by_hand.epochs
    assert_follows(session.run.weights, session.network.weights, by_hand.weights)


@pytest.mark.parametrize(("length", "iterations"), [("longest", 2), ("shortest", 2), (3, 5), (4, 4), (7, 2)])
def test_each_piece_is_an_iteration(length, iterations):
    # The longest sequences of the two mini-batches have 7 and 6 steps.
    session = start(
        LABEL, make_data(LABEL, LENGTHS), Shuffle="never", MaxEpochs=2, MiniBatchSize=3, SequenceLength=length
    )
    steps = session.finish()
    assert [step.iteration for step in steps] == list(range(1, 2 * iterations + 1))
    assert [step.epoch for step in steps] == [1] * iterations + [2] * iterations
    assert [step.epoch_done for step in steps] == ([False] * (iterations - 1) + [True]) * 2
    assert all(np.diff([step.progress for step in steps]) > 0)
    assert steps[-1].progress == 1


@pytest.mark.parametrize(
    "layers",
    [
        f"sequenceInput: 2, lstm: {{NumHiddenUnits: 3, {STATES}}}, dropout: 0,"
        " lstm: {NumHiddenUnits: 3, OutputMode: last}, fullyConnected: 2, regression",
        f"sequenceInput: 2, bilstm: {{NumHiddenUnits: 3, {BOTH_STATES}}}, fullyConnected: 2, regression",
    ],
)
def test_states_are_carried_to_the_next_piece_and_start_anew_in_each_mini_batch(layers):
    session = start(
        layers,
        make_data(layers, LENGTHS),
        Shuffle="never",
        MaxEpochs=2,
        MiniBatchSize=3,
        InitialLearnRate=0.05,
        SequenceLength=3,
    )
    by_hand = train_naively(session)
    whole = 0
    for step, states in zip(session.steps(), by_hand.states, strict=True):
        if session.run.piece == 0:
            assert session.run.states == {}
            whole += 1
            continue
        for layer, parts in states.items():
            for got, wanted in zip(session.run.states[layer], parts, strict=True):
                np.testing.assert_allclose(got, wanted, atol=1e-5, err_msg=f"{layer} after {step.iteration}")
    assert whole == 4
    assert_follows(session.run.weights, session.network.weights, by_hand.weights)


def weights_by_hand(session, x, t, n, *, rate, direction_count):
    """One mini-batch through lstm or bilstm and regression, in pieces of n steps, all in NumPy.

    x : [T, B, C]; t : [T, B, D H]. Gradient descent without momentum or L2; a step for each piece, whose
    gradient stops at its first step. Weights of the recurrent layer after each piece.
    """
    layer = session.network.weights["biLSTM" if direction_count == 2 else "lstm"]
    W, R, b, h, c = (
        [half.astype(np.float64) for half in np.split(layer[name], direction_count)]
        for name in ("InputWeights", "RecurrentWeights", "Bias", "HiddenState", "CellState")
    )
    B = x.shape[1]
    h, c = [[np.tile(half, (B, 1)) for half in state] for state in (h, c)]
    after = []
    for begin in range(0, len(x), n):
        piece, wanted = x[begin : begin + n], t[begin : begin + n]
        S = len(piece)
        span = (np.zeros(B, int), np.full(B, S))
        for d in range(direction_count):
            columns = slice(3 * d, 3 * d + 3)
            reverse = d == 1
            y, last, cell = naive.lstm_forward(piece, W[d], R[d], b[d], h[d], c[d], *span, 0, 0, reverse)
            dy = (y - wanted[..., columns]) / (S * B)
            none = np.zeros((B, 3))
            _, dW, dR, db, _, _ = naive.lstm_backward(
                piece, W[d], R[d], b[d], h[d], c[d], *span, 0, 0, reverse, dy, none, none
            )
            W[d], R[d], b[d] = W[d] - rate * dW, R[d] - rate * dR, b[d] - rate * db
            if not reverse:
                h[d], c[d] = last, cell
        after.append([np.concatenate(halves) for halves in (W, R, b)])
    return after


@pytest.mark.parametrize("word", ["lstm", "bilstm"])
@pytest.mark.parametrize("n", [2, 3, 6])
def test_pieces_by_hand_with_gradients_that_stop_at_their_edges(word, n):
    directions = 2 if word == "bilstm" else 1
    states = BOTH_STATES if word == "bilstm" else STATES
    layers = f"sequenceInput: 2, {word}: {{NumHiddenUnits: 3, {states}}}, regression"
    data = make_data(layers, [7, 7, 7], outputs=3 * directions)
    session = start(
        layers,
        data,
        solver="sgdm",
        Momentum=0,
        InitialLearnRate=2,
        L2Regularization=0,
        MaxEpochs=1,
        Shuffle="never",
        SequenceLength=n,
    )
    _, weights = trail(session)
    x, t = (
        a.reshape(3, 7, -1).swapaxes(0, 1).astype(np.float64)
        for a in (data.sequences.values, data.targets.values)
    )
    by_hand = weights_by_hand(session, x, t, n, rate=2, direction_count=directions)
    assert len(weights) - 1 == len(by_hand) == -(-7 // n)
    for got, wanted in zip(weights[1:], by_hand, strict=True):
        layer = next(arrays for name, arrays in got.items() if "lstm" in name.lower())
        for name, array in zip(("InputWeights", "RecurrentWeights", "Bias"), wanted, strict=True):
            np.testing.assert_allclose(layer[name], array, atol=2e-6)
    assert abs(by_hand[-1][0] - next(iter(by_hand))[0]).max() > 1e-2 or len(by_hand) == 1


def test_shortest_does_not_look_at_what_is_cut():
    lengths = [3, 7, 4]
    for direction in DIRECTIONS:
        networks = []
        data = make_data(RESPONSES, lengths)
        for cut in (1.0, 1e6):
            values, wanted = data.sequences.values.copy(), data.targets.values.copy()
            for first, last in zip(data.sequences.offsets[:-1], data.sequences.offsets[1:], strict=True):
                lost = slice(first + 3, last) if direction == "right" else slice(first, last - 3)
                values[lost] *= cut
                wanted[lost] *= cut
            changed = Data(
                Sequences(values, data.sequences.offsets, data.sequences.ids),
                Targets(wanted, data.targets.names, per_step=True),
            )
            session = start(
                RESPONSES, changed, MaxEpochs=2, SequenceLength="shortest", SequencePaddingDirection=direction
            )
            session.finish()
            networks.append(Network(session.graph, session.run.weights))
        for left, right in zip(*(network.weights["lstm"].values() for network in networks), strict=True):
            assert left.tobytes() == right.tobytes()
