"""1-D global average pooling layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.pooling import MEAN_OF_DATA
from lstmcli.layers.pooling1d import GlobalPooling1d


@dataclass(frozen=True, kw_only=True)
class GlobalAveragePooling1d(GlobalPooling1d):
    """y = the mean of x_t over all steps t that count (MATLAB globalAveragePooling1dLayer)."""

    word: ClassVar[str] = "globalAveragePooling1d"
    type_text: ClassVar[str] = "1-D Global Average Pooling"
    stem: ClassVar[str] = "gapool1d"
    kind: ClassVar[int] = MEAN_OF_DATA

    def describe(self) -> str:
        return "1-D global average pooling"
