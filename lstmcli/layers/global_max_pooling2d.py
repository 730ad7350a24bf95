"""2-D global max pooling layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.pooling import MAX
from lstmcli.layers.pooling2d import GlobalPooling2d


@dataclass(frozen=True, kw_only=True)
class GlobalMaxPooling2d(GlobalPooling2d):
    """y = max x_ij over all pixels i, j of an image (MATLAB globalMaxPooling2dLayer).

    The gradient goes to the first of the largest, down the columns.
    """

    word: ClassVar[str] = "globalMaxPooling2d"
    type_text: ClassVar[str] = "2-D Global Max Pooling"
    stem: ClassVar[str] = "gmpool"
    kind: ClassVar[int] = MAX

    def describe(self) -> str:
        return "2-D global max pooling"
