"""What batch and layer normalization share: scale and offset of channels, and how data lies before them."""

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.errors import counted
from lstmcli.layers.initializers import Draw
from lstmcli.layers.layer import Given, Layer, Parameter, Sizes, learnable, require_channels
from lstmcli.records import Array, Signal, Size
from lstmcli.spec.kinds import (
    PythonFunction,
    array,
    initializer,
    nonnegative,
    positive,
    positive_integer,
    word_or,
)
from lstmcli.spec.properties import prop

RULES = ("zeros", "ones", "narrow-normal")


@dataclass(frozen=True, kw_only=True)
class Normalization(Layer):
    """y = Scale (x - m) / sqrt(v + Epsilon) + Offset, with Scale and Offset (C,) of each channel."""

    num_channels: int | str = prop(
        word_or("auto", positive_integer), "the number of channels", default="auto"
    )
    epsilon: float = prop(positive, "added to variances", default=1e-5)
    scale_initializer: str | PythonFunction = prop(
        initializer(*RULES), "how the scale is drawn", default="ones"
    )
    offset_initializer: str | PythonFunction = prop(
        initializer(*RULES), "how the offset is drawn", default="zeros"
    )
    scale: Given | None = prop(array, "the scale to start from", default=None)
    offset: Given | None = prop(array, "the offset to start from", default=None)
    scale_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    offset_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    scale_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)
    offset_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)

    def describe(self) -> str:
        kind = self.type_text.capitalize()
        if isinstance(self.num_channels, str):
            return kind
        return f"{kind} with {counted(self.num_channels, 'channel')}"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_channels("NumChannels", self.num_channels, size.channels)
        return sizes

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        shape, fan = (size.channels,), size.channels
        return (
            learnable(self, "scale", shape, Draw(self.scale_initializer, fan, fan)),
            learnable(self, "offset", shape, Draw(self.offset_initializer, fan, fan)),
        )


class Pixels(NamedTuple):
    """A signal with its pixels in one row.

    data : float[T, B, P, C], one step where there is no time axis, one pixel where there are no images
    start, stop : int32[B], the steps that count; without a time axis the one of an observation that has any
    time : whether there is a time axis
    """

    data: Array
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    time: bool


def pixels_of(x: Signal) -> Pixels:
    """The signal in this form, whatever has what axes."""
    *outer, C = x.data.shape
    # Steps and observations, then width and height if there are any.
    if len(outer) % 2 == 0:
        T, B, *pixels = outer
        return Pixels(x.data.reshape(T, B, prod(pixels), C), x.start, x.stop, True)
    counted = (x.start < x.stop).astype(np.int32)
    return Pixels(x.data.reshape(1, outer[0], prod(outer[1:]), C), np.zeros_like(counted), counted, False)
