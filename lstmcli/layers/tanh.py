"""Hyperbolic tangent layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import TANH, Function
from lstmcli.layers.elementwise import Elementwise


@dataclass(frozen=True, kw_only=True)
class Tanh(Elementwise):
    """y = tanh x, each element for itself (MATLAB tanhLayer)."""

    word: ClassVar[str] = "tanh"
    type_text: ClassVar[str] = "Tanh"
    stem: ClassVar[str] = "tanh"

    def describe(self) -> str:
        return "Hyperbolic tangent"

    @property
    def function(self) -> Function:
        return TANH
