"""One mini-batch through the network: loss and gradients; and the loss over whole data."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.graph import Network, States
from lstmcli.kernels.memory import Memory
from lstmcli.layers.layer import Mode
from lstmcli.layers.output_layer import Loss
from lstmcli.minibatches import mini_batches
from lstmcli.options import TrainingOptions
from lstmcli.passes import backward, forward
from lstmcli.prediction import answer, signal_of
from lstmcli.records import Array, MiniBatch, Sequences, Targets, Weights


class Outcome(NamedTuple):
    """What one mini-batch gave; `states` are those after its last step, `statistics` new ones of layers."""

    loss: Loss
    gradients: Weights
    states: States
    statistics: Weights


def counted_samples(batch: MiniBatch, mask_padding: bool) -> NDArray[np.bool_]:
    """Which samples the loss counts: bool[T, B], real steps only; or bool[B].

    An observation without a real step in this piece still has an output where padding is data.
    """
    if batch.per_step:
        t = np.arange(len(batch.x))[:, None]
        return (batch.start <= t) & (t < batch.stop)
    return (batch.start < batch.stop) | (not mask_padding)


def learn_from(network: Network, batch: MiniBatch, states: States, mask_padding: bool, mode: Mode) -> Outcome:
    """Loss and gradients of one mini-batch (or piece of it)."""
    passed = forward(network, signal_of(batch, mask_padding, network.dtype), states, mode)
    loss = _measure(network, batch, passed.output.data, mask_padding, need_gradient=True)
    assert loss.gradient is not None
    gradients = backward(network, passed, loss.gradient, mode)
    return Outcome(loss, gradients, passed.states, passed.statistics)


def total_loss(
    network: Network,
    sequences: Sequences,
    targets: Targets,
    order: NDArray[np.int64],
    options: TrainingOptions,
) -> Loss:
    """The loss of what the network predicts for all observations, in mini-batches of this order."""
    total, error, samples, memory = 0.0, 0.0, 0, Memory()
    for batch in mini_batches(sequences, targets, order, options):
        y = answer(network, batch, options, memory).output
        loss = _measure(network, batch, y, options.mask_padding, need_gradient=False)
        total, error, samples = total + loss.total, error + loss.error, samples + loss.samples
    return Loss(total, error, samples, None)


def _measure(network: Network, batch: MiniBatch, y: Array, mask_padding: bool, need_gradient: bool) -> Loss:
    graph = network.graph
    assert batch.targets is not None
    counted = counted_samples(batch, mask_padding)
    return graph.output.loss(network.output_weights, y, batch.targets, counted, need_gradient)
