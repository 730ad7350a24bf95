"""SequencePaddingValue, SequencePaddingDirection and MaskPadding in training."""

from dataclasses import replace

import numpy as np
import pytest
from training.naive_trainer import assert_follows, pieces_of, train_naively
from training.sessions import LABEL, LABELS, RESPONSE, RESPONSES, make_data, same_bits, same_history, start

from lstmcli.graph import Network
from lstmcli.layers.layer import Mode
from lstmcli.prediction import predict
from lstmcli.training.pass_over import learn_from

LENGTHS = [3, 7, 4, 2, 6, 3]
ALL = [LABEL, LABELS, RESPONSE, RESPONSES]


def trained(layers, data=None, **options):
    session = start(
        layers,
        data or make_data(layers, LENGTHS),
        Shuffle="never",
        MaxEpochs=3,
        InitialLearnRate=0.02,
        **options,
    )
    return session, session.finish()


@pytest.mark.parametrize("layers", ALL)
@pytest.mark.parametrize("direction", ["right", "left"])
@pytest.mark.parametrize("value", [0, -3.5])
def test_padding_is_data_to_the_layers(layers, direction, value):
    session, steps = trained(
        layers, MiniBatchSize=3, SequencePaddingValue=value, SequencePaddingDirection=direction
    )
    by_hand = train_naively(session)
    assert [step.loss for step in steps] == pytest.approx(by_hand.losses, rel=1e-5)
    assert_follows(session.run.weights, session.network.weights, by_hand.weights)


@pytest.mark.parametrize("layers", ALL)
def test_value_and_direction_count_where_padding_is_data(layers):
    # With labels or responses a step, nothing follows padding on the right but other padding.
    direction = "left" if layers in (LABELS, RESPONSES) else "right"
    networks = [
        trained(layers, SequencePaddingValue=value, SequencePaddingDirection=side)[0].run.weights
        for value, side in (
            (0, direction),
            (1, direction),
            (0, {"left": "right", "right": "left"}[direction]),
        )
    ]
    assert not same_bits(networks[0], networks[1])
    assert not same_bits(networks[0], networks[2])


def test_zero_on_the_right_is_the_default():
    given = {"SequencePaddingValue": 0, "SequencePaddingDirection": "right", "MaskPadding": False}
    assert same_bits(trained(LABEL)[0].run.weights, trained(LABEL, **given)[0].run.weights)


@pytest.mark.parametrize("length", ["longest", 3])
@pytest.mark.parametrize("layers", ALL)
def test_masked_padding_has_no_value(layers, length):
    first, *others = (
        trained(layers, MiniBatchSize=3, MaskPadding=True, SequenceLength=length, SequencePaddingValue=value)
        for value in (0, -3.5, 1e30)
    )
    for session, _ in others:
        assert same_bits(first[0].run.weights, session.run.weights)
        assert same_history(first[0].run, session.run)


@pytest.mark.parametrize("layers", ALL)
def test_masked_padding_has_no_side(layers):
    sides = [
        trained(layers, MiniBatchSize=3, MaskPadding=True, SequencePaddingDirection=side)
        for side in ("right", "left")
    ]
    losses = [[step.loss for step in steps] for _, steps in sides]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    start_weights = sides[0][0].network.weights
    assert_follows(sides[0][0].run.weights, start_weights, sides[1][0].run.weights)


@pytest.mark.parametrize("layers", ALL)
def test_masked_gradients_are_those_of_each_sequence_by_itself(layers):
    """One step of a mini-batch is the mean over its sequences; over its time steps with a class a step."""
    data = make_data(layers, LENGTHS)
    session = start(
        layers,
        data,
        solver="sgdm",
        Momentum=0,
        InitialLearnRate=1,
        L2Regularization=0,
        MaxEpochs=1,
        MaskPadding=True,
        Shuffle="never",
    )
    (step,) = session.finish()
    share = np.array(LENGTHS if layers == LABELS else [1] * len(LENGTHS)) / (
        sum(LENGTHS) if layers == LABELS else len(LENGTHS)
    )
    loss, wanted = 0.0, {"lstm": {}, "fc": {}}
    options = {"SequencePaddingDirection": "right", "SequenceLength": "longest", "SequencePaddingValue": 0}
    for n in range(len(LENGTHS)):
        (alone,) = pieces_of(data, [n], options)
        network = Network(session.graph, session.network.weights)
        states = session.graph.initial_states(network.weights, 1)
        outcome = learn_from(network, alone, states, False, Mode())
        loss += share[n] * outcome.loss.mean
        for layer, arrays in wanted.items():
            for name, gradient in outcome.gradients[layer].items():
                arrays[name] = arrays.get(name, 0) + share[n] * gradient.astype(np.float64)
    assert step.loss == pytest.approx(loss, rel=1e-5)
    for layer, arrays in wanted.items():
        for name, gradient in arrays.items():
            moved = session.network.weights[layer][name] - session.run.weights[layer][name]
            np.testing.assert_allclose(moved, gradient, atol=2e-6)


