"""ELU layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.elementwise import ELU, Function
from lstmcli.layers.elementwise import Elementwise
from lstmcli.spec.kinds import number
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class Elu(Elementwise):
    """y = x for x >= 0 and Alpha (exp(x) - 1) below (MATLAB eluLayer; Clevert et al. 2016)."""

    word: ClassVar[str] = "elu"
    type_text: ClassVar[str] = "ELU"
    stem: ClassVar[str] = "elu"
    arguments: ClassVar[tuple[str, ...]] = ("alpha",)

    alpha: float = prop(number, "minus the limit of large negative inputs", default=1.0)

    def describe(self) -> str:
        return f"ELU with Alpha {self.alpha:g}"

    @property
    def function(self) -> Function:
        return ELU

    @property
    def parameter(self) -> float:
        return self.alpha
