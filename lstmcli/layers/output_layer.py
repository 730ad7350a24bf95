"""What an output layer adds to a layer: a loss, and a metric beside it."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.layers.layer import Backward, Forward, Layer, Mode, State
from lstmcli.records import Array, Signal


class Loss(NamedTuple):
    """Sums over the samples that count, so that mini-batches add up.

    total : of the loss; error : of what the metric is made from; samples : how many;
    gradient : of total / samples, or None where nobody asked for it
    """

    total: float
    error: float
    samples: int
    gradient: Array | None

    @property
    def mean(self) -> float:
        """The loss of a sample, as MATLAB shows it."""
        return self.total / self.samples if self.samples else float("nan")


class OutputLayer(Layer):
    """The last layer of an array: passes its input on, and measures it against targets.

    metric : MATLAB's word for what is shown beside the loss
    follows : the word of the layer that must stand before it and whose backward pass the
        gradient of the loss includes, or None
    """

    metric: ClassVar[str]
    follows: ClassVar[str | None] = None

    def forward(self, weights: Mapping[str, Array], x: Signal, state: State, mode: Mode) -> Forward:
        """The input itself."""
        return Forward(x, (), None)

    def backward(self, weights: Mapping[str, Array], saved: object, dy: Array, need_dx: bool) -> Backward:
        """The gradient itself."""
        return Backward(dy, {})

    def loss(
        self,
        weights: Mapping[str, Array],
        y: Array,
        targets: NDArray[np.int32] | Array,
        counted: NDArray[np.bool_],
        need_gradient: bool,
    ) -> Loss:
        """The loss of y[..., K] against targets[...] or [..., R], over the `counted`[...] samples."""
        raise NotImplementedError

    def metric_value(self, loss: Loss) -> float:
        """The metric from the sums."""
        raise NotImplementedError

    def restore(self, weights: Mapping[str, Array], y: Array) -> Array:
        """The network's answer on the scale of the targets."""
        return y
