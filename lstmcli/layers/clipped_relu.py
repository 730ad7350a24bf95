"""Clipped ReLU layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import CLIPPED_RELU, Function
from lstmcli.layers.elementwise import Elementwise
from lstmcli.spec.kinds import positive
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class ClippedRelu(Elementwise):
    """y = min(max(0, x), Ceiling), each element for itself (MATLAB clippedReluLayer)."""

    word: ClassVar[str] = "clippedRelu"
    type_text: ClassVar[str] = "Clipped ReLU"
    stem: ClassVar[str] = "clippedrelu"
    arguments: ClassVar[tuple[str, ...]] = ("ceiling",)

    ceiling: float = prop(positive, "the largest output")

    def describe(self) -> str:
        return f"Clipped ReLU with ceiling {self.ceiling:g}"

    @property
    def function(self) -> Function:
        return CLIPPED_RELU

    @property
    def parameter(self) -> float:
        return self.ceiling
