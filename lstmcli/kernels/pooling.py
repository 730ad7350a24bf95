"""Pooling: the largest element or the mean of each window, over time or over pixels, and their gradients.

Padding is in no window: it is never the largest, and counts in a mean as zeros or not at all. Threads divide
the observations, or the images.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

TIME, TIME_BACKWARD = Kernel("pooling", "over_time"), Kernel("pooling", "over_time_backward")
PIXELS, PIXELS_BACKWARD = Kernel("pooling", "over_pixels"), Kernel("pooling", "over_pixels_backward")
MAX, MEAN, MEAN_OF_DATA = 0, 1, 2
"""What is taken of a window: the largest, or the sum divided by its size, or by what of it is no padding."""
SMALL = 2**16
"""Elements that one thread pools sooner than it could wake another."""
Integers = NDArray[np.int32]


class TimeWindows(NamedTuple):
    """Where the windows over the steps of each observation lie.

    size, stride : steps of a window, and from one to the next
    start, stop : int32[B], the steps that count; where they are the same for two observations, all is
    begin : int32[B], the step of the first window, before `start` where there is padding
    y_start, y_stop : int32[B], the steps of the output that have a window, with a step that counts in each
    """

    size: int
    stride: int
    start: Integers
    stop: Integers
    begin: Integers
    y_start: Integers
    y_stop: Integers


class PixelWindows(NamedTuple):
    """Where the windows over the pixels of an image lie, with a pixel in each.

    height, width : pixels of a window; down, right : from one to the next
    top, left : padding before the first
    """

    height: int
    width: int
    down: int
    right: int
    top: int
    left: int


def pool_time(x: Array, windows: TimeWindows, steps: int, kind: int, memory: Memory) -> Array:
    """y[S, B, C] of x[T, B, C], for S steps; 0 where there is no window."""
    y: Array = memory.take("y", (steps, *x.shape[1:]), x.dtype)
    run(TIME, (contiguous(x), y, *windows, kind), equal_shares(x.shape[1], x.size > SMALL))
    return y


def pool_time_backward(
    x: Array, y: Array, dy: Array, windows: TimeWindows, kind: int, memory: Memory
) -> Array:
    """dx[T, B, C] for dy[S, B, C]; of several largest elements of a window the first has the gradient."""
    dx: Array = memory.take("dx", x.shape, x.dtype)
    arguments = (contiguous(x), y, contiguous(dy), dx, *windows, kind)
    run(TIME_BACKWARD, arguments, equal_shares(x.shape[1], x.size > SMALL))
    return dx


def pool_pixels(x: Array, windows: PixelWindows, counts: tuple[int, int], kind: int, memory: Memory) -> Array:
    """y[N, w', h', C] of x[N, w, h, C].

    counts : of windows along the width and the height, w' and h'
    """
    y: Array = memory.take("y", (len(x), *counts, x.shape[-1]), x.dtype)
    run(PIXELS, (contiguous(x), y, *windows, kind), equal_shares(len(x), x.size > SMALL))
    return y


def pool_pixels_backward(
    x: Array, y: Array, dy: Array, windows: PixelWindows, kind: int, memory: Memory
) -> Array:
    """dx[N, w, h, C] for dy[N, w', h', C]; of several largest pixels of a window the first has the gradient,
    row by row of the image.
    """
    dx: Array = memory.take("dx", x.shape, x.dtype)
    arguments = (contiguous(x), y, contiguous(dy), dx, *windows, kind)
    run(PIXELS_BACKWARD, arguments, equal_shares(len(x), x.size > SMALL))
    return dx
