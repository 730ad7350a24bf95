"""Pooling over the pixels of images, each frame by itself: over windows, or over a whole image at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.kernels.pooling import PixelWindows, pool_pixels, pool_pixels_backward
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Gradients,
    Layer,
    Mode,
    Signals,
    Sizes,
    State,
    require_images,
)
from lstmcli.layers.pooling import Pooling
from lstmcli.layers.windows import Window, over_image
from lstmcli.records import Array
from lstmcli.spec.properties import prop
from lstmcli.spec.sizes import height_and_width, padding

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Pooling2d(Pooling):
    """Pooling over rectangles of pixels."""

    pool_size: Pair = prop(height_and_width, "the height and width of a window")
    stride: Pair = prop(height_and_width, "from one window to the next", default=(1, 1))
    padding: tuple[int, int, int, int] | str = prop(
        padding(4, "same"), "what is added at the top, bottom, left and right", default=(0, 0, 0, 0)
    )

    @property
    def sides(self) -> tuple[Window, ...]:
        """The windows along the height and along the width."""
        given = self.padding
        down, across = (given, given) if isinstance(given, str) else (given[:2], given[2:])
        (h, w), (stride_down, stride_across) = self.pool_size, self.stride
        return Window(h, stride_down, padding=down), Window(w, stride_across, padding=across)

    def describe(self) -> str:
        size = "x".join(map(str, self.pool_size))
        return f"{size} {self.taken} pooling with {self.shown_strides}"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_images(size)
        spatial = over_image(self.sides, size.spatial, "PoolSize")
        return (replace(size, spatial=spatial),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,), (down, across), memory = xs, self.sides, mode.memory_of(self)
        *outer, w, h, C = x.data.shape
        strides = down.stride, across.stride, down.around(h)[0], across.around(w)[0]
        windows, counts = PixelWindows(down.size, across.size, *strides), (across.over(w), down.over(h))
        images = x.data.reshape(-1, w, h, C)
        y = pool_pixels(images, windows, counts, self.kind, memory)
        output = x.with_data(y.reshape(*outer, *counts, C))
        return Forward((output,), (), (images, y, windows, x.data.shape, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        return Backward((_backward(self.kind, saved, dys) if need_dx else None,), {})


@dataclass(frozen=True, kw_only=True)
class GlobalPooling2d(Layer):
    """Pooling over all pixels, which leaves one number of each channel."""

    kind: ClassVar[int]
    """What is taken of the pixels, by the kernels' number."""

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_images(size)
        return (replace(size, spatial=()),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,), memory = xs, mode.memory_of(self)
        *outer, w, h, C = x.data.shape
        # As they lie in memory, the pixels are one row of them.
        images = x.data.reshape(-1, w * h, 1, C)
        windows = PixelWindows(1, w * h, 1, 1, 0, 0)
        y = pool_pixels(images, windows, (1, 1), self.kind, memory)
        return Forward((x.with_data(y.reshape(*outer, C)),), (), (images, y, windows, x.data.shape, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        return Backward((_backward(self.kind, saved, dys) if need_dx else None,), {})


def _backward(kind: int, saved: Any, dys: Gradients) -> Array:
    (dy,), (images, y, windows, shape, memory) = dys, saved
    assert dy is not None
    dx = pool_pixels_backward(images, y, dy.reshape(y.shape), windows, kind, memory)
    return dx.reshape(shape)
