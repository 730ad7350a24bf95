"""MaskPadding: an answer never depends on what it was computed with, nor on how it was padded."""

import sys

import numpy as np
import pytest
from layers.networks import (
    answers,
    build,
    one_by_one,
    random_signal,
    randomize,
)
from layers.stacks import (
    BILSTM,
    CHANNELS,
    LENGTHS,
    LSTM,
    alone,
    bits,
    every_end,
    every_stack,
    network_of,
    uneven_sequences,
)

from lstmcli.layers.layer import Mode
from lstmcli.thread_count import set_threads


@pytest.fixture
def sequences():
    return uneven_sequences()


@every_end
@every_stack
@pytest.mark.parametrize("side", ["left", "right"])
def test_an_answer_is_the_same_alone_and_in_any_mini_batch(stack, end, side, sequences):
    network = network_of(stack, end)
    want = alone(network, sequences)
    for size in (1, 2, 3, 5, 8, 128):
        changes = {"mini_batch_size": size, "sequence_padding_direction": side, "mask_padding": True}
        assert bits(answers(network, sequences, **changes)) == want


@every_end
@every_stack
@pytest.mark.parametrize("value", [7.5, -1e30, np.inf, np.nan])
def test_an_answer_does_not_depend_on_the_padding_value(stack, end, value, sequences):
    network = network_of(stack, end)
    changes = {"sequence_padding_value": value, "sequence_padding_direction": "left", "mask_padding": True}
    assert bits(answers(network, sequences, **changes)) == alone(network, sequences)


@every_end
@pytest.mark.parametrize("stack", LSTM)
@pytest.mark.parametrize("side", ["left", "right"])
def test_an_answer_of_lstms_does_not_depend_on_how_sequences_are_split(stack, end, side, sequences):
    network = network_of(stack, end)
    want = alone(network, sequences)
    for steps in (1, 2, 3, 5, 11, 12, 13, 1000):
        for size in (1, 3, 128):
            changes = {
                "sequence_length": steps,
                "mini_batch_size": size,
                "sequence_padding_direction": side,
                "mask_padding": True,
            }
            assert bits(answers(network, sequences, **changes)) == want


@every_end
@pytest.mark.parametrize("stack", BILSTM)
@pytest.mark.parametrize("steps", [1, 3, 5, 11])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_split_answer_of_bilstms_is_the_same_in_any_mini_batch(stack, end, side, steps, sequences):
    network = network_of(stack, end)
    changes = {"sequence_length": steps, "mask_padding": True, "sequence_padding_direction": side}
    want = [bits(answers(network, one, **changes)) for one in one_by_one(sequences)]
    for size in (1, 2, 3, 128):
        found = bits(answers(network, sequences, mini_batch_size=size, **changes))
        assert [[answer] for answer in found] == want


@every_stack
def test_an_answer_does_not_depend_on_the_number_of_threads(stack, sequences):
    network = network_of(stack, "classification")
    one = bits(answers(network, sequences, mask_padding=True))
    if set_threads(sys.maxsize) == 1:
        pytest.skip("one processor only")
    try:
        assert bits(answers(network, sequences, mask_padding=True)) == one
    finally:
        set_threads(1)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("mode", ["sequence", "last"])
@pytest.mark.parametrize("word", ["lstm", "bilstm"])
def test_recurrent_layers_do_not_look_at_masked_steps(word, mode, side):
    layer = f"{word}: {{NumHiddenUnits: 5, OutputMode: {mode}}}"
    network = randomize(build(f"sequenceInput: 3, {layer}, regression"))
    node = network.graph.nodes[1]
    x = random_signal(LENGTHS, CHANNELS, side=side, dtype=np.float32)
    t = np.arange(max(LENGTHS))[:, None]
    masked = (t < x.start) | (t >= x.stop)
    weights, state = network.weights[node.name], network.graph.initial_states(network.weights, len(LENGTHS))
    found = []
    for value in (0, np.nan):
        data = x.data.copy()
        data[masked] = value
        result = node.layer.forward(weights, (x.with_data(data),), state.get(node.name, ()), Mode())
        dy = np.ones_like(result.outputs[0].data)
        if mode == "sequence":
            dy[masked] = value
        back = node.layer.backward(weights, result.saved, (dy,), need_dx=True)
        (dx,) = back.dxs
        assert (dx[masked] == 0).all()
        found.append(bits([result.outputs[0].data, *result.state, dx, *back.gradients.values()]))
    assert found[0] == found[1]
