"""Addition layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lstmcli.kernels.joins import add
from lstmcli.layers.joins import Join, require_agreement
from lstmcli.layers.layer import Backward, Forward, Gradients, Mode, Signals, Sizes, State
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class Addition(Join):
    """y = x_1 + x_2 + ... + x_N, of inputs of one size (MATLAB additionLayer)."""

    word: ClassVar[str] = "addition"
    type_text: ClassVar[str] = "Addition"
    stem: ClassVar[str] = "addition"

    def describe(self) -> str:
        return f"Element-wise addition of {self.num_inputs} inputs"

    def propagate(self, sizes: Sizes) -> Sizes:
        require_agreement(sizes)
        return sizes[:1]

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        y = add([x.data for x in xs], mode.memory_of(self))
        return Forward((xs[0].with_data(y),), (), None)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        return Backward(dys * self.num_inputs, {})
