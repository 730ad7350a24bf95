"""Padding: copies of images and sequences in which all that windows see is filled in, and their gradient."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.convolution_layout import Pair
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

VALUE, REPLICATE, INCLUDE_EDGE, EXCLUDE_EDGE = range(4)
"""What stands beyond the ends of a row: a value, its last element, or all of it in a mirror, with the last
element once more or without; mirrored to and fro where that is not enough.
"""
PLACES, GATHER = Kernel("padding", "places"), Kernel("padding", "gather")
SCATTER_ADD = Kernel("padding", "scatter_add")
SMALL = 2**15
"""Elements that one thread copies sooner than it could wake another."""
Integers = NDArray[np.int32]


class Filling(NamedTuple):
    """What padding is filled with."""

    edges: int = VALUE
    value: float = 0.0


ZEROS = Filling()


class Padded(NamedTuple):
    """Images with their padding.

    data : float[n, w, h, C]
    inside : the pixels, in ranges of the width and the height, whose gradient `unpad` takes
    table : the pixel of the image to which each of these belongs, -1 for none; None if they are the image
    lanes : every so many pixels of an image are a sequence, which has padding of its own
    """

    data: Array
    inside: tuple[Pair, Pair]
    table: Integers | None = None
    lanes: int = 1


def pad_images(x: Array, sides: tuple[Pair, Pair], filling: Filling, memory: Memory) -> Padded:
    """x[n, w, h, C] with so many pixels before and after along the width, and along the height."""
    n, w, h, C = x.shape
    across, down = sides
    if across == down == (0, 0):
        return Padded(contiguous(x), ((0, w), (0, h)))
    width, height = w + sum(across), h + sum(down)
    # Where the height stays as it is, whole columns are taken.
    pixel, rows = (h * C, 1) if down == (0, 0) else (C, h)
    table = _pixels(w, rows, sides, filling.edges)
    data = _gather(x.reshape(n, w * rows, pixel), table, filling, memory).reshape(n, width, height, C)
    if filling.edges == VALUE:
        return Padded(data, ((across[0], across[0] + w), (down[0], down[0] + h)))
    return Padded(data, ((0, width), (0, height)), _pixels(w, h, sides, filling.edges))


def pad_sequences(
    x: Array, start: Integers, stop: Integers, first: Integers, width: int, filling: Filling, memory: Memory
) -> Padded:
    """x[T, B, C] as an image of this width, whose column 0 is step first[b] of observation b.

    Steps start[b] ... stop[b]-1 count; before and after them is padding.
    """
    T, B, C = x.shape
    table = memory.take("table", (width * B,), np.int32)
    _places(table, first, start, stop, filling.edges)
    data = _gather(x.reshape(1, T * B, C), table, filling, memory).reshape(1, width, B, C)
    return Padded(data, ((0, width), (0, B)), table, B)


def unpad(dy: Array, padded: Padded, pixels: int, memory: Memory) -> Array:
    """The gradient of images of so many pixels, float[n, pixels, C], from that of what is inside."""
    n, *_, C = dy.shape
    if padded.table is None:
        return dy.reshape(n, pixels, C)
    dx: Array = memory.take("unpadded", (n, pixels, C), dy.dtype)
    units = equal_shares(n * padded.lanes, dy.size > SMALL)
    run(SCATTER_ADD, (dy.reshape(n, len(padded.table), C), padded.table, padded.lanes, dx), units)
    return dx


@lru_cache(maxsize=128)
def _pixels(w: int, h: int, sides: tuple[Pair, Pair], edges: int) -> Integers:
    """The pixel, numbered along the height first, that stands at each place of a padded image."""
    along = []
    for size, ends in zip((w, h), sides, strict=True):
        first, start, stop = (np.array([k], np.int32) for k in (-ends[0], 0, size))
        along.append(_places(np.empty(size + sum(ends), np.int32), first, start, stop, edges))
    x, y = along
    return np.where((x[:, None] < 0) | (y < 0), -1, x[:, None] * h + y).astype(np.int32).ravel()


def _places(table: Integers, first: Integers, start: Integers, stop: Integers, edges: int) -> Integers:
    """The table filled with the pixel of each place, of so many sequences side by side."""
    arguments = (first, contiguous(start), contiguous(stop), edges, table)
    run(PLACES, arguments, equal_shares(len(table) // len(first), table.size > SMALL))
    return table


def _gather(x: Array, table: Integers, filling: Filling, memory: Memory) -> Array:
    n, _, C = x.shape
    y: Array = memory.take("padded", (n, len(table), C), x.dtype)
    pixels = equal_shares(n * len(table), y.size > SMALL)
    run(GATHER, (contiguous(x), table, filling.value, y), pixels)
    return y
