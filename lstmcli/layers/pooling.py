"""What all pooling layers over windows have in common: their properties, and how they are listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from lstmcli.layers.layer import Layer, Problem
from lstmcli.layers.windows import Window, shown
from lstmcli.spec.kinds import positive_integer
from lstmcli.spec.properties import prop
from lstmcli.spec.sizes import padding


@dataclass(frozen=True, kw_only=True)
class Pooling(Layer):
    """The properties of maxPooling1dLayer; those of the layers over pixels differ in their kinds alone."""

    arguments: ClassVar[tuple[str, ...]] = ("pool_size",)
    foreign: ClassVar[dict[str, str]] = {
        "PaddingMode": "it follows from `Padding`",
        "PaddingSize": "it follows from `Padding`",
    }
    taken: ClassVar[str]
    """What a window gives, in MATLAB's listing."""

    pool_size: Any = prop(positive_integer, "how many steps a window takes")
    stride: Any = prop(positive_integer, "from one window to the next", default=1)
    padding: Any = prop(padding(2, "same"), "what is added before and after", default=(0, 0))

    @property
    def sides(self) -> tuple[Window, ...]:
        """The windows along each dimension, in MATLAB's order."""
        raise NotImplementedError

    @property
    def kind(self) -> int:
        """What is taken of a window, by the kernels' number."""
        raise NotImplementedError

    @property
    def shown_strides(self) -> str:
        """Stride and padding in MATLAB's listing."""
        padding = f"'{self.padding}'" if isinstance(self.padding, str) else shown(self.padding)
        return f"stride {shown(self.stride)}{'' if len(self.sides) > 1 else ','} and padding {padding}"

    def check(self) -> Iterator[Problem]:
        if any(max(side.padding) >= side.size for side in self.sides if not isinstance(side.padding, str)):
            message = f"`Padding` of {self.word} must be smaller than `PoolSize`"
            yield Problem("padding", message, "a window would see nothing but padding")
