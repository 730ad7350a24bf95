"""What all recurrent layers have in common: all but the equations and the states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.errors import counted
from lstmcli.kernels.activations import HARD_SIGMOID, RELU, SIGMOID, SOFTSIGN, TANH
from lstmcli.kernels.memory import Memory
from lstmcli.layers.initializers import WEIGHT_RULES, Draw
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Given,
    Gradients,
    Layer,
    Mode,
    Parameter,
    Problem,
    Role,
    Signals,
    SizeError,
    Sizes,
    State,
    learnable,
    require_channels,
    require_sequences,
)
from lstmcli.records import Array, Signal, Size
from lstmcli.spec.kinds import (
    PythonFunction,
    array,
    boolean,
    factor,
    initializer,
    one_of,
    positive_integer,
    word_or,
)
from lstmcli.spec.properties import camel, prop, properties_of

GATE_ACTIVATIONS = {"sigmoid": SIGMOID, "hard-sigmoid": HARD_SIGMOID}
STATE_ACTIVATIONS = {"tanh": TANH, "softsign": SOFTSIGN, "relu": RELU}
Factor = float | tuple[float, ...]
Rule = str | PythonFunction
Arrays = tuple[Array, ...]


@dataclass(frozen=True, kw_only=True)
class Recurrent(Layer):
    """The properties of lstmLayer, bilstmLayer and gruLayer; `directions` D is 1 or 2, each has G `gates`.

    Learnables, D directions below one another, and in each its gates: InputWeights (GDH, C),
    RecurrentWeights (GDH, H), Bias (GDH,); states (DH,). A factor is one number, or GD of them, one a gate.
    states : the Python names of the properties with the states at step 0; ports : those of their ports
    inside : what `look_inside` gives, by the letters of the equations
    learnables : what `through_time` takes and `back_through_time` gives gradients of
    """

    arguments: ClassVar[tuple[str, ...]] = ("num_hidden_units",)
    directions: ClassVar[int] = 1
    gates: ClassVar[int]
    states: ClassVar[tuple[str, ...]]
    ports: ClassVar[tuple[str, ...]]
    inside: ClassVar[tuple[str, ...]]
    learnables: ClassVar[tuple[str, ...]] = ("InputWeights", "RecurrentWeights", "Bias")

    num_hidden_units: int = prop(positive_integer, "the number of hidden units, H")
    output_mode: str = prop(
        one_of("sequence", "last"), "the whole sequence or its last step", default="sequence"
    )
    input_size: int | str = prop(
        word_or("auto", positive_integer), "the number of input channels", default="auto"
    )
    state_activation_function: str = prop(
        one_of(*STATE_ACTIVATIONS), "the activation of candidate and state", default="tanh"
    )
    gate_activation_function: str = prop(
        one_of(*GATE_ACTIVATIONS), "the activation of the gates", default="sigmoid"
    )
    has_state_inputs: bool = prop(
        boolean, "whether the states at step 0 come in by ports of their own", default=False
    )
    has_state_outputs: bool = prop(
        boolean, "whether the last states go out by ports of their own", default=False
    )
    input_weights_initializer: Rule = prop(
        initializer(*WEIGHT_RULES), "how the input weights are drawn", default="glorot"
    )
    recurrent_weights_initializer: Rule = prop(
        initializer(*WEIGHT_RULES), "how the recurrent weights are drawn", default="orthogonal"
    )
    bias_initializer: Rule = prop(
        initializer("zeros", "narrow-normal", "ones"), "how the bias is drawn", default="zeros"
    )
    input_weights: Given | None = prop(array, "the input weights to start from", default=None)
    recurrent_weights: Given | None = prop(array, "the recurrent weights to start from", default=None)
    bias: Given | None = prop(array, "the bias to start from", default=None)

    input_weights_learn_rate_factor: Factor = prop(factor, "times the learning rate", default=1.0)
    recurrent_weights_learn_rate_factor: Factor = prop(factor, "times the learning rate", default=1.0)
    bias_learn_rate_factor: Factor = prop(factor, "times the learning rate", default=1.0)
    input_weights_l2_factor: Factor = prop(factor, "times the L2 regularization", default=1.0)
    recurrent_weights_l2_factor: Factor = prop(factor, "times the L2 regularization", default=1.0)
    bias_l2_factor: Factor = prop(factor, "times the L2 regularization", default=0.0)
    hidden_state: Given | None = prop(array, "the hidden state at step 0", default=None)

    def check(self) -> Iterator[Problem]:
        gates = self.gates * self.directions
        for item in properties_of(type(self)).values():
            value = getattr(self, item.name)
            if item.kind is factor and isinstance(value, tuple) and len(value) != gates:
                message = f"`{item.word}` of {self.word} has one number, or one for each of its {gates} gates"
                yield Problem(item.name, f"{message}, got {len(value)}")
        for name in self.states:
            if self.has_state_inputs and getattr(self, name) is not None:
                yield Problem(
                    name, f"`{camel(name)}` of {self.word} comes in by a port: `HasStateInputs` is on"
                )

    @property
    def input_ports(self) -> tuple[str, ...]:
        return ("in", *self.ports) if self.has_state_inputs else ("in",)

    @property
    def output_ports(self) -> tuple[str, ...]:
        return ("out", *self.ports) if self.has_state_outputs else ("out",)

    @property
    def works_in_pieces(self) -> bool:
        return not (self.has_state_inputs or self.has_state_outputs)

    def at_each_step(self) -> Layer:
        return replace(self, output_mode="sequence")

    def describe(self) -> str:
        return f"{self.type_text} with {counted(self.num_hidden_units, 'hidden unit')}"

    def propagate(self, sizes: Sizes) -> Sizes:
        size, *states = sizes
        require_sequences(size)
        require_channels("InputSize", self.input_size, size.channels)
        state = Size(self.directions * self.num_hidden_units, None)
        for port, given in enumerate(states, 1):
            if given != state:
                message = f"takes {counted(state.channels, 'channel')} without a time axis"
                raise SizeError(message, port, self._help_for_state(given), given.time)
        output = replace(state, steps=size.steps if self.output_mode == "sequence" else None)
        return (output, *(state for _ in self.output_ports[1:]))

    def _help_for_state(self, given: Size) -> str:
        """What would make a state of another size."""
        units, left = divmod(given.channels, self.directions)
        if given.time or given.spatial or left:
            return f"take it from a {self.word} that has `HasStateOutputs` and as many hidden units"
        return f"with `NumHiddenUnits: {units}` it has states of this size"

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        h, rows = self.num_hidden_units, self.gates * self.directions * self.num_hidden_units
        draw = {
            "input_weights": Draw(self.input_weights_initializer, size.channels, rows),
            "recurrent_weights": Draw(self.recurrent_weights_initializer, h, rows),
            "bias": Draw(self.bias_initializer, h, rows),
        }
        shapes = {"input_weights": (rows, size.channels), "recurrent_weights": (rows, h), "bias": (rows,)}
        states = tuple(
            Parameter(camel(name), (self.directions * h,), Role.STATE, Draw("zeros", h, h), name)
            for name in self.states
            if not self.has_state_inputs
        )
        return tuple(learnable(self, name, shapes[name], draw[name]) for name in shapes) + states

    @property
    def activations(self) -> tuple[int, int]:
        """The kernels' numbers of the gate and the state activation."""
        return (
            GATE_ACTIVATIONS[self.gate_activation_function],
            STATE_ACTIVATIONS[self.state_activation_function],
        )

    def through_time(
        self, x: Signal, weights: Arrays, first: State, steps: bool, saves: bool, memory: Memory, packs: bool
    ) -> tuple[Array, State, Any]:
        """h of all steps, if `steps` wants them, the last states, and what `back_through_time` needs."""
        raise NotImplementedError

    def back_through_time(
        self, saved: Any, dh: Array | None, dlast: State, need_dx: bool, need_states: bool, memory: Memory
    ) -> tuple[Array | None, Arrays, State]:
        """The gradients of x, of the weights and of the first states."""
        raise NotImplementedError

    def look_inside(self, saved: Any) -> Array:
        """[n, T, B, DH], gates and states after each step by what a forward pass has saved; no backward pass
        may have followed. At steps that do not count they are anything.
        """
        raise NotImplementedError

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x, *given), memory, sequence = xs, mode.memory_of(self), self.output_mode == "sequence"
        first = tuple([signal.data for signal in given]) if given else state
        arrays = tuple([weights[name] for name in self.learnables])
        how = (sequence, mode.saves, memory, mode.packs(memory))
        h, last, saved = self.through_time(x, arrays, first, *how)
        outputs = (h if sequence else last[0], *(last if self.has_state_outputs else ()))
        return Forward(tuple(map(x.with_data, outputs)), () if given else last, (saved, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (pass_, memory), (dy, *given) = saved, dys
        like = next(d for d in dys if d is not None)
        zeros = memory.zeros("no gradient", like.shape[-2:], like.dtype)
        dlast = [zeros if d is None else d for d in given or len(self.states) * [None]]
        if self.output_mode == "last":
            dlast[0], dy = dlast[0] if dy is None else dlast[0] + dy, None
        need_states = self.has_state_inputs
        how = (need_dx, need_states, memory)
        dx, gradients, dfirst = self.back_through_time(pass_, dy, tuple(dlast), *how)
        dxs = (dx, *dfirst) if need_states else (dx,)
        return Backward(dxs, dict(zip(self.learnables, gradients, strict=True)))
