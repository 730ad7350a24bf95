"""How windows lie over time steps or pixels: size, stride, dilation and padding.

Window k begins at k stride - before, and takes every dilation-th of its extent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.layers.layer import SizeError
from lstmcli.records import Signal, Steps

Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Window:
    """Windows along one dimension.

    padding : before and after; "same" for as many windows as there are strides, an odd element of padding
        at the end; "causal" for windows that end where they answer
    """

    size: int
    stride: int = 1
    dilation: int = 1
    padding: tuple[int, int] | str = (0, 0)

    @property
    def extent(self) -> int:
        """Elements from the first to the last of a window."""
        return (self.size - 1) * self.dilation + 1

    @property
    def is_one_step(self) -> bool:
        """Whether each window is the element that it answers for."""
        return self.size == self.stride == 1 and self.padding in ((0, 0), "same", "causal")

    @property
    def _sides(self) -> tuple[int, int]:
        if isinstance(self.padding, str):
            return (self.extent - 1, 0)
        return self.padding

    def along(self, steps: Steps) -> Steps:
        """The number of windows over so many time steps: floor((t + padding - extent) / stride) + 1."""
        if self.padding == "same":
            return steps.then(self.stride - 1, self.stride)
        return steps.then(sum(self._sides) - self.extent + self.stride, self.stride)

    def over(self, length: int) -> int:
        """The number of windows over so many pixels."""
        return self.along(Steps()).of(length)

    def before(self, length: Integers) -> Integers:
        """The padding before the first of so many elements, int32 of any shape."""
        if self.padding != "same":
            return np.full_like(length, self._sides[0])
        windows = -(-length // self.stride)
        total = np.maximum(0, (windows - 1) * self.stride + self.extent - length)
        before: Integers = (total // 2).astype(np.int32)
        return before

    def around(self, length: int) -> tuple[int, int]:
        """The padding before and after so many pixels that windows see."""
        before = self.before(np.array(length, np.int32)).item()
        seen = (self.over(length) - 1) * self.stride + self.extent
        return before, max(0, seen - before - length)

    def over_time(self, x: Signal) -> "OverTime":
        """Where the windows of each observation lie, over the steps that count."""
        T = len(x.data)
        counts = self.along(Steps())
        steps = counts.of(T)
        if T > 0 and not x.start.any() and (x.stop == T).all():
            return OverTime(steps, x.start, np.full_like(x.stop, steps), -self.before(x.stop), True)
        length = x.stop - x.start
        windows = np.where(length > 0, np.maximum(0, (length + counts.add) // counts.divide), 0)
        # A sequence that is padded before it ends where the others do.
        start = np.where(x.start == 0, 0, steps - windows).astype(np.int32)
        stop = (start + windows).astype(np.int32)
        return OverTime(steps, start, stop, x.start - self.before(length), False)


def over_image(sides: Sequence[Window], spatial: Sequence[int], size: str) -> tuple[int, ...]:
    """The number of windows along the height and along the width of an image.

    size : what the user calls the windows' size
    Raises SizeError if there is none along one of them.
    """
    counts = tuple(side.over(length) for side, length in zip(sides, spatial, strict=True))
    short = [
        f"{side.extent - sum(side._sides)} pixels of {name}"
        for name, side, count in zip(("height", "width"), sides, counts, strict=True)
        if count < 1
    ]
    if short:
        help = f"use a smaller `{size}`, or `Padding: same`"
        raise SizeError(f"needs at least {' and '.join(short)}", help=help)
    return counts


class OverTime(NamedTuple):
    """Windows over time.

    steps : of the output; start, stop : int32[B], those that count; window start + k of observation b is
        at input step first[b] + k stride of the input
    whole : all steps of the input count
    """

    steps: int
    start: Integers
    stop: Integers
    first: Integers
    whole: bool


def shown(numbers: int | tuple[int, ...]) -> str:
    """As MATLAB shows a number or a row of them."""
    return f"[{'  '.join(map(str, numbers))}]" if isinstance(numbers, tuple) else str(numbers)
