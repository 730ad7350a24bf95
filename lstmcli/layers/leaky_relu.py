"""Leaky ReLU layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import LEAKY_RELU, Function
from lstmcli.layers.elementwise import Elementwise
from lstmcli.spec.kinds import number
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class LeakyRelu(Elementwise):
    """y = x for x >= 0 and Scale x below (MATLAB leakyReluLayer; Maas, Hannun, Ng 2013)."""

    word: ClassVar[str] = "leakyRelu"
    type_text: ClassVar[str] = "Leaky ReLU"
    stem: ClassVar[str] = "leakyrelu"
    arguments: ClassVar[tuple[str, ...]] = ("scale",)

    scale: float = prop(number, "what negative inputs are multiplied by", default=0.01)

    def describe(self) -> str:
        return f"Leaky ReLU with scale {self.scale:g}"

    @property
    def function(self) -> Function:
        return LEAKY_RELU

    @property
    def parameter(self) -> float:
        return self.scale
