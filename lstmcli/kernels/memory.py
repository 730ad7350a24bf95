"""Arrays that are used again and again: an iteration after the first one asks the system for none.

Fresh memory is expensive: the system fills every page of it with zeros at its first use.
"""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

ALIGNED = 64
"""Bytes of a cache line, at which arrays begin."""


class Memory:
    """Arrays by name. One that is taken again is the same memory, with whatever it holds.

    What a pass over a network returns is therefore valid until the next pass with the same memory.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, Any] = {}
        self._last: dict[str, Any] = {}
        self._parts: dict[str, Memory] = {}

    def part(self, name: str) -> "Memory":
        """The memory of a layer, or of a part of it."""
        if name not in self._parts:
            self._parts[name] = Memory()
        return self._parts[name]

    def take(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> Any:
        """An array of this shape with any content."""
        last = self._last.get(name)
        if last is not None and last.shape == shape and last.dtype == dtype:
            return last
        size, kind = prod(shape), np.dtype(dtype)
        held = self._arrays.get(name)
        if held is None or held.size < size or held.dtype != kind:
            held = self._arrays[name] = _aligned(size, kind)
        self._last[name] = held[:size].reshape(shape)
        return self._last[name]

    @property
    def is_new(self) -> bool:
        """Whether nothing was taken yet."""
        return not self._last

    def zeros(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> Any:
        """The same, of zeros."""
        array = self.take(name, shape, dtype)
        array[...] = 0
        return array


def _aligned(size: int, kind: np.dtype[Any]) -> Any:
    raw = np.empty(size * kind.itemsize + ALIGNED, np.uint8)
    start = -raw.ctypes.data % ALIGNED
    return raw[start : start + size * kind.itemsize].view(kind)