def first_pieces(layers, mask, direction):
    """The steps of one mini-batch of sequences of 2, 5 and 7 steps in pieces of 3; no weight changes."""
    data = make_data(layers, [2, 5, 7])
    session = start(
        layers,
        data,
        solver="sgdm",
        InitialLearnRate=1e-30,
        MaxEpochs=1,
        MaskPadding=mask,
        Shuffle="never",
        SequenceLength=3,
        SequencePaddingDirection=direction,
        SequencePaddingValue=0.7,
    )
    return session, data, session.finish()


@pytest.mark.parametrize("direction", ["right", "left"])
def test_sequences_without_a_real_step_in_a_piece_are_not_counted_where_padding_is_masked(direction):
    session, data, steps = first_pieces(LABEL, True, direction)
    wanted, right = [], []
    # Real steps of the three sequences in each piece: 7 steps are cut at 3 and 6.
    for piece in range(3):
        losses, hits = [], []
        for n, length in enumerate([2, 5, 7]):
            first = 0 if direction == "right" else 7 - length
            seen = min(3 * piece + 3, first + length) - first
            if seen <= max(3 * piece - first, 0):
                continue
            begin = data.sequences.offsets[n]
            cut = replace(
                data.sequences,
                values=data.sequences.values[begin : begin + seen],
                offsets=np.array([0, seen]),
                ids=("1",),
            )
            # The state is carried, so that the score is that of all steps so far.
            (answer,) = predict(session.network, cut, replace(session.options, sequence_length="longest"))
            losses.append(-np.log(answer.values[data.targets.values[n]]))
            hits.append(answer.values.argmax() == data.targets.values[n])
        wanted.append(np.mean(losses))
        right.append(100 * np.mean(hits))
    assert [step.loss for step in steps] == pytest.approx(wanted, rel=1e-5)
    assert [step.metric for step in steps] == pytest.approx(right)


def test_all_sequences_are_counted_where_padding_is_data():
    for direction in ("right", "left"):
        session, data, steps = first_pieces(LABEL, False, direction)
        options = {"SequencePaddingDirection": direction, "SequenceLength": 3, "SequencePaddingValue": 0.7}
        pieces = pieces_of(data, [0, 1, 2], options)
        values, wanted = np.zeros((0, 3, 2), np.float32), []
        for piece in pieces:
            values = np.concatenate([values, piece.x])
            T = len(values)
            equal = replace(
                data.sequences, values=values.swapaxes(0, 1).reshape(-1, 2), offsets=np.arange(4) * T
            )
            answers = [
                answer.values
                for answer in predict(
                    session.network, equal, replace(session.options, sequence_length="longest")
                )
            ]
            wanted.append(np.mean([-np.log(y[k]) for y, k in zip(answers, data.targets.values, strict=True)]))
        assert [step.loss for step in steps] == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("direction", ["right", "left"])
@pytest.mark.parametrize("layers", [LABELS, RESPONSES])
def test_padded_target_steps_are_never_counted(layers, direction):
    """With targets a step the loss is over real steps, masked or not, also of those in a piece."""
    for mask in (True, False):
        session, data, steps = first_pieces(layers, mask, direction)
        by_hand = train_naively(session)
        assert [step.loss for step in steps] == pytest.approx(by_hand.losses, rel=1e-5)
        if mask:
            offsets = data.sequences.offsets
            answers = [
                a.values
                for a in predict(
                    session.network, data.sequences, replace(session.options, sequence_length="longest")
                )
            ]
            for k, step in enumerate(steps):
                losses = []
                for n, (y, length) in enumerate(zip(answers, [2, 5, 7], strict=True)):
                    first = 0 if direction == "right" else 7 - length
                    real = range(max(3 * k - first, 0), max(min(3 * k + 3 - first, length), 0))
                    t = data.targets.values[offsets[n] : offsets[n + 1]]
                    if layers == LABELS:
                        losses.extend(-np.log(y[s, t[s]]) for s in real)
                    elif len(real):
                        losses.append(np.mean([((y[s] - t[s]) ** 2).sum() / 2 for s in real]))
                assert step.loss == pytest.approx(np.mean(losses), rel=1e-5)
