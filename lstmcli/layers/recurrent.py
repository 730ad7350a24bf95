"""What lstm and bilstm have in common: all but the number of directions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.kernels.activations import HARD_SIGMOID, RELU, SIGMOID, SOFTSIGN, TANH
from lstmcli.kernels.lstm import lstm_backward, lstm_forward
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
    require_sequences,
)
from lstmcli.records import Array, Size
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
PORTS, STATES = ("hidden", "cell"), ("hidden_state", "cell_state")
LEARNABLES = ("InputWeights", "RecurrentWeights", "Bias")
Factor = float | tuple[float, ...]
Rule = str | PythonFunction


@dataclass(frozen=True, kw_only=True)
class LstmProperties(Layer):
    """The properties of lstmLayer and bilstmLayer; `directions` is 1 or 2.

    Learnables, D directions below one another, four gates i f g o in each:
    InputWeights (4DH, C), RecurrentWeights (4DH, H), Bias (4DH,); states HiddenState and
    CellState (DH,). A factor is one number, or 4D of them, one a gate.
    """

    arguments: ClassVar[tuple[str, ...]] = ("num_hidden_units",)
    directions: ClassVar[int]

    num_hidden_units: int = prop(positive_integer, "the number of hidden units, H")
    output_mode: str = prop(
        one_of("sequence", "last"), "the whole sequence or its last step", default="sequence"
    )
    input_size: int | str = prop(
        word_or("auto", positive_integer), "the number of input channels", default="auto"
    )
    state_activation_function: str = prop(
        one_of(*STATE_ACTIVATIONS), "the activation of the cell candidate and the cell state", default="tanh"
    )
    gate_activation_function: str = prop(
        one_of(*GATE_ACTIVATIONS), "the activation of the gates", default="sigmoid"
    )
    has_state_inputs: bool = prop(
        boolean, "whether the states come in by the ports `hidden` and `cell`", default=False
    )
    has_state_outputs: bool = prop(
        boolean, "whether the last states go out by the ports `hidden` and `cell`", default=False
    )
    hidden_state: Given | None = prop(array, "the hidden state at step 0", default=None)
    cell_state: Given | None = prop(array, "the cell state at step 0", default=None)
    input_weights_initializer: Rule = prop(
        initializer(*WEIGHT_RULES), "how the input weights are drawn", default="glorot"
    )
    recurrent_weights_initializer: Rule = prop(
        initializer(*WEIGHT_RULES), "how the recurrent weights are drawn", default="orthogonal"
    )
    bias_initializer: Rule = prop(
        initializer("unit-forget-gate", "narrow-normal", "ones"),
        "how the bias is drawn",
        default="unit-forget-gate",
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

    def check(self) -> Iterator[Problem]:
        gates = 4 * self.directions
        for item in properties_of(type(self)).values():
            value = getattr(self, item.name)
            if item.kind is factor and isinstance(value, tuple) and len(value) != gates:
                message = f"`{item.word}` of {self.word} has one number, or one for each of its {gates} gates"
                yield Problem(item.name, f"{message}, got {len(value)}")
        for name in STATES:
            if self.has_state_inputs and getattr(self, name) is not None:
                yield Problem(
                    name, f"`{camel(name)}` of {self.word} comes in by a port: `HasStateInputs` is on"
                )

    @property
    def input_ports(self) -> tuple[str, ...]:
        return ("in", *PORTS) if self.has_state_inputs else ("in",)

    @property
    def output_ports(self) -> tuple[str, ...]:
        return ("out", *PORTS) if self.has_state_outputs else ("out",)

    def propagate(self, sizes: Sizes) -> Sizes:
        size, *states = sizes
        require_sequences(size)
        if self.input_size not in ("auto", size.channels):
            raise SizeError(f"has `InputSize` {self.input_size}")
        state = Size(self.directions * self.num_hidden_units, None)
        for port, given in enumerate(states, 1):
            if given != state:
                raise SizeError(f"takes {state.channels} channels without a time axis", port)
        output = replace(state, steps=size.steps if self.output_mode == "sequence" else None)
        return (output, *(state for _ in self.output_ports[1:]))

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        h, rows = self.num_hidden_units, 4 * self.directions * self.num_hidden_units
        draw = {
            "input_weights": Draw(self.input_weights_initializer, size.channels, rows),
            "recurrent_weights": Draw(self.recurrent_weights_initializer, h, rows),
            "bias": Draw(self.bias_initializer, h, rows),
        }
        shapes = {"input_weights": (rows, size.channels), "recurrent_weights": (rows, h), "bias": (rows,)}
        states = tuple(
            Parameter(camel(name), (self.directions * h,), Role.STATE, Draw("zeros", h, h), name)
            for name in STATES
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

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x, *given), memory, sequence = xs, mode.memory_of(self), self.output_mode == "sequence"
        h0, c0 = (signal.data for signal in given) if given else state
        W, R, b = (weights[name] for name in LEARNABLES)
        how = (*self.activations, sequence, mode.saves, memory, mode.packs(memory))
        h, *last, saved = lstm_forward(x.data, W, R, b, h0, c0, x.start, x.stop, *how)
        outputs = (h if sequence else last[0], *(last if self.has_state_outputs else ()))
        return Forward(tuple(map(x.with_data, outputs)), () if given else tuple(last), (saved, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (pass_, memory), (dy, *dlast) = saved, dys
        like = next(d for d in dys if d is not None)
        zeros = memory.zeros("no gradient", like.shape[-2:], like.dtype)
        dh, dhT, dcT = dy, *((zeros if d is None else d) for d in dlast or (None, None))
        if self.output_mode == "last":
            dh, dhT = None, dhT if dy is None else dhT + dy
        need_states = self.has_state_inputs
        dx, *gradients, dh0, dc0 = lstm_backward(pass_, dh, dhT, dcT, need_dx, need_states, memory)
        dxs = (dx, dh0, dc0) if need_states else (dx,)
        return Backward(dxs, dict(zip(LEARNABLES, gradients, strict=True)))
