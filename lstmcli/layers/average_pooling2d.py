"""2-D average pooling layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.kernels.pooling import MEAN, MEAN_OF_DATA
from lstmcli.layers.pooling2d import Pooling2d
from lstmcli.spec.properties import prop
from lstmcli.spec.sizes import mean_or_zero


@dataclass(frozen=True, kw_only=True)
class AveragePooling2d(Pooling2d):
    """y_ij = the mean of x_kl over the pixels k, l of window i, j (MATLAB averagePooling2dLayer)."""

    word: ClassVar[str] = "averagePooling2d"
    type_text: ClassVar[str] = "2-D Average Pooling"
    stem: ClassVar[str] = "avgpool"
    taken: ClassVar[str] = "average"

    padding_value: int | str = prop(
        mean_or_zero, "whether padding counts as zeros, or as the mean of what is there", default=0
    )

    @property
    def kind(self) -> int:
        """Padding is part of a window, or not."""
        return MEAN if self.padding_value == 0 else MEAN_OF_DATA
