"""The shapes that are compared, and random data of one mini-batch of each: NumPy, no program to compare."""

import os
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CLASSES = 9


@dataclass(frozen=True)
class Shape:
    """Observations, steps, channels, hidden units; and the layers behind the input."""

    name: str
    B: int
    T: int
    C: int
    H: int
    recurrent: str
    head: str

    def __str__(self) -> str:
        return f"{self.name} ({self.B}, {self.T}, {self.C}, {self.H})"

    @property
    def last(self) -> bool:
        """Whether the network answers once a sequence."""
        return "last" in self.recurrent

    @property
    def both_ways(self) -> bool:
        """Whether it is a bilstm."""
        return self.recurrent.startswith("bilstm")

    @property
    def classifies(self) -> bool:
        """Whether it ends in classes."""
        return self.head.endswith("classification")


_LAST = "{{NumHiddenUnits: {}, OutputMode: last}}"
_CLASSES = f"fullyConnected: {CLASSES}, softmax, classification"
SHAPES = (
    Shape("V", 27, 29, 12, 100, f"lstm: {_LAST.format(100)}", _CLASSES),
    Shape("V2", 27, 29, 12, 100, f"bilstm: {_LAST.format(100)}", _CLASSES),
    Shape("A", 128, 100, 12, 200, "lstm: 200", _CLASSES),
    Shape("D", 64, 100, 64, 512, "lstm: 512", _CLASSES),
    Shape("L", 1, 1000, 3, 200, "lstm: 200", "fullyConnected: 1, regression"),
    Shape(
        "R", 20, 200, 17, 200, "lstm: 200", "fullyConnected: 50, dropout: 0.5, fullyConnected: 1, regression"
    ),
)


def shape_of(name: str) -> Shape:
    """The shape of this name."""
    return next(shape for shape in SHAPES if shape.name == name)


class Observations(NamedTuple):
    """A mini-batch, one sequence below the other.

    values : float32[B T, C]; targets : int32 classes or float32[..., 1] responses of B sequences or B T steps
    """

    values: NDArray[np.float32]
    targets: NDArray[np.int32] | NDArray[np.float32]


def random_observations(shape: Shape) -> Observations:
    """The same random numbers for everyone."""
    random = np.random.default_rng(0)
    values = random.normal(size=(shape.B * shape.T, shape.C)).astype(np.float32)
    samples = shape.B if shape.last else shape.B * shape.T
    if shape.classifies:
        return Observations(values, random.integers(0, CLASSES, samples).astype(np.int32))
    return Observations(values, random.normal(size=(samples, 1)).astype(np.float32))


def processors() -> int:
    """How many this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
