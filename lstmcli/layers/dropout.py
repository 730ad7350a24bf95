"""Dropout layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.dropout import dropout
from lstmcli.layers.layer import Backward, Forward, Gradients, Layer, Mode, Signals, State
from lstmcli.records import Array
from lstmcli.spec.kinds import fraction_below_one
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class Dropout(Layer):
    """In training y = x / (1 - p), or 0 with probability p, each element for itself; y = x otherwise.

    MATLAB dropoutLayer. The mask follows from one random key an iteration, so that it is the same for
    any number of threads and need not be kept.
    """

    word: ClassVar[str] = "dropout"
    type_text: ClassVar[str] = "Dropout"
    stem: ClassVar[str] = "dropout"
    arguments: ClassVar[tuple[str, ...]] = ("probability",)

    probability: float = prop(fraction_below_one, "the probability of dropping an element", default=0.5)

    def describe(self) -> str:
        return f"{100 * self.probability:g}% dropout"

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        if mode.random is None or self.probability == 0:
            return Forward((x,), (), None)
        key = mode.random.integers(2**64, dtype=np.uint64)
        return Forward((x.with_data(dropout(x.data, self.probability, key)),), (), key)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,) = dys
        assert dy is not None
        return Backward((dy if saved is None else dropout(dy, self.probability, saved),), {})
