"""The shapes that are compared, and random data of one mini-batch of each: NumPy, no program to compare."""

import os
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CLASSES = 9


@dataclass(frozen=True)
class Shape:
    """Observations, steps, channels, hidden units; and the layers behind the input.

    image : height, width and channels of each step, C numbers, where it is one
    """

    name: str
    B: int
    T: int
    C: int
    H: int
    body: str
    head: str
    image: tuple[int, ...] = ()

    def __str__(self) -> str:
        sizes = self.B, self.T, *(self.image or (self.C,)), *((self.H,) if self.H else ())
        return f"{self.name} {sizes}"

    @property
    def last(self) -> bool:
        """Whether the network answers once a sequence."""
        return "last" in self.body or "global" in self.body

    @property
    def word(self) -> str:
        """The first layer."""
        return self.body.partition(":")[0]

    @property
    def classifies(self) -> bool:
        """Whether it ends in classes."""
        return self.head.endswith("classification")


_LAST = "{{NumHiddenUnits: {}, OutputMode: last}}"
_GRU = "gru: {{NumHiddenUnits: {}, ResetGateMode: recurrent-bias-after-multiplication{}}}"
_CLASSES = f"fullyConnected: {CLASSES}, softmax, classification"
_NUMBER = "fullyConnected: 1, regression"
_DEEP = "fullyConnected: 50, dropout: 0.5, fullyConnected: 1, regression"
LSTM = (
    Shape("V", 27, 29, 12, 100, f"lstm: {_LAST.format(100)}", _CLASSES),
    Shape("V2", 27, 29, 12, 100, f"bilstm: {_LAST.format(100)}", _CLASSES),
    Shape("A", 128, 100, 12, 200, "lstm: 200", _CLASSES),
    Shape("D", 64, 100, 64, 512, "lstm: 512", _CLASSES),
    Shape("L", 1, 1000, 3, 200, "lstm: 200", _NUMBER),
    Shape("R", 20, 200, 17, 200, "lstm: 200", _DEEP),
)
GRU = (
    Shape("GV", 27, 29, 12, 100, _GRU.format(100, ", OutputMode: last"), _CLASSES),
    Shape("GA", 128, 100, 12, 200, _GRU.format(200, ""), _CLASSES),
    Shape("GD", 64, 100, 64, 512, _GRU.format(512, ""), _CLASSES),
    Shape("GL", 1, 1000, 3, 200, _GRU.format(200, ""), _NUMBER),
    Shape("GR", 20, 200, 17, 200, _GRU.format(200, ""), _DEEP),
)
OTHERS = (
    Shape(
        "C1V",
        27,
        29,
        12,
        0,
        "convolution1d: {FilterSize: 3, NumFilters: 32, Padding: causal}, relu, layerNormalization, "
        "convolution1d: {FilterSize: 3, NumFilters: 64, Padding: causal}, relu, layerNormalization, "
        "globalAveragePooling1d",
        _CLASSES,
    ),
    Shape(
        "C1",
        32,
        500,
        16,
        0,
        "convolution1d: {FilterSize: 5, NumFilters: 64, Padding: same}, relu, "
        "convolution1d: {FilterSize: 5, NumFilters: 64, Padding: same}, relu",
        _CLASSES,
    ),
    Shape(
        "C2V",
        24,
        12,
        400,
        200,
        "sequenceFolding: {Name: fold}, convolution2d: {FilterSize: 5, NumFilters: 20}, batchNormalization, "
        "relu, sequenceUnfolding: {inputs: [relu, fold/miniBatchSize]}, flatten, "
        f"lstm: {_LAST.format(200)}",
        _CLASSES,
        (20, 20, 1),
    ),
    Shape(
        "C2",
        8,
        16,
        3072,
        0,
        "convolution2d: {FilterSize: 3, NumFilters: 16, Padding: same}, relu, maxPooling2d: {PoolSize: 2, "
        "Stride: 2}, convolution2d: {FilterSize: 3, NumFilters: 32, Padding: same}, relu, "
        "globalAveragePooling2d, globalAveragePooling1d",
        _CLASSES,
        (32, 32, 3),
    ),
    *(
        Shape(name, 32, 500, 16, 0, f"fullyConnected: 64, {layer}", _CLASSES)
        for name, layer in (
            ("P", "maxPooling1d: {PoolSize: 5, Padding: same}"),
            ("PA", "averagePooling1d: {PoolSize: 5, Padding: same}"),
            ("PG", "globalMaxPooling1d"),
            ("NB", "batchNormalization"),
            ("NL", "layerNormalization"),
        )
    ),
    Shape("S", 32, 100, 64, 0, "selfAttention: [4, 64]", _CLASSES),
    Shape(
        "SL",
        4,
        1000,
        64,
        0,
        "selfAttention: {NumHeads: 8, NumKeyChannels: 128, AttentionMask: causal}",
        _CLASSES,
    ),
)
SHAPES = (*LSTM, *GRU, *OTHERS)


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
