"""What a layer is: declared properties, the arrays it owns, a size rule, a forward and a backward pass.

A layer keeps no arrays. Weights come in as a dict named by MATLAB's property names, gradients go out
under the same names, and what backward needs travels in `saved`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import numpy as np

from lstmcli.kernels.memory import Memory
from lstmcli.layers.initializers import Initialize
from lstmcli.records import Array, Signal, Size
from lstmcli.spec.kinds import FileValues, ListValues, layer_name, list_of, text
from lstmcli.spec.properties import camel, prop

MINI_BATCH_SIZE = "miniBatchSize"
"""The port by which a folding tells an unfolding how the frames lie."""
Given = ListValues | FileValues
Sizes = tuple[Size, ...]
Signals = tuple[Signal, ...]
Gradients = tuple[Array | None, ...]
"""One for each port, in the order of the layer's ports."""
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
    words : of so many words the first columns are the vectors; values that the user gave may lack others
    """

    name: str
    shape: tuple[int, ...]
    role: Role
    initialize: Initialize | None = None
    attribute: str | None = None
    learn_rate_factor: float | tuple[float, ...] = 1.0
    l2_factor: float | tuple[float, ...] = 1.0
    words: int | None = None


class Problem(NamedTuple):
    """Two properties that do not go together: the Python name of the one to underline, and why."""

    name: str
    message: str
    help: str | None = None


class SizeError(ValueError):
    """The layer cannot take these sizes; the text completes "<layer> ..., but <source> gives ...".

    port : the number of the input that is at fault; help : what would be right
    for_time : it is about the time axis: that there is one, or none, or how many steps
    """

    def __init__(self, message: str, port: int = 0, help: str | None = None, for_time: bool = False):
        super().__init__(message)
        self.port, self.help, self.for_time = port, help, for_time


class Forward(NamedTuple):
    """What a forward pass returns; `saved` is for backward alone, of no use unless the mode saves.

    statistics : in training, new values of the layer's statistics
    """

    outputs: tuple[Signal, ...]
    state: State
    saved: Any
    statistics: Mapping[str, Array] = MappingProxyType({})


class Backward(NamedTuple):
    """What a backward pass returns: a gradient for each input, None where there is none or nobody asked."""

    dxs: tuple[Array | None, ...]
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
    inputs: tuple[str, ...] | None = prop(
        list_of(text, "a list of layers, or of `layer/port`"),
        "the outputs that it takes, if not that of the layer before it",
        default=None,
        word="inputs",
    )

    @property
    def input_ports(self) -> tuple[str, ...]:
        """The names of its input ports."""
        return ("in",)

    @property
    def output_ports(self) -> tuple[str, ...]:
        """The names of its output ports."""
        return ("out",)

    @property
    def works_in_pieces(self) -> bool:
        """Whether pieces of a sequence, with the state carried, are answered as the whole is."""
        return True

    def at_each_step(self) -> "Layer":
        """The layer that answers at each step what this one answers once to the steps so far."""
        return self

    def describe(self) -> str:
        """The text beside the layer in MATLAB's listing of a layer array."""
        raise NotImplementedError

    def given(self, parameter: Parameter) -> Given | None:
        """The user's own values for one of the layer's arrays."""
        return getattr(self, parameter.attribute) if parameter.attribute else None

    def check(self) -> Iterator[Problem]:
        """Properties that do not go together."""
        return iter(())

    def propagate(self, sizes: Sizes) -> Sizes:
        """The sizes of the outputs for inputs of these sizes; raises SizeError."""
        return sizes

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        """The arrays the layer owns for a first input of this size."""
        return ()

    def carried(self, state: State, weights: Mapping[str, Array]) -> State:
        """The state that the next piece of a split sequence starts from."""
        return state

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        """Outputs, new state and what backward needs."""
        raise NotImplementedError

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        """The gradients of a scalar with respect to inputs and learnables.

        dys : those of the outputs, None where nobody takes an output; not all are None.
        Neither they nor what comes back are written to afterwards: an array may be in both.
        """
        raise NotImplementedError


def require_channels(word: str, wanted: int | str, given: int) -> None:
    """Raise SizeError unless the property of this name is auto or the number of channels."""
    if wanted not in ("auto", given):
        raise SizeError(f"has `{word}` {wanted}", help=f"write `{word}: {given}`, or leave it out")


def require_images(size: Size) -> None:
    """Raise SizeError unless what flows are images."""
    if not size.spatial:
        help = "`InputSize: [height, width, channels]` of sequenceInput makes images of columns"
        raise SizeError("takes images", help=help)


def require_time(size: Size) -> None:
    """Raise SizeError unless there is a time axis to work along."""
    if size.folded:
        raise SizeError("needs a time axis", help="put `- sequenceUnfolding` before it")
    if not size.time:
        raise SizeError("needs a time axis", for_time=True)


def require_sequences(size: Size, of_images: str | None = None) -> None:
    """Raise SizeError unless vectors with a time axis flow; `of_images` is the layer that takes images."""
    require_time(size)
    if size.spatial:
        other = f", or use `{of_images}`" if of_images else ""
        raise SizeError("takes vectors", help=f"put `- flatten` before it{other}")


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
