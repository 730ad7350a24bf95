"""One mini-batch through the network: output, loss and gradients."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.graph import Network, Passed, States, backward, forward
from lstmcli.layers.layer import Mode
from lstmcli.layers.output_layer import Loss
from lstmcli.minibatches import mini_batches
from lstmcli.options import TrainingOptions
from lstmcli.records import MiniBatch, Sequences, Signal, Targets, Weights


class Outcome(NamedTuple):
    """What one mini-batch gave; `states` are those after its last step."""

    loss: Loss
    gradients: Weights
    states: States


def signal_of(batch: MiniBatch, mask_padding: bool, dtype: np.dtype[Any]) -> Signal:
    """The mini-batch as the layers see it: with masking the real steps, without it all steps count."""
    x = batch.x.astype(dtype, copy=False)
    if mask_padding:
        return Signal(x, batch.start, batch.stop)
    return Signal(x, np.zeros_like(batch.start), np.full_like(batch.stop, len(x)))


def counted_samples(batch: MiniBatch, per_step: bool, mask_padding: bool) -> NDArray[np.bool_]:
    """Which samples the loss counts: bool[T, B], real steps only; or bool[B].

    An observation without a real step in this piece still has an output where padding is data.
    """
    if per_step:
        t = np.arange(len(batch.x))[:, None]
        return (batch.start <= t) & (t < batch.stop)
    return (batch.start < batch.stop) | (not mask_padding)


def learn_from(network: Network, batch: MiniBatch, states: States, mask_padding: bool, mode: Mode) -> Outcome:
    """Loss and gradients of one mini-batch (or piece of it)."""
    passed, loss = _measure(network, batch, states, mask_padding, mode, need_gradient=True)
    assert loss.gradient is not None
    return Outcome(loss, backward(network, passed.saved, loss.gradient), passed.states)


def total_loss(
    network: Network,
    sequences: Sequences,
    targets: Targets,
    order: NDArray[np.int64],
    options: TrainingOptions,
) -> Loss:
    """The loss over all observations in this order, in prediction mode."""
    total, error, samples = 0.0, 0.0, 0
    for pieces in mini_batches(sequences, targets, order, options):
        states = network.graph.initial_states(network.weights, len(pieces[0].rows))
        for piece in pieces:
            passed, loss = _measure(network, piece, states, options.mask_padding, Mode(), need_gradient=False)
            states = network.graph.carried(passed.states, network.weights)
            total, error, samples = total + loss.total, error + loss.error, samples + loss.samples
    return Loss(total, error, samples, None)


def _measure(
    network: Network,
    batch: MiniBatch,
    states: States,
    mask_padding: bool,
    mode: Mode,
    need_gradient: bool,
) -> tuple[Passed, Loss]:
    graph = network.graph
    assert batch.targets is not None
    passed = forward(network, signal_of(batch, mask_padding, network.dtype), states, mode)
    counted = counted_samples(batch, graph.output_size.time, mask_padding)
    weights = network.weights[graph.nodes[-1].name]
    return passed, graph.output.loss(weights, passed.output.data, batch.targets, counted, need_gradient)
