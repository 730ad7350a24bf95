"""ReLU layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import RELU, Function
from lstmcli.layers.elementwise import Elementwise


@dataclass(frozen=True, kw_only=True)
class Relu(Elementwise):
    """y = max(0, x), each element for itself (MATLAB reluLayer)."""

    word: ClassVar[str] = "relu"
    type_text: ClassVar[str] = "ReLU"
    stem: ClassVar[str] = "relu"

    def describe(self) -> str:
        return "ReLU"

    @property
    def function(self) -> Function:
        return RELU
