"""1-D max pooling layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.pooling import MAX
from lstmcli.layers.pooling1d import Pooling1d


@dataclass(frozen=True, kw_only=True)
class MaxPooling1d(Pooling1d):
    """y_s = max x_t over the steps t of window s (MATLAB maxPooling1dLayer).

    The gradient of a window goes to the first of its largest steps.
    """

    word: ClassVar[str] = "maxPooling1d"
    type_text: ClassVar[str] = "1-D Max Pooling"
    stem: ClassVar[str] = "maxpool1d"
    kind: ClassVar[int] = MAX
    taken: ClassVar[str] = "max"
