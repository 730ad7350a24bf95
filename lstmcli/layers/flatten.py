"""Flatten layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.layers.images import from_columns, to_columns
from lstmcli.layers.layer import Backward, Forward, Gradients, Layer, Mode, Signals, Sizes, State
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class Flatten(Layer):
    """Makes of an image a vector of its h w C numbers (MATLAB flattenLayer).

    They run first along the height, then along the width, then through the channels, as in MATLAB's memory.
    Vectors stay as they are.
    """

    word: ClassVar[str] = "flatten"
    type_text: ClassVar[str] = "Flatten"
    stem: ClassVar[str] = "flatten"

    def describe(self) -> str:
        return "Flatten"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        return (replace(size, channels=size.elements, spatial=()),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        memory = mode.memory_of(self)
        return Forward((x.with_data(to_columns(x.data, memory)),), (), (x.data.shape, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (shape, memory) = dys, saved
        assert dy is not None
        return Backward((from_columns(dy, shape, memory),), {})
