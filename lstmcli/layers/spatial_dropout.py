"""Spatial dropout layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.memory import Memory
from lstmcli.kernels.spatial_dropout import spatial_dropout
from lstmcli.layers.images import is_image
from lstmcli.layers.layer import Backward, Forward, Gradients, Layer, Mode, Signals, State
from lstmcli.records import Array
from lstmcli.spec.kinds import fraction_below_one
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class SpatialDropout(Layer):
    """In training y = x / (1 - p), or 0 with probability p, each channel of an observation for itself; y = x
    otherwise.

    MATLAB spatialDropoutLayer. A channel is dropped or kept at all time steps and in all pixels of an
    observation, folded frames included. The mask follows from one random key an iteration.
    """

    word: ClassVar[str] = "spatialDropout"
    type_text: ClassVar[str] = "Spatial Dropout"
    stem: ClassVar[str] = "spatialdrop"

    probability: float = prop(
        fraction_below_one, "the probability of dropping a channel of an observation", default=0.5
    )

    def describe(self) -> str:
        return f"{100 * self.probability:g}% spatial dropout"

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        if mode.random is None or self.probability == 0:
            return Forward((x,), (), None)
        key, memory = mode.random.integers(2**64, dtype=np.uint64), mode.memory_of(self)
        y = self._drop(x.data, key, memory.part("forward"))
        return Forward((x.with_data(y),), (), (key, memory.part("backward")))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,) = dys
        assert dy is not None
        return Backward((dy if saved is None else self._drop(dy, *saved),), {})

    def _drop(self, x: Array, key: np.uint64, memory: Memory) -> Array:
        observations = x.ndim - (4 if is_image(x) else 2)
        B, C = x.shape[observations], x.shape[-1]
        steps = x.reshape(-1 if observations else 1, B, int(np.prod(x.shape[observations + 1 : -1])), C)
        return spatial_dropout(steps, self.probability, key, memory).reshape(x.shape)
