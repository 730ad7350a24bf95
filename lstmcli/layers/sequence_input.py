"""Sequence input layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lstmcli.layers.layer import Backward, Forward, Given, Layer, Mode, Parameter, Role, State
from lstmcli.records import Array, Sequences, Signal, Size
from lstmcli.spec.kinds import array, one_of, positive_integer
from lstmcli.spec.properties import camel, prop

STATISTICS = {
    "none": (),
    "zerocenter": ("mean",),
    "zscore": ("mean", "standard_deviation"),
    "rescale-symmetric": ("min", "max"),
    "rescale-zero-one": ("min", "max"),
}

MEASURES: dict[str, Callable[[Array], Array]] = {
    "mean": lambda x: x.mean(axis=0, dtype=np.float64),
    "standard_deviation": lambda x: x.std(axis=0, dtype=np.float64, ddof=1) if len(x) > 1 else 0 * x[0],
    "min": lambda x: x.min(axis=0),
    "max": lambda x: x.max(axis=0),
}
"""Statistics of all time steps x[S, C]."""


@dataclass(frozen=True, kw_only=True)
class SequenceInput(Layer):
    """Takes sequences in and normalizes them (MATLAB sequenceInputLayer).

        zerocenter         y = x - m
        zscore             y = (x - m) / s
        rescale-symmetric  y = 2 (x - lo) / (hi - lo) - 1
        rescale-zero-one   y = (x - lo) / (hi - lo)

    m, s, lo, hi : float[C], over all time steps of all training sequences, one of each a channel;
    s divides by the number of steps less one, as std does. A constant channel becomes 0
    (-1 with rescale-symmetric), not NaN.
    """

    word: ClassVar[str] = "sequenceInput"
    type_text: ClassVar[str] = "Sequence Input"
    stem: ClassVar[str] = "sequenceinput"
    arguments: ClassVar[tuple[str, ...]] = ("input_size",)
    foreign: ClassVar[dict[str, str]] = {
        "NormalizationDimension": "statistics are taken for each channel",
        "SplitComplexInputs": "data is real",
    }

    input_size: int = prop(positive_integer, "the number of channels of the data")
    min_length: int = prop(positive_integer, "the fewest time steps a sequence may have", default=1)
    normalization: str = prop(one_of(*STATISTICS), "what is done to the data on its way in", default="none")
    mean: Given | None = prop(array, "the mean of each channel", default=None)
    standard_deviation: Given | None = prop(array, "the standard deviation of each channel", default=None)
    min: Given | None = prop(array, "the smallest value of each channel", default=None)
    max: Given | None = prop(array, "the largest value of each channel", default=None)

    def describe(self) -> str:
        plural = "" if self.input_size == 1 else "s"
        return f"Sequence input with {self.input_size} dimension{plural}"

    def propagate(self, size: Size) -> Size:
        return Size(self.input_size, time=True)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        names = STATISTICS[self.normalization]
        shape = (self.input_size,)
        return tuple(Parameter(camel(n), shape, Role.STATISTIC, attribute=n) for n in names)

    def measure(self, sequences: Sequences) -> dict[str, Array]:
        """The statistics that this normalization needs, of these sequences: float32[C] each."""
        return {
            camel(name): MEASURES[name](sequences.values).astype(np.float32)
            for name in STATISTICS[self.normalization]
        }

    def forward(self, weights: Mapping[str, Array], x: Signal, state: State, mode: Mode) -> Forward:
        if self.normalization == "none":
            return Forward(x, (), None)
        if "Mean" in weights:
            shift, spread = weights["Mean"], weights.get("StandardDeviation")
        else:
            shift, spread = weights["Min"], weights["Max"] - weights["Min"]
        y = x.data - shift
        if spread is not None:
            y /= np.where(spread == 0, np.inf, spread)
        if self.normalization == "rescale-symmetric":
            y = 2 * y - 1
        return Forward(x.with_data(y.astype(x.data.dtype, copy=False)), (), None)

    def backward(self, weights: Mapping[str, Array], saved: Any, dy: Array, need_dx: bool) -> Backward:
        return Backward(None, {})
