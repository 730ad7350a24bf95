"""Softplus layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import SOFTPLUS, Function
from lstmcli.layers.elementwise import Elementwise


@dataclass(frozen=True, kw_only=True)
class Softplus(Elementwise):
    """y = log(1 + exp(x)), each element for itself (MATLAB softplusLayer)."""

    word: ClassVar[str] = "softplus"
    type_text: ClassVar[str] = "Softplus"
    stem: ClassVar[str] = "softplus"

    def describe(self) -> str:
        return "softplus"

    @property
    def function(self) -> Function:
        return SOFTPLUS
