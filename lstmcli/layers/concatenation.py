"""Concatenation layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.layers.joins import SideBySide
from lstmcli.layers.layer import SizeError
from lstmcli.spec.kinds import positive_integer
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class Concatenation(SideBySide):
    """The inputs side by side along the dimension Dim (MATLAB concatenationLayer).

    Of vectors, dimension 1 are the channels; of images, dimension 1 is the height, 2 the width, and 3 are
    the channels. In the other dimensions the inputs have the same size.
    """

    word: ClassVar[str] = "concatenation"
    type_text: ClassVar[str] = "Concatenation"
    stem: ClassVar[str] = "concat"
    arguments: ClassVar[tuple[str, ...]] = ("dim", "num_inputs")

    dim: int = prop(positive_integer, "the dimension: 1 of vectors; 1, 2 or 3 of images")

    def describe(self) -> str:
        return f"Concatenation of {self.num_inputs} inputs along dimension {self.dim}"

    def dimension(self, count: int) -> int:
        if self.dim > count:
            help = "images have the dimensions 1, 2 and 3: height, width and channels"
            if count == 1:
                help = "of vectors, `Dim` 1 joins the channels; no layer joins observations or time steps"
            raise SizeError(f"has `Dim` {self.dim}", 0, help)
        return self.dim - 1
