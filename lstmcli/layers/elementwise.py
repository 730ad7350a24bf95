"""What activation layers have in common: all but their function."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstmcli.kernels.elementwise import Function, elementwise_backward, elementwise_forward
from lstmcli.layers.layer import Backward, Forward, Gradients, Layer, Mode, Signals, State
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class Elementwise(Layer):
    """y = f(x), each element for itself, of any size; a subclass says what f is."""

    @property
    def function(self) -> Function:
        """The function f of the kernels."""
        raise NotImplementedError

    @property
    def parameter(self) -> float:
        """The number that f has beside x, if it has one."""
        return 0.0

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        memory = mode.memory_of(self)
        y, kept = elementwise_forward(self.function, x.data, self.parameter, memory)
        return Forward((x.with_data(y),), (), (kept, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (kept, memory) = dys, saved
        assert dy is not None
        return Backward((elementwise_backward(self.function, kept, self.parameter, dy, memory),), {})
