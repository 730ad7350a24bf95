"""Swish layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import SWISH, Function
from lstmcli.layers.elementwise import Elementwise


@dataclass(frozen=True, kw_only=True)
class Swish(Elementwise):
    """y = x / (1 + exp(-x)), each element for itself (MATLAB swishLayer; Ramachandran, Zoph, Le 2017)."""

    word: ClassVar[str] = "swish"
    type_text: ClassVar[str] = "Swish"
    stem: ClassVar[str] = "swish"

    def describe(self) -> str:
        return "Swish"

    @property
    def function(self) -> Function:
        return SWISH
