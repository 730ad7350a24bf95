"""Fully connected layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.kernels.fully_connected import fully_connected_backward, fully_connected_forward
from lstmcli.layers.images import from_columns, to_columns
from lstmcli.layers.initializers import WEIGHT_RULES, Draw
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Given,
    Gradients,
    Layer,
    Mode,
    Parameter,
    Signals,
    Sizes,
    State,
    learnable,
    require_channels,
)
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import PythonFunction, array, initializer, nonnegative, positive_integer, word_or
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class FullyConnected(Layer):
    """y = W x + b, at each time step on its own (MATLAB fullyConnectedLayer).

    Weights W (O, I), Bias b (O,) for I input and O output channels; x of an image is its h w C numbers
    in MATLAB's order, first along the height.
    """

    word: ClassVar[str] = "fullyConnected"
    type_text: ClassVar[str] = "Fully Connected"
    stem: ClassVar[str] = "fc"
    arguments: ClassVar[tuple[str, ...]] = ("output_size",)

    output_size: int = prop(positive_integer, "the number of output channels")
    input_size: int | str = prop(
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

    def describe(self) -> str:
        return f"{self.output_size} fully connected layer"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_channels("InputSize", self.input_size, size.elements)
        return (replace(size, channels=self.output_size, spatial=()),)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        rows, columns = self.output_size, size.elements
        draw_weights = Draw(self.weights_initializer, columns, rows)
        draw_bias = Draw(self.bias_initializer, columns, rows)
        return (
            learnable(self, "weights", (rows, columns), draw_weights, factors="weight"),
            learnable(self, "bias", (rows,), draw_bias),
        )

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        memory = mode.memory_of(self)
        columns = to_columns(x.data, memory.part("images"))
        rows = columns.reshape(-1, columns.shape[-1])
        y = fully_connected_forward(rows, weights["Weights"], weights["Bias"], memory, mode.packs(memory))
        output = x.with_data(y.reshape(*columns.shape[:-1], self.output_size))
        return Forward((output,), (), (rows, x.data.shape, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (rows, shape, memory) = dys, saved
        assert dy is not None
        flat = dy.reshape(-1, dy.shape[-1])
        dx, dW, db = fully_connected_backward(rows, weights["Weights"], flat, need_dx, memory)
        if dx is not None:
            columns = dx.reshape(*dy.shape[:-1], rows.shape[-1])
            dx = from_columns(columns, shape, memory.part("images"))
        return Backward((dx,), {"Weights": dW, "Bias": db})
