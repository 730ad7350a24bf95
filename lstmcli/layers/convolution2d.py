"""2-D convolution layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from lstmcli.kernels.padding import pad_images
from lstmcli.layers.convolution import Convolution
from lstmcli.layers.layer import Forward, Mode, Signals, Sizes, State, require_channels, require_images
from lstmcli.layers.windows import Window, over_image
from lstmcli.records import Array
from lstmcli.spec.properties import prop
from lstmcli.spec.sizes import height_and_width, padding

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Convolution2d(Convolution):
    """y_ij = b + sum_kl W_kl x_(i stride + k dilation - padding, ...), of each image (MATLAB
    convolution2dLayer).
    """

    word: ClassVar[str] = "convolution2d"
    type_text: ClassVar[str] = "2-D Convolution"
    stem: ClassVar[str] = "conv"

    filter_size: Pair = prop(height_and_width, "the height and width of the filters")
    stride: Pair = prop(height_and_width, "from one window to the next", default=(1, 1))
    dilation_factor: Pair = prop(height_and_width, "from one element of a window to the next", default=(1, 1))
    padding: tuple[int, int, int, int] | str = prop(
        padding(4, "same"), "what is added at the top, bottom, left and right", default=(0, 0, 0, 0)
    )

    @cached_property
    def sides(self) -> tuple[Window, ...]:
        """The windows along the height and along the width."""
        given = self.padding
        down, across = (given, given) if isinstance(given, str) else (given[:2], given[2:])
        (h, w), strides, dilations = self.filter_size, self.stride, self.dilation_factor
        return Window(h, strides[0], dilations[0], down), Window(w, strides[1], dilations[1], across)

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_images(size)
        require_channels("NumChannels", self.num_channels, size.channels)
        spatial = over_image(self.sides, size.spatial, "FilterSize")
        return (replace(size, channels=self.num_filters, spatial=spatial),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,), (down, across) = xs, self.sides
        memory = mode.memory_of(self)
        packs = mode.packs(memory)
        *outer, w, h, C = x.data.shape
        sides = across.around(w), down.around(h)
        padded = pad_images(x.data.reshape(-1, w, h, C), sides, self.filling, memory.part("padding"))
        y = self.convolve(padded, weights, memory, packs)
        output = x.with_data(y.reshape(*outer, *y.shape[1:]))
        return Forward((output,), (), (padded, x.data.shape, memory))
