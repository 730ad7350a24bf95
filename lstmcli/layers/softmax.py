"""Softmax layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lstmcli.kernels.softmax import softmax, softmax_backward
from lstmcli.layers.layer import Backward, Forward, Gradients, Layer, Mode, Signals, State
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class Softmax(Layer):
    """y_k = exp(x_k) / sum_j exp(x_j) over the channels, each time step on its own (MATLAB softmaxLayer)."""

    word: ClassVar[str] = "softmax"
    type_text: ClassVar[str] = "Softmax"
    stem: ClassVar[str] = "softmax"

    def describe(self) -> str:
        return "softmax"

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        memory = mode.memory_of(self)
        y = softmax(x.data.reshape(-1, x.data.shape[-1]), memory).reshape(x.data.shape)
        return Forward((x.with_data(y),), (), (y, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,) = dys
        assert dy is not None
        (y, memory), channels = saved, dy.shape[-1]
        dx = softmax_backward(y.reshape(-1, channels), dy.reshape(-1, channels), memory)
        return Backward((dx.reshape(dy.shape),), {})
