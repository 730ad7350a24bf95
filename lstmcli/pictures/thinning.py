"""What of a long series is drawn: as much as a picture can show."""

import numpy as np
from numpy.typing import NDArray

BINS = 1000
"""Pieces of a long series of which the smallest and the largest value are drawn."""


def extremes(values: NDArray[np.floating]) -> NDArray[np.int64]:
    """The places of the smallest and the largest value of each of some pieces; all of a short series."""
    if len(values) <= 2 * BINS:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), BINS + 1).astype(np.int64)
    pieces = np.split(values, edges[1:-1])
    ends = [(int(piece.argmin()), int(piece.argmax())) for piece in pieces]
    return np.concatenate([np.sort(pair) + first for pair, first in zip(ends, edges[:-1], strict=True)])
