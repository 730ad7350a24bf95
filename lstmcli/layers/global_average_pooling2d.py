"""2-D global average pooling layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.pooling import MEAN_OF_DATA
from lstmcli.layers.pooling2d import GlobalPooling2d


@dataclass(frozen=True, kw_only=True)
class GlobalAveragePooling2d(GlobalPooling2d):
    """y = the mean of x_ij over all pixels i, j of an image (MATLAB globalAveragePooling2dLayer)."""

    word: ClassVar[str] = "globalAveragePooling2d"
    type_text: ClassVar[str] = "2-D Global Average Pooling"
    stem: ClassVar[str] = "gapool"
    kind: ClassVar[int] = MEAN_OF_DATA

    def describe(self) -> str:
        return "2-D global average pooling"
