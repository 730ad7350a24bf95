"""Flip layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from lstmcli.kernels.flip import flip_steps
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Gradients,
    Layer,
    Mode,
    Signals,
    Sizes,
    State,
    require_time,
)
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class Flip(Layer):
    """y_t = x_{T+1-t}: the sequence from its end to its beginning.

    Where padding is masked, T is each sequence's own, and its padding stays where it is. MATLAB has no such
    layer; its users write `functionLayer(@(X) flip(X,3))`. Two gru layers, one of them between two flips, and
    a concatenation are a bidirectional GRU.
    """

    word: ClassVar[str] = "flip"
    type_text: ClassVar[str] = "Flip"
    stem: ClassVar[str] = "flip"

    @property
    def works_in_pieces(self) -> bool:
        return False

    def describe(self) -> str:
        return "Flip of the time steps"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_time(size)
        return sizes

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,), memory = xs, mode.memory_of(self)
        return Forward((x.with_data(_flipped(x.data, x.start, x.stop, memory.part("y"))),), (), (x, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (x, memory) = dys, saved
        assert dy is not None
        return Backward((_flipped(dy, x.start, x.stop, memory.part("dx")) if need_dx else None,), {})


def _flipped(x: Array, *where: Any) -> Array:
    T, B, *own = x.shape
    return flip_steps(x.reshape(T, B, prod(own)), *where).reshape(x.shape)
