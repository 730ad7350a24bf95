"""Gaussian error linear unit layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import GELU, GELU_TANH, Function
from lstmcli.layers.elementwise import Elementwise
from lstmcli.spec.kinds import one_of
from lstmcli.spec.properties import prop

FUNCTIONS = {"none": GELU, "tanh": GELU_TANH}


@dataclass(frozen=True, kw_only=True)
class Gelu(Elementwise):
    """y = x/2 (1 + erf(x / sqrt 2)), each element for itself (MATLAB geluLayer; Hendrycks, Gimpel 2016).

    With the approximation tanh it is x/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), as some networks have
    it; it is no faster.
    """

    word: ClassVar[str] = "gelu"
    type_text: ClassVar[str] = "GELU"
    stem: ClassVar[str] = "gelu"

    approximation: str = prop(one_of(*FUNCTIONS), "what stands for the error function", default="none")

    def describe(self) -> str:
        return "GELU"

    @property
    def function(self) -> Function:
        return FUNCTIONS[self.approximation]
