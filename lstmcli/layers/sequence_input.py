"""Sequence input layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from lstmcli.errors import counted
from lstmcli.layers.images import from_columns
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Given,
    Gradients,
    Layer,
    Mode,
    Parameter,
    Role,
    Signals,
    Sizes,
    State,
)
from lstmcli.records import Array, Size, Steps
from lstmcli.spec.kinds import array, one_of, positive_integer
from lstmcli.spec.properties import camel, prop
from lstmcli.spec.sizes import input_size

STATISTICS = {
    "none": (),
    "zerocenter": ("mean",),
    "zscore": ("mean", "standard_deviation"),
    "rescale-symmetric": ("min", "max"),
    "rescale-zero-one": ("min", "max"),
}

MEASURES: dict[str, Callable[[Array], Array]] = {
    "mean": lambda x: x.mean(axis=(0, 2), dtype=np.float64),
    "standard_deviation": lambda x: (
        x.std(axis=(0, 2), dtype=np.float64, ddof=1) if x.shape[0] * x.shape[2] > 1 else 0 * x[0, :, 0]
    ),
    "min": lambda x: x.min(axis=(0, 2)),
    "max": lambda x: x.max(axis=(0, 2)),
}
"""Statistics of all time steps x[S, C, h w]."""


@dataclass(frozen=True, kw_only=True)
class SequenceInput(Layer):
    """Takes sequences in and normalizes them (MATLAB sequenceInputLayer).

        zerocenter         y = x - m
        zscore             y = (x - m) / s
        rescale-symmetric  y = 2 (x - lo) / (hi - lo) - 1
        rescale-zero-one   y = (x - lo) / (hi - lo)

    m, s, lo, hi : float[C], over all time steps of all training sequences, and over the height and width of
    images, one of each a channel; s divides by the count less one, as std does. A constant channel becomes
    0 (-1 with rescale-symmetric), not NaN.

    InputSize [h w C] says that the columns of a time step are an image: first along its height, then along
    its width, then through its channels. Of several inputs each takes the columns behind those of the
    input before it.
    """

    word: ClassVar[str] = "sequenceInput"
    type_text: ClassVar[str] = "Sequence Input"
    stem: ClassVar[str] = "sequenceinput"
    arguments: ClassVar[tuple[str, ...]] = ("input_size",)
    foreign: ClassVar[dict[str, str]] = {
        "NormalizationDimension": "statistics are taken for each channel",
        "SplitComplexInputs": "data is real",
    }

    input_size: tuple[int, ...] = prop(
        input_size, "the number of channels of the data, or [height, width, channels] of its images"
    )
    min_length: int = prop(positive_integer, "the fewest time steps a sequence may have", default=1)
    normalization: str = prop(one_of(*STATISTICS), "what is done to the data on its way in", default="none")
    mean: Given | None = prop(array, "the mean of each channel", default=None)
    standard_deviation: Given | None = prop(array, "the standard deviation of each channel", default=None)
    min: Given | None = prop(array, "the smallest value of each channel", default=None)
    max: Given | None = prop(array, "the largest value of each channel", default=None)

    @property
    def input_ports(self) -> tuple[str, ...]:
        return ()

    @property
    def columns(self) -> int:
        """Numbers of a time step."""
        return prod(self.input_size)

    def describe(self) -> str:
        if len(self.input_size) > 1:
            return f"Sequence input with {'x'.join(map(str, self.input_size))} dimensions"
        return f"Sequence input with {counted(self.columns, 'dimension')}"

    def propagate(self, sizes: Sizes) -> Sizes:
        *spatial, channels = self.input_size
        return (Size(channels, Steps(), tuple(spatial)),)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        names = STATISTICS[self.normalization]
        shape = self.input_size[-1:]
        return tuple(Parameter(camel(n), shape, Role.STATISTIC, attribute=n) for n in names)

    def measure(self, values: NDArray[np.float32]) -> dict[str, Array]:
        """The statistics that this normalization needs, of its columns of all time steps: float32[C] each."""
        x = values.reshape(len(values), self.input_size[-1], -1)
        return {camel(name): MEASURES[name](x).astype(np.float32) for name in STATISTICS[self.normalization]}

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        if len(self.input_size) > 1:
            h, w, channels = self.input_size
            shape = (*x.data.shape[:-1], w, h, channels)
            x = x.with_data(from_columns(x.data, shape, mode.memory_of(self)))
        return Forward((x.with_data(self._normalized(weights, x.data)),), (), None)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        return Backward((), {})

    def _normalized(self, weights: Mapping[str, Array], x: Array) -> Array:
        if self.normalization == "none":
            return x
        if "Mean" in weights:
            shift, spread = weights["Mean"], weights.get("StandardDeviation")
        else:
            shift, spread = weights["Min"], weights["Max"] - weights["Min"]
        y = x - shift
        if spread is not None:
            y /= np.where(spread == 0, np.inf, spread)
        if self.normalization == "rescale-symmetric":
            y = 2 * y - 1
        return y.astype(x.dtype, copy=False)
