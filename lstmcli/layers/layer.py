"""What a layer is: declared properties, the arrays it owns, a size rule, a forward and a backward pass.

A layer keeps no arrays. Weights come in as a dict named by MATLAB's property names, gradients go out
under the same names, and what backward needs travels in `saved`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, NamedTuple

import numpy as np

from lstmcli.kernels.memory import Memory
from lstmcli.layers.initializers import Initialize
from lstmcli.records import Array, Signal, Size
from lstmcli.spec.kinds import FileValues, ListValues, layer_name
from lstmcli.spec.properties import camel, prop

Given = ListValues | FileValues
State = tuple[Array, ...]
"""A layer's recurrent state, one float[B, n] each, in the order of `Layer.states`."""


class Role(Enum):
    """Why a layer owns an array."""

    LEARNABLE = "learnable"
    STATE = "state"
    STATISTIC = "statistic"


@dataclass(frozen=True)
class Parameter:
    """An array that belongs to a layer, named as in MATLAB.

    shape : MATLAB's, vectors as (n,)
    initialize : draws the array when the user gave none; None for statistics, which data fills in
    attribute : Python name of the property with the user's own values, if there is one
    learn_rate_factor, l2_factor : one number, or one for each of the equal blocks of rows (gates)
    """

    name: str
    shape: tuple[int, ...]
    role: Role
    initialize: Initialize | None = None
    attribute: str | None = None
    learn_rate_factor: float | tuple[float, ...] = 1.0
    l2_factor: float | tuple[float, ...] = 1.0


class Problem(NamedTuple):
    """Two properties that do not go together: the Python name of the one to underline, and why."""

    name: str
    message: str
    help: str | None = None


class SizeError(ValueError):
    """The layer cannot take this size; the text completes "<layer> ..., but <the one before> gives ..."."""


class Forward(NamedTuple):
    """What a forward pass returns; `saved` is for backward alone, of no use unless the mode saves."""

    output: Signal
    state: State
    saved: Any


class Backward(NamedTuple):
    """What a backward pass returns; dx is None where nobody asked for it."""

    dx: Array | None
    gradients: dict[str, Array]


@dataclass(frozen=True)
class Mode:
    """How a pass is made.

    random : in training, where dropout drops, the generator of what is random; None in prediction
    saves : a backward pass may follow, which needs every step
    memory : where results are put; they are valid until the next pass with the same memory, whose weights
        are the same, too, where no backward pass may follow
    """

    random: np.random.Generator | None = None
    saves: bool = True
    memory: Memory = field(default_factory=Memory)

    def memory_of(self, layer: "Layer") -> Memory:
        """What belongs to one layer."""
        return self.memory.part(layer.name)

    def packs(self, memory: Memory) -> bool:
        """Whether a layer's weights may not be those that it has packed in its memory."""
        return self.saves or memory.is_new


@dataclass(frozen=True, kw_only=True)
class Layer:
    """The contract of a layer. A subclass is one file and one line in `LAYERS`.

    word : MATLAB's function name without `Layer`; aliases : other accepted words
    type_text : the class name that MATLAB lists; stem : of automatic names
    arguments : the Python names of the function's positional arguments, in MATLAB's order
    foreign : properties that MATLAB has and we do not, with the reason
    """

    word: ClassVar[str]
    type_text: ClassVar[str]
    stem: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    arguments: ClassVar[tuple[str, ...]] = ()
    foreign: ClassVar[dict[str, str]] = {}

    name: str = prop(layer_name, "the name of the layer", default="")

    def describe(self) -> str:
        """The text beside the layer in MATLAB's listing of a layer array."""
        raise NotImplementedError

    def given(self, parameter: Parameter) -> Given | None:
        """The user's own values for one of the layer's arrays."""
        return getattr(self, parameter.attribute) if parameter.attribute else None

    def check(self) -> Iterator[Problem]:
        """Properties that do not go together."""
        return iter(())

    def propagate(self, size: Size) -> Size:
        """The size of the output for an input of this size; raises SizeError."""
        return size

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        """The arrays the layer owns for an input of this size."""
        return ()

    def carried(self, state: State, weights: Mapping[str, Array]) -> State:
        """The state that the next piece of a split sequence starts from."""
        return state

    def forward(self, weights: Mapping[str, Array], x: Signal, state: State, mode: Mode) -> Forward:
        """Output, new state and what backward needs."""
        raise NotImplementedError

    def backward(self, weights: Mapping[str, Array], saved: Any, dy: Array, need_dx: bool) -> Backward:
        """The gradients of a scalar with respect to input and learnables; dy is that of the output."""
        raise NotImplementedError


def learnable(
    layer: Layer, name: str, shape: tuple[int, ...], initialize: Initialize, factors: str | None = None
) -> Parameter:
    """A learnable whose given values and factors stand in the layer's properties.

    name : Python name of the property with the values; `<factors>_learn_rate_factor` and
    `<factors>_l2_factor` hold the factors, where `factors` is `name` unless MATLAB spells it differently.
    """
    stem = factors or name
    return Parameter(
        camel(name),
        shape,
        Role.LEARNABLE,
        initialize,
        name,
        getattr(layer, f"{stem}_learn_rate_factor"),
        getattr(layer, f"{stem}_l2_factor"),
    )
