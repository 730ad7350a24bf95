"""1-D convolution layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from lstmcli.kernels.memory import Memory
from lstmcli.kernels.padding import VALUE, Padded, pad_images, pad_sequences
from lstmcli.layers.convolution import Convolution
from lstmcli.layers.layer import Forward, Mode, Signals, Sizes, State, require_channels, require_sequences
from lstmcli.layers.windows import OverTime, Window
from lstmcli.records import Array, Signal


@dataclass(frozen=True, kw_only=True)
class Convolution1d(Convolution):
    """y_t = b + sum_k W_k x_(t stride + k dilation - padding), along time (MATLAB convolution1dLayer).

    Where padding is masked, each sequence has its own, at its own ends.
    """

    word: ClassVar[str] = "convolution1d"
    type_text: ClassVar[str] = "1-D Convolution"
    stem: ClassVar[str] = "conv1d"

    @cached_property
    def sides(self) -> tuple[Window, ...]:
        """The windows along time."""
        return (Window(self.filter_size, self.stride, self.dilation_factor, self.padding),)

    @property
    def works_in_pieces(self) -> bool:
        return self.sides[0].is_one_step

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_sequences(size, "convolution2d")
        require_channels("NumChannels", self.num_channels, size.channels)
        assert size.steps is not None
        return (replace(size, channels=self.num_filters, steps=self.sides[0].along(size.steps)),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        memory = mode.memory_of(self)
        packs = mode.packs(memory)
        padded, over = self._pad(x, memory.part("padding"))
        (y,) = self.convolve(padded, weights, memory, packs)
        return Forward((Signal(y, over.start, over.stop),), (), (padded, x.data.shape, memory))

    def _pad(self, x: Signal, memory: Memory) -> tuple[Padded, OverTime]:
        (window,) = self.sides
        over = window.over_time(x)
        width = max(0, (over.steps - 1) * window.stride + window.extent)
        if over.whole and self.filling.edges == VALUE:
            before = -over.first.item(0)
            after = max(0, width - before - len(x.data))
            return pad_images(x.data[None], ((before, after), (0, 0)), self.filling, memory), over
        first = over.first - over.start * window.stride
        return pad_sequences(x.data, x.start, x.stop, first, width, self.filling, memory), over
