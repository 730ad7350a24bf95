"""What convolution1d and convolution2d have in common: all but where their windows lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, ClassVar

from lstmcli.kernels.convolution import convolution_backward, convolution_forward
from lstmcli.kernels.convolution_layout import Windows
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.padding import EXCLUDE_EDGE, INCLUDE_EDGE, REPLICATE, VALUE, Filling, Padded, unpad
from lstmcli.layers.initializers import WEIGHT_RULES, Draw
from lstmcli.layers.layer import Backward, Given, Gradients, Layer, Parameter, learnable
from lstmcli.layers.windows import Window
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import PythonFunction, array, initializer, nonnegative, positive_integer, word_or
from lstmcli.spec.properties import prop
from lstmcli.spec.sizes import padding, padding_value

EDGES = {
    "replicate": REPLICATE,
    "symmetric-include-edge": INCLUDE_EDGE,
    "symmetric-exclude-edge": EXCLUDE_EDGE,
}


@dataclass(frozen=True, kw_only=True)
class Convolution(Layer):
    """The properties of convolution1dLayer; those of convolution2dLayer differ in their kinds alone.

    Learnables, for C channels and N filters of size F or [h w]: Weights (F, C, N) or (h, w, C, N), Bias
    (1, N) or (1, 1, N).
    """

    arguments: ClassVar[tuple[str, ...]] = ("filter_size", "num_filters")
    foreign: ClassVar[dict[str, str]] = {
        "PaddingMode": "it follows from `Padding`",
        "PaddingSize": "it follows from `Padding`",
    }

    filter_size: Any = prop(positive_integer, "how many steps a filter takes")
    num_filters: int = prop(positive_integer, "the number of filters, which is that of output channels")
    stride: Any = prop(positive_integer, "from one window to the next", default=1)
    dilation_factor: Any = prop(positive_integer, "from one element of a window to the next", default=1)
    padding: Any = prop(padding(2, "same", "causal"), "what is added before and after", default=(0, 0))
    padding_value: float | str = prop(padding_value, "what padding is filled with", default=0.0)
    num_channels: int | str = prop(
        word_or("auto", positive_integer), "the number of input channels", default="auto"
    )
    weights_initializer: str | PythonFunction = prop(
        initializer(*WEIGHT_RULES), "how the weights are drawn", default="glorot"
    )
    bias_initializer: str | PythonFunction = prop(
        initializer("zeros", "narrow-normal", "ones"), "how the bias is drawn", default="zeros"
    )
    weights: Given | None = prop(array, "the weights to start from", default=None)
    bias: Given | None = prop(array, "the bias to start from", default=None)
    weight_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    bias_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    weight_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)
    bias_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=0.0)

    @cached_property
    def sides(self) -> tuple[Window, ...]:
        """The windows along each dimension, in MATLAB's order."""
        raise NotImplementedError

    @cached_property
    def windows(self) -> Windows:
        """The windows over images as kernels know them; one side of sequences' windows is a single pixel."""
        width, height, *_ = (*reversed(self.sides), Window(1))
        size, stride = (width.size, height.size), (width.stride, height.stride)
        return Windows(size, stride, (width.dilation, height.dilation))

    @cached_property
    def filling(self) -> Filling:
        """What kernels fill padding with."""
        if isinstance(self.padding_value, str):
            return Filling(EDGES[self.padding_value])
        return Filling(VALUE, self.padding_value)

    def describe(self) -> str:
        sizes: list[int | str] = [side.size for side in self.sides]
        if self.num_channels != "auto":
            sizes.append(self.num_channels)
        spread = any(side.dilation > 1 for side in self.sides)
        dilation = f", dilation factor {_shown(self.dilation_factor)}, and" if spread else " and"
        padding = f"'{self.padding}'" if isinstance(self.padding, str) else _shown(self.padding)
        filters = f"{self.num_filters} {'x'.join(map(str, sizes))} convolutions"
        return f"{filters} with stride {_shown(self.stride)}{dilation} padding {padding}"

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        sizes, C, N = [side.size for side in self.sides], size.channels, self.num_filters
        fans = prod(sizes) * C, prod(sizes) * N
        weights, bias = (*sizes, C, N), (*(1 for _ in sizes), N)
        return (
            learnable(self, "weights", weights, Draw(self.weights_initializer, *fans), factors="weight"),
            learnable(self, "bias", bias, Draw(self.bias_initializer, *fans)),
        )

    def convolve(self, padded: Padded, weights: Mapping[str, Array], memory: Memory, packs: bool) -> Array:
        """The sums over all windows, [n, w, h, N]."""
        W, b = weights["Weights"], weights["Bias"].ravel()
        return convolution_forward(padded.data, _as_image(W), b, self.windows, memory, packs)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (padded, shape, memory) = dys, saved
        assert dy is not None
        inside = padded.inside if need_dx else None
        images, W = dy.reshape(len(padded.data), *dy.shape[-3:]), _as_image(weights["Weights"])
        dx, dW, db = convolution_backward(padded.data, W, images, self.windows, inside, memory)
        if dx is not None:
            dx = unpad(dx, padded, shape[-3] * shape[-2], memory.part("padding")).reshape(shape)
        gradients = {"Weights": dW, "Bias": db}
        return Backward((dx,), {name: d.reshape(weights[name].shape) for name, d in gradients.items()})


def _as_image(W: Array) -> Array:
    """W[h, w, C, N]; filters along time are one pixel high."""
    return W.reshape(-1, *W.shape[-3:])


def _shown(numbers: int | tuple[int, ...]) -> str:
    """As MATLAB shows a number or a row of them."""
    return f"[{'  '.join(map(str, numbers))}]" if isinstance(numbers, tuple) else str(numbers)
