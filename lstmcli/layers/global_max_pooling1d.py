"""1-D global max pooling layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.pooling import MAX
from lstmcli.layers.pooling1d import GlobalPooling1d


@dataclass(frozen=True, kw_only=True)
class GlobalMaxPooling1d(GlobalPooling1d):
    """y = max x_t over all steps t that count (MATLAB globalMaxPooling1dLayer).

    The gradient goes to the first of the largest.
    """

    word: ClassVar[str] = "globalMaxPooling1d"
    type_text: ClassVar[str] = "1-D Global Max Pooling"
    stem: ClassVar[str] = "gmpool1d"
    kind: ClassVar[int] = MAX

    def describe(self) -> str:
        return "1-D global max pooling"
