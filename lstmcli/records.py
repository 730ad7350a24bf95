"""What passes between rooms: sizes, sequences, targets, mini-batches, weights, models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Weights = dict[str, dict[str, Array]]
"""Layer name -> property name as in the model file (`InputWeights`) -> array in MATLAB's shape."""


class Steps(NamedTuple):
    """How many time steps there are where sequences have T: floor((T + add) / divide).

    Every layer that strides over time is of this form, and so is one after another.
    """

    add: int = 0
    divide: int = 1

    def then(self, add: int, divide: int) -> "Steps":
        """The steps after floor((t + add) / divide) of these."""
        return Steps(self.add + self.divide * add, self.divide * divide)

    def of(self, length: int) -> int:
        """The steps of a sequence of this length; none if it is too short."""
        return max(0, (length + self.add) // self.divide)


@dataclass(frozen=True)
class Size:
    """What flows along a connection.

    channels : C; spatial : (height, width) of images, or ()
    steps : of the time axis, or None without one
    folded : the time axis lies in the observations, so that no layer works along it
    """

    channels: int
    steps: Steps | None
    spatial: tuple[int, ...] = ()
    folded: bool = False

    @property
    def time(self) -> bool:
        """Whether there is a time axis to work along."""
        return self.steps is not None and not self.folded

    @property
    def elements(self) -> int:
        """Numbers of one time step: h w C."""
        return prod(self.spatial) * self.channels


class Signal(NamedTuple):
    """An array on its way through the network.

    data : float[T, B, C], or float[B, C] without a time axis; images have h, w before C
    start, stop : int32[B], the steps start <= t < stop that count for the layers;
        all T steps where padding is data
    """

    data: Array
    start: NDArray[np.int32]
    stop: NDArray[np.int32]

    def with_data(self, data: Array) -> "Signal":
        """The same steps with other values."""
        return Signal(data, self.start, self.stop)


@dataclass(frozen=True)
class Sequences:
    """Observations: all time steps of all sequences, one sequence below the other.

    values : float32[S, C]
    offsets : int64[N + 1], sequence n is values[offsets[n]:offsets[n + 1]]
    ids : N names for the output
    channels : C column names, or None if the data form has no names
    times : S texts carried to the output, or None
    places : file and first row, if the form has rows, of each sequence, for messages
    words : what the values number, from 1 (0 is any other word), or None where they are numbers of their own
    shape : (height, width, channels) of the images whose columns the values are, or None where the data does
        not say so
    unread : names and first cells of the columns of a table that are for nothing, as they are no numbers
    """

    values: NDArray[np.float32]
    offsets: NDArray[np.int64]
    ids: tuple[str, ...]
    channels: tuple[str, ...] | None = None
    times: NDArray[np.object_] | None = None
    places: tuple[tuple[str, int | None], ...] = ()
    words: tuple[str, ...] | None = None
    shape: tuple[int, ...] | None = None
    unread: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Time steps of each sequence, int64[N]."""
        return self.offsets[1:] - self.offsets[:-1]


@dataclass(frozen=True)
class Targets:
    """What the network is to answer.

    values : int32[N] or int32[S] class numbers from 0, or float32[N, R] or float32[S, R] responses
    names : the classes in their order, or the responses
    per_step : whether there is one target a time step (S) or one a sequence (N)
    """

    values: NDArray[np.int32] | NDArray[np.float32]
    names: tuple[str, ...]
    per_step: bool


class Data(NamedTuple):
    """Observations with their targets."""

    sequences: Sequences
    targets: Targets


@dataclass(frozen=True)
class Task:
    """What a network's end asks of data.

    classification : classes (True) or responses (False)
    per_step : the output has a time axis
    classes : the known classes in order, or None to take them from the data
    answer_once : what would make a network that answers at each step answer once a sequence
    """

    classification: bool
    per_step: bool
    classes: tuple[str, ...] | None = None
    answer_once: str = field(default="let the network answer once: `OutputMode: last`", compare=False)


class MiniBatch(NamedTuple):
    """Observations padded to one length, time-major.

    x : float32[T, B, C]
    start, stop : int32[B], the real steps start <= t < stop of each observation
    targets : int32[B], int32[T, B], float32[B, R], float32[T, B, R] or None
    rows : int64[B], which observations these are
    per_step : whether the targets have a time axis
    """

    x: NDArray[np.float32]
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    targets: NDArray[np.int32] | NDArray[np.float32] | None
    rows: NDArray[np.int64]
    per_step: bool


@dataclass(frozen=True)
class Model:
    """A network as it is stored: everything the model file holds.

    spec : YAML text with every default filled in
    weights : learnables, states and statistics
    classes, response_names : in the order of the output
    vocabulary : the words that the network knows, in the order of their numbers
    training_options : what was asked
    training_info : what happened, one value an iteration
    """

    spec: str
    weights: Weights
    classes: tuple[str, ...] = ()
    response_names: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    training_options: Mapping[str, object] = field(default_factory=dict)
    training_info: Mapping[str, Array] = field(default_factory=dict)
