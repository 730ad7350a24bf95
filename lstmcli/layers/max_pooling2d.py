"""2-D max pooling layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.pooling import MAX
from lstmcli.layers.pooling import Pooling
from lstmcli.layers.pooling2d import Pooling2d


@dataclass(frozen=True, kw_only=True)
class MaxPooling2d(Pooling2d):
    """y_ij = max x_kl over the pixels k, l of window i, j (MATLAB maxPooling2dLayer).

    The gradient of a window goes to the first of its largest pixels, row by row.
    """

    word: ClassVar[str] = "maxPooling2d"
    type_text: ClassVar[str] = "2-D Max Pooling"
    stem: ClassVar[str] = "maxpool"
    kind: ClassVar[int] = MAX
    taken: ClassVar[str] = "max"
    foreign: ClassVar[dict[str, str]] = {
        **Pooling.foreign,
        "HasUnpoolingOutputs": "there is no layer that would take the places of the largest pixels",
    }
