"""Sigmoid layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import SIGMOID, Function
from lstmcli.layers.elementwise import Elementwise


@dataclass(frozen=True, kw_only=True)
class Sigmoid(Elementwise):
    """y = 1 / (1 + exp(-x)), each element for itself (MATLAB sigmoidLayer)."""

    word: ClassVar[str] = "sigmoid"
    type_text: ClassVar[str] = "Sigmoid"
    stem: ClassVar[str] = "sigmoid"

    def describe(self) -> str:
        return "sigmoid"

    @property
    def function(self) -> Function:
        return SIGMOID
