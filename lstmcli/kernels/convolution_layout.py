"""Where the terms of convolutions lie in memory: loops over equal distances, as a product takes them.

Images are [n, w, h, C]. Sequences [T, B, C] are one image of width T and height B with windows one high.
"""

from functools import lru_cache
from itertools import product
from math import gcd, prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels.layout import DEPTH, HALF, PANEL
from lstmcli.kernels.processor import ROWS

Pair = tuple[int, int]
"""Along the width and along the height."""
Shape = tuple[int, ...]
STRIP = 4 * ROWS
"""Pixels, or rows of dW, that go through all terms together."""
MOST_CHUNKS, ROOM = 64, 2**18
"""Sums of dW that are made side by side, and how many numbers they may be together."""


class Windows(NamedTuple):
    """Window (i, j) of an image begins at its pixel (i stride, j stride) and takes `size` pixels, each
    `dilation` from the one before.
    """

    size: Pair
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)

    def counts(self, width: int, height: int) -> Pair:
        """How many windows lie side by side along the width and the height of an image."""
        sides = zip((width, height), self.size, self.stride, self.dilation, strict=True)
        w, h = (max(0, (side - (f - 1) * d - 1) // s + 1) for side, f, s, d in sides)
        return w, h


class Axis(NamedTuple):
    """A loop: how often it turns, and how far each turn goes on in what is read and in what is written."""

    turns: int
    step: int
    out: int


Axes = tuple[Axis, Axis, Axis]
"""Three loops, the innermost last."""
_ONCE = Axis(1, 0, 0)


def _merged(axes: Axes) -> Axes:
    """The same turns in the same order, by as few loops as possible."""
    kept: list[Axis] = []
    for axis in axes:
        turns, step, out = axis
        if kept and kept[-1][1:] == (turns * step, turns * out):
            kept[-1] = axis._replace(turns=kept[-1].turns * turns)
        elif turns != 1:
            kept.append(axis)
    a, b, c = [_ONCE] * (3 - len(kept)) + kept
    return a, b, c


def _longest_inside(axes: Axes) -> Axes:
    """The longest loop as the innermost."""
    k = max(range(3), key=lambda k: axes[k].turns)
    a, b, c = (*axes[:k], *axes[k + 1 :], axes[k])
    return a, b, c


class Sweep(NamedTuple):
    """A sum of terms for each of many pixels.

    loops : what the kernel takes; units : in which its work is divided; products : of all sums
    """

    loops: NDArray[np.int64]
    units: int
    products: int


def _sweep(at: int, out: int, term: int, pixels: Axes, taps: Axes) -> Sweep:
    """at, out, term : where what is read, the pixels and the terms among all terms begin."""
    lines, terms = _merged(pixels), _merged(taps)
    if lines[2].turns < ROWS // 2:
        lines = _longest_inside(lines)
    turns = [axis.turns for axis in (*lines, *terms)]
    loops = np.array([(at, out, term), *lines, *terms], np.int64)
    return Sweep(loops, turns[0] * turns[1] * -(-turns[2] // STRIP), prod(turns))


def _axes(windows: Windows, images: Shape) -> tuple[Axes, Axes, Pair]:
    """Windows [n, w', h'], what each of them takes [w, h, C], and how many windows there are."""
    n, width, height, C = images
    w, h = windows.counts(width, height)
    column, (stride_w, stride_h) = height * C, windows.stride
    (size_w, size_h), (dilation_w, dilation_h) = windows.size, windows.dilation
    pixels = Axis(n, width * column, w * h), Axis(w, stride_w * column, h), Axis(h, stride_h * C, 1)
    taps = Axis(size_w, dilation_w * column, size_h * C), Axis(size_h, dilation_h * C, C), Axis(C, 1, 1)
    return pixels, taps, (w, h)


class Forward(NamedTuple):
    """counts : of windows along width and height; order : of the taps, numbered as in W[h, w], in the sum."""

    counts: Pair
    order: NDArray[np.int64]
    sweep: Sweep


@lru_cache(maxsize=1024)
def forward_layout(windows: Windows, images: Shape) -> Forward:
    """The layout of the products of W and images of this shape."""
    pixels, taps, counts = _axes(windows, images)
    width, height = windows.size
    order = np.arange(width * height).reshape(height, width).T.ravel()
    return Forward(counts, order, _sweep(0, 0, 0, pixels, taps))


class Gradient(NamedTuple):
    """The layout of dW, a sum over windows that is cut into chunks.

    loops : what the kernel takes; parts : of dW that are summed by themselves, in each of the chunks
    """

    loops: NDArray[np.int64]
    parts: int
    chunks: int


@lru_cache(maxsize=1024)
def gradient_layout(windows: Windows, images: Shape, N: int) -> Gradient:
    """The layout of dW and db for images of this shape and N filters; rows of dW are in the forward order.

    A piece of a chunk is a few columns of windows, or part of one, that stay in a core's cache.
    """
    pixels, taps, _ = _axes(windows, images)
    lines, rows = _merged(pixels), _longest_inside(_merged(taps))
    depth = min(lines[2].turns, DEPTH)
    blocks = max(1, min(lines[1].turns, DEPTH // lines[2].turns))
    pieces = lines[0].turns * -(-lines[1].turns // blocks) * -(-lines[2].turns // depth)
    padded = -(-N // HALF) * HALF
    strips, panels = -(-rows[2].turns // STRIP), -(-padded // PANEL)
    parts = rows[0].turns * rows[1].turns * strips * panels + 1
    size = (prod(windows.size) * images[-1] + 1) * padded
    chunks = max(1, min(MOST_CHUNKS, pieces, ROOM // size))
    loops = np.array([(blocks, depth, pieces), (chunks, parts, 0), *lines, *rows], np.int64)
    return Gradient(loops, parts, chunks)


class Phase(NamedTuple):
    """Every stride-th pixel of a side, and those taps of the windows that meet it.

    taps : in descending order; first : of the windows, the one whose first such tap meets the first pixel;
    step : windows from tap to tap; begin, pixels : the first pixel and how many
    """

    taps: tuple[int, ...]
    first: int
    step: int
    begin: int
    pixels: int

    @property
    def end(self) -> int:
        """Behind the last window."""
        return self.first + (len(self.taps) - 1) * self.step + self.pixels if self.taps else 0


def phases(size: int, stride: int, dilation: int, begin: int, end: int) -> list[Phase]:
    """Those of pixels begin ... end-1 of a side: pixel k stride + f dilation meets tap f of window k."""
    found = []
    for phase in range(stride):
        taps = tuple(f for f in range(size - 1, -1, -1) if f * dilation % stride == phase)
        u, last = (-(-(r - phase) // stride) for r in (begin, end))
        first = u - taps[0] * dilation // stride if taps else 0
        if u < last:
            step = dilation // gcd(dilation, stride)
            found.append(Phase(taps, first, step, stride * u + phase - begin, last - u))
    return found


class Backward(NamedTuple):
    """The layout of dx, a product of dy and W for each phase.

    padding : of dy, before and after along width and height; order : of the taps in all sums
    """

    padding: tuple[Pair, Pair]
    order: NDArray[np.int64]
    sweeps: tuple[Sweep, ...]


@lru_cache(maxsize=1024)
def backward_layout(windows: Windows, dy: Shape, inside: tuple[Pair, Pair], C: int) -> Backward:
    """The layout of dx for dy of this shape, at the pixels in these ranges of width and height."""
    n, *counts, N = dy
    sides = [phases(*side, *ends) for side, ends in zip(zip(*windows, strict=True), inside, strict=True)]
    (left, right), (top, bottom) = (
        (max([0, *(-phase.first for phase in side)]), max([0, *(phase.end - count for phase in side)]))
        for side, count in zip(sides, counts, strict=True)
    )
    column = (counts[1] + top + bottom) * N
    width, height = (end - begin for begin, end in inside)
    order: list[int] = []
    sweeps = []
    for a, b in product(*sides):
        pixels = (
            Axis(n, (counts[0] + left + right) * column, width * height),
            Axis(a.pixels, column, windows.stride[0] * height),
            Axis(b.pixels, N, windows.stride[1]),
        )
        taps = [f * windows.size[0] + g for g in a.taps for f in b.taps]
        terms = _ONCE, _ONCE, Axis(0, 1, 1)
        if taps:
            across, down = len(a.taps), len(b.taps)
            terms = Axis(across, a.step * column, down * N), Axis(down, b.step * N, N), Axis(N, 1, 1)
        at = (a.first + left) * column + (b.first + top) * N
        sweeps.append(_sweep(at, a.begin * height + b.begin, len(order) * N, pixels, terms))
        order += taps
    return Backward(((left, right), (top, bottom)), np.array(order, np.int64), tuple(sweeps))
