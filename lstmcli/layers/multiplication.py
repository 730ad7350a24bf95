"""Multiplication layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lstmcli.kernels.joins import multiply, multiply_backward
from lstmcli.layers.joins import Join, require_agreement
from lstmcli.layers.layer import Backward, Forward, Gradients, Mode, Signals, Sizes, State
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class Multiplication(Join):
    """y = x_1 x_2 ... x_N, element by element, of inputs of one size (MATLAB multiplicationLayer)."""

    word: ClassVar[str] = "multiplication"
    type_text: ClassVar[str] = "Multiplication"
    stem: ClassVar[str] = "multiplication"

    def describe(self) -> str:
        return f"Element-wise multiplication of {self.num_inputs} inputs"

    def propagate(self, sizes: Sizes) -> Sizes:
        require_agreement(sizes)
        return sizes[:1]

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        arrays, memory = [x.data for x in xs], mode.memory_of(self)
        return Forward((xs[0].with_data(multiply(arrays, memory)),), (), (arrays, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (arrays, memory) = dys, saved
        assert dy is not None
        return Backward(multiply_backward(arrays, dy, memory), {})
