"""Pooling along time: over windows, or over all of a sequence at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.pooling import TimeWindows, pool_time, pool_time_backward
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Gradients,
    Layer,
    Mode,
    Signals,
    Sizes,
    State,
    require_sequences,
)
from lstmcli.layers.pooling import Pooling
from lstmcli.layers.windows import Integers, Window
from lstmcli.records import Array, Signal


@dataclass(frozen=True, kw_only=True)
class Pooling1d(Pooling):
    """Pooling over windows of steps. Where padding is masked, each sequence has windows of its own."""

    @property
    def sides(self) -> tuple[Window, ...]:
        """The windows along time."""
        return (Window(self.pool_size, self.stride, padding=self.padding),)

    @property
    def works_in_pieces(self) -> bool:
        return self.sides[0].is_one_step

    def describe(self) -> str:
        return f"{self.taken.capitalize()} pooling with pool size {self.pool_size}, {self.shown_strides}"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_sequences(size, self.word.replace("1d", "2d"))
        assert size.steps is not None
        return (replace(size, steps=self.sides[0].along(size.steps)),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,), (window,), memory = xs, self.sides, mode.memory_of(self)
        over = window.over_time(x)
        where = x.start, x.stop, over.first, over.start, over.stop
        windows = TimeWindows(window.size, window.stride, *where)
        y = pool_time(x.data, windows, over.steps, self.kind, memory)
        return Forward((Signal(y, over.start, over.stop),), (), (x.data, y, windows, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (x, y, windows, memory) = dys, saved
        assert dy is not None
        return Backward((pool_time_backward(x, y, dy, windows, self.kind, memory) if need_dx else None,), {})


@dataclass(frozen=True, kw_only=True)
class GlobalPooling1d(Layer):
    """Pooling over steps of a sequence, of which one is left; 0 if there are none."""

    kind: ClassVar[int]
    """What is taken of the steps, by the kernels' number."""

    @property
    def works_in_pieces(self) -> bool:
        return False

    def taken(self, x: Signal) -> tuple[Integers, Integers]:
        """Where the steps that are pooled start and stop; where none counts, at the same step."""
        return x.start, x.stop

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        require_sequences(size, self.word.replace("1d", "2d"))
        return (replace(size, steps=None),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,), memory = xs, mode.memory_of(self)
        T, B, *own = x.data.shape
        start, stop = self.taken(x)
        some = (start < stop).astype(np.int32)
        windows = TimeWindows(max(1, T), 1, start, stop, start, 0 * some, some)
        rows = x.data.reshape(T, B, prod(own))
        y = pool_time(rows, windows, 1, self.kind, memory)
        return Forward((x.with_data(y.reshape(B, *own)),), (), (rows, y, windows, x.data.shape, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (rows, y, windows, shape, memory) = dys, saved
        assert dy is not None
        if not need_dx:
            return Backward((None,), {})
        dx = pool_time_backward(rows, y, dy.reshape(y.shape), windows, self.kind, memory)
        return Backward((dx.reshape(shape),), {})
