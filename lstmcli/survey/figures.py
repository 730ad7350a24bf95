"""Data in figures: its channels, lengths, classes and responses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmcli.records import Array, Sequences, Targets

MOST_BINS = 10


@dataclass(frozen=True)
class Channel:
    """The values of a channel, or of a response, at all steps of all sequences; std has n - 1 below it."""

    name: str
    min: float
    mean: float
    max: float
    std: float

    @property
    def is_constant(self) -> bool:
        """Whether there is only one value."""
        return self.min == self.max


class Bin(NamedTuple):
    """How many sequences have `low` to `high` steps."""

    low: int
    high: int
    sequences: int


def channel_figures(sequences: Sequences) -> list[Channel]:
    """Each channel; that of images is over all their places. Without names they are numbered from 1."""
    count = sequences.values.shape[1] if sequences.shape is None else sequences.shape[-1]
    names = sequences.channels or tuple(str(number) for number in range(1, count + 1))
    values = sequences.values.reshape(len(sequences.values), count, -1)
    return [_figures(name, values[:, k]) for k, name in enumerate(names)]


def response_figures(targets: Targets) -> list[Channel]:
    """Each response, over the sequences or over the steps, whichever have one."""
    return [
        _figures(name, np.asarray(targets.values[:, k], np.float32)) for k, name in enumerate(targets.names)
    ]


def class_counts(targets: Targets) -> NDArray[np.int64]:
    """How many sequences, or steps, each class has."""
    return np.bincount(targets.values, minlength=len(targets.names)).astype(np.int64)


def length_bins(lengths: NDArray[np.int64]) -> list[Bin]:
    """A histogram of at most so many bins, whose width is 1, 2 or 5 times a power of ten."""
    low, high = int(lengths.min()), int(lengths.max())
    widths = (digit * 10**power for power in range(20) for digit in (1, 2, 5))
    width = next(width for width in widths if high // width - low // width < MOST_BINS)
    counts = np.bincount(lengths // width - low // width)
    starts: Iterable[int] = range(low // width * width, high + 1, width)
    return [Bin(s, s + width - 1, int(count)) for s, count in zip(starts, counts, strict=True)]


def _figures(name: str, values: Array) -> Channel:
    x = values.ravel()
    mean = float(x.mean(dtype=np.float64))
    squares = float(np.square(x - mean, dtype=np.float64).sum())
    return Channel(name, float(x.min()), mean, float(x.max()), float(np.sqrt(squares / max(1, len(x) - 1))))
