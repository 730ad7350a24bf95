"""Batch normalization layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.normalization import Moments, batch_backward, batch_forward, moments
from lstmcli.layers.initializers import Draw
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Given,
    Gradients,
    Mode,
    Parameter,
    Role,
    Signals,
    State,
)
from lstmcli.layers.normalization import Normalization, pixels_of
from lstmcli.records import Array, Signal, Size
from lstmcli.spec.kinds import array, fraction
from lstmcli.spec.properties import prop

STATISTICS = MEAN, VARIANCE = "TrainedMean", "TrainedVariance"


@dataclass(frozen=True, kw_only=True)
class BatchNormalization(Normalization):
    """y = Scale (x - m) / sqrt(v + Epsilon) + Offset for each channel (MATLAB batchNormalizationLayer).

    In training m and v are mean and variance of the channel over the mini-batch: all pixels of all time
    steps that count, of all observations; v divides by their number. TrainedMean and TrainedVariance follow
    them, s <- Decay (that of the mini-batch) + (1 - Decay) s, and are m and v in prediction.

    Ioffe and Szegedy 2015.
    """

    word: ClassVar[str] = "batchNormalization"
    type_text: ClassVar[str] = "Batch Normalization"
    stem: ClassVar[str] = "batchnorm"

    mean_decay: float = prop(fraction, "the share of a mini-batch in the trained mean", default=0.1)
    variance_decay: float = prop(fraction, "the share of a mini-batch in the trained variance", default=0.1)
    trained_mean: Given | None = prop(array, "the mean to start from; 0 if none", default=None)
    trained_variance: Given | None = prop(array, "the variance to start from; 1 if none", default=None)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        shape, fan = (size.channels,), size.channels
        return (
            *super().parameters(size),
            Parameter(MEAN, shape, Role.STATISTIC, Draw("zeros", fan, fan), "trained_mean"),
            Parameter(VARIANCE, shape, Role.STATISTIC, Draw("ones", fan, fan), "trained_variance"),
        )

    def measure(self, x: Signal, mode: Mode) -> Moments:
        """Mean and variance of each channel over what counts."""
        pixels = pixels_of(x)
        return moments(pixels.data, pixels.start, pixels.stop, mode.memory_of(self))

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        memory = mode.memory_of(self)
        packs, rows, statistics = mode.packs(memory), 0, dict[str, Array]()
        mean, variance = (weights[name] for name in STATISTICS)
        if mode.random is not None:
            found = self.measure(x, mode)
            statistics = moved(weights, found, self.mean_decay, self.variance_decay)
            rows, mean, variance, packs = *found, True
        scale, offset = weights["Scale"], weights["Offset"]
        how = (mean, variance, scale, offset, self.epsilon, memory, packs)
        y, normalized = batch_forward(x.data, *how)
        return Forward((x.with_data(y),), (), (x, normalized, rows, memory), statistics)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (x, normalized, rows, memory) = dys, saved
        assert dy is not None
        data, start, stop, _ = pixels_of(x)
        gradients = dy.reshape(data.shape)
        dx, *own = batch_backward(data, gradients, start, stop, normalized, rows, need_dx, memory)
        if dx is not None:
            dx = dx.reshape(dy.shape)
        return Backward((dx,), dict(zip(("Scale", "Offset"), own, strict=True)))


def moved(
    weights: Mapping[str, Array], found: Moments, mean_decay: float, variance_decay: float
) -> dict[str, Array]:
    """The running estimates in `weights` after these were found: decay (found) + (1 - decay) (before).

    Where no rows were found they stay as they are.
    """
    if not found.rows:
        return {name: weights[name] for name in STATISTICS}
    decays = (mean_decay, variance_decay)
    # What is too large becomes infinite, which training looks for.
    with np.errstate(over="ignore"):
        return {
            name: (decay * new + (1 - decay) * weights[name]).astype(weights[name].dtype)
            for name, decay, new in zip(STATISTICS, decays, (found.mean, found.variance), strict=True)
        }
