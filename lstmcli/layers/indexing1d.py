"""1-D indexing layer."""

from dataclasses import dataclass, replace
from typing import ClassVar

from lstmcli.kernels.pooling import MEAN_OF_DATA
from lstmcli.layers.layer import Sizes, require_time
from lstmcli.layers.pooling1d import GlobalPooling1d
from lstmcli.layers.windows import Integers
from lstmcli.records import Signal
from lstmcli.spec.kinds import one_of
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class Indexing1d(GlobalPooling1d):
    """y = x_t of the first or the last step t that counts: the mean of one step (MATLAB indexing1dLayer)."""

    word: ClassVar[str] = "indexing1d"
    type_text: ClassVar[str] = "1-D Indexing"
    stem: ClassVar[str] = "indexing1d"
    arguments: ClassVar[tuple[str, ...]] = ("index",)
    foreign: ClassVar[dict[str, str]] = {
        "HasPaddingMaskInput": "`MaskPadding: true` of the options leaves padding out"
    }
    kind: ClassVar[int] = MEAN_OF_DATA

    index: str = prop(one_of("first", "last"), "which step is taken", default="first")

    @property
    def works_in_pieces(self) -> bool:
        return self.index == "last"

    def describe(self) -> str:
        return f"1-D indexing with index '{self.index}'"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_time(size)
        return (replace(size, steps=None),)

    def taken(self, x: Signal) -> tuple[Integers, Integers]:
        """Where the one step starts and stops."""
        some = x.start < x.stop
        start = x.start if self.index == "first" else x.stop - some
        return start, start + some
