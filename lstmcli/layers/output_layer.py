"""What an output layer adds to a layer: a loss, and a metric beside it."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from lstmcli.layers.layer import Forward, Layer, Mode, Signals, SizeError, Sizes, State
from lstmcli.records import Array


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
    """The end of a network: passes its input on, and measures it against targets.

    metric : MATLAB's word for what is shown beside the loss
    classification : targets are classes (True) or responses (False)
    follows : the word of the layer that must stand before it and whose backward pass the
        gradient of the loss includes, or None
    """

    metric: ClassVar[str]
    classification: ClassVar[bool]
    follows: ClassVar[str | None] = None

    @property
    def output_ports(self) -> tuple[str, ...]:
        """No layer takes its output: that is the network's answer."""
        return ()

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        if size.spatial:
            help = "put `- fullyConnected: 2`, with the number of answers, before it"
            raise SizeError("takes no images", help=help)
        if size.folded:
            raise SizeError("takes no folded sequences", help="put `- sequenceUnfolding` before it")
        return sizes

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        """The input itself."""
        return Forward(xs, (), None)

    @property
    def names(self) -> tuple[str, ...] | None:
        """The classes or responses in the order of the channels; None where the data is to name them."""
        raise NotImplementedError

    def with_names(self, names: tuple[str, ...]) -> Self:
        """The same layer for these classes or responses."""
        raise NotImplementedError

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
