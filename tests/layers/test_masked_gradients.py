"""MaskPadding: loss and gradients of a mini-batch are those of its observations, however they are padded."""

import numpy as np
import pytest
from layers.networks import (
    options,
    random_targets,
)
from layers.stacks import (
    every_end,
    every_stack,
    network_of,
    uneven_sequences,
)

from lstmcli.layers.layer import Mode
from lstmcli.minibatches import make_mini_batch
from lstmcli.training.pass_over import learn_from


@pytest.fixture
def sequences():
    return uneven_sequences()


def learn(network, sequences, targets, rows=None, **changes):
    """Loss and gradients of one mini-batch of these observations."""
    given = options(**{"mask_padding": True, **changes})
    rows = np.arange(len(sequences)) if rows is None else np.array(rows)
    batch = make_mini_batch(sequences, targets, rows, given)
    states = network.graph.initial_states(network.weights, len(rows))
    return learn_from(network, batch, states, given.mask_padding, Mode())


def largest_difference(got, want):
    """Of gradients, relative to the largest element of each learnable's."""
    pairs = [(got[layer][name], g) for layer, own in want.items() for name, g in own.items()]
    return max(np.abs(a - b).max() / np.abs(b).max() for a, b in pairs)


@every_end
@every_stack
def test_gradients_do_not_depend_on_the_side_that_is_padded_or_the_value(stack, end, sequences):
    network = network_of(stack, end)
    targets = random_targets(network, sequences)
    want = learn(network, sequences, targets)
    left = learn(network, sequences, targets, sequence_padding_direction="left")
    assert left.loss.total == pytest.approx(want.loss.total, rel=1e-12)
    assert largest_difference(left.gradients, want.gradients) <= 2e-6
    for value in (-1e30, np.inf, np.nan):
        other = learn(network, sequences, targets, sequence_padding_value=value)
        assert other.loss.total == want.loss.total
        assert largest_difference(other.gradients, want.gradients) == 0


@every_end
@every_stack
@pytest.mark.parametrize("side", ["left", "right"])
def test_gradients_of_a_mini_batch_are_the_mean_of_those_of_its_observations(stack, end, side, sequences):
    network = network_of(stack, end, dtype=np.float64)
    targets = random_targets(network, sequences)
    whole = learn(network, sequences, targets, sequence_padding_direction=side)
    parts = [learn(network, sequences, targets, rows=[n]) for n in range(len(sequences))]
    samples = sum(part.loss.samples for part in parts)
    assert samples == whole.loss.samples
    mean = {
        layer: {name: sum(p.gradients[layer][name] * p.loss.samples for p in parts) / samples for name in own}
        for layer, own in whole.gradients.items()
    }
    assert whole.loss.mean == pytest.approx(sum(p.loss.total for p in parts) / samples, rel=1e-12)
    assert largest_difference(whole.gradients, mean) <= 1e-12
