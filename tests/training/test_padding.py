"""SequencePaddingValue, SequencePaddingDirection and MaskPadding in training."""

from dataclasses import replace

import numpy as np
import pytest
from training.naive_trainer import DEFAULTS, assert_follows, pieces_of, train_naively
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


@pytest.mark.parametrize("length", ["longest", 3])
@pytest.mark.parametrize("layers", [*ALL, LABEL.replace("lstm", "bilstm")])
def test_masked_padding_has_no_side(layers, length):
    sides = [
        trained(
            layers, MiniBatchSize=3, MaskPadding=True, SequencePaddingDirection=side, SequenceLength=length
        )
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
    for n in range(len(LENGTHS)):
        (alone,) = pieces_of(data, [n], DEFAULTS)
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


SPLIT = [2, 5, 7]


def split_session(layers, mask, direction):
    """One mini-batch of sequences of 2, 5 and 7 steps in pieces of 3; no weight changes. Also its steps."""
    session = start(
        layers,
        make_data(layers, SPLIT),
        solver="sgdm",
        InitialLearnRate=1e-30,
        MaxEpochs=1,
        MaskPadding=mask,
        Shuffle="never",
        SequenceLength=3,
        SequencePaddingDirection=direction,
        SequencePaddingValue=0.7,
    )
    return session, session.finish()


def whole_answers(session, sequences):
    """The network's answers to sequences that are not split."""
    whole = replace(session.options, sequence_length="longest")
    return [answer.values for answer in predict(session.network, sequences, whole)]


@pytest.mark.parametrize("direction", ["right", "left"])
def test_sequences_without_a_real_step_in_a_piece_are_not_counted_where_padding_is_masked(direction):
    session, steps = split_session(LABEL, True, direction)
    sequences, targets = session.data
    for k, step in enumerate(steps):
        # Masked sequences are cut from their own first step; states are carried from piece to piece.
        there = [n for n, length in enumerate(SPLIT) if length > 3 * k]
        seen = [min(SPLIT[n], 3 * k + 3) for n in there]
        values = [sequences.values[sequences.offsets[n] :][:s] for n, s in zip(there, seen, strict=True)]
        so_far = replace(
            sequences,
            values=np.concatenate(values),
            offsets=np.concatenate([[0], np.cumsum(seen)]),
        )
        y, t = np.array(whole_answers(session, so_far)), targets.values[there]
        assert len(y) == [3, 2, 1][k]
        assert step.loss == pytest.approx(-np.log(y[np.arange(len(y)), t]).mean(), rel=1e-5)
        assert step.metric == pytest.approx(100 * (y.argmax(axis=1) == t).mean())


@pytest.mark.parametrize("direction", ["right", "left"])
def test_all_sequences_are_counted_where_padding_is_data(direction):
    session, steps = split_session(LABEL, False, direction)
    sequences, targets = session.data
    padded = np.full((3, 7, 2), np.float32(0.7))
    for n, length in enumerate(SPLIT):
        place = slice(0, length) if direction == "right" else slice(7 - length, 7)
        padded[n, place] = sequences.values[sequences.offsets[n] :][:length]
    for step, T in zip(steps, (3, 6, 7), strict=True):
        so_far = replace(sequences, values=padded[:, :T].reshape(-1, 2), offsets=np.arange(4) * T)
        y = np.array(whole_answers(session, so_far))
        assert step.loss == pytest.approx(-np.log(y[np.arange(3), targets.values]).mean(), rel=1e-5)


@pytest.mark.parametrize("direction", ["right", "left"])
@pytest.mark.parametrize("layers", [LABELS, RESPONSES])
def test_padded_target_steps_are_not_counted_where_padding_is_data(layers, direction):
    session, steps = split_session(layers, False, direction)
    # The naive trainer puts targets that would be seen at padded steps.
    assert [step.loss for step in steps] == pytest.approx(train_naively(session).losses, rel=1e-5)


@pytest.mark.parametrize("direction", ["right", "left"])
@pytest.mark.parametrize("layers", [LABELS, RESPONSES])
def test_padded_target_steps_are_not_counted_where_padding_is_masked(layers, direction):
    session, steps = split_session(layers, True, direction)
    sequences, targets = session.data
    answers = whole_answers(session, sequences)
    wanted = np.split(targets.values, sequences.offsets[1:-1])
    for k, step in enumerate(steps):
        losses = []
        for y, t in zip(answers, wanted, strict=True):
            y, t = y[3 * k : 3 * k + 3], t[3 * k : 3 * k + 3]
            if layers == LABELS:
                losses.extend(-np.log(y[np.arange(len(t)), t]))
            elif len(t):
                losses.append(((y - t) ** 2).sum(axis=1).mean() / 2)
        assert step.loss == pytest.approx(np.mean(losses), rel=1e-5)
