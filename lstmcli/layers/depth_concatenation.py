"""Depth concatenation layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.layers.joins import SideBySide


@dataclass(frozen=True, kw_only=True)
class DepthConcatenation(SideBySide):
    """The channels of the inputs one behind the other (MATLAB depthConcatenationLayer).

    Images have the same height and width.
    """

    word: ClassVar[str] = "depthConcatenation"
    type_text: ClassVar[str] = "Depth concatenation"
    stem: ClassVar[str] = "depthcat"

    def describe(self) -> str:
        return f"Depth concatenation of {self.num_inputs} inputs"

    def dimension(self, count: int) -> int:
        return count - 1
