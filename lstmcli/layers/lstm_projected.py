"""Projected long short-term memory layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.fully_connected import fully_connected_backward, fully_connected_forward
from lstmcli.kernels.memory import Memory
from lstmcli.layers.initializers import WEIGHT_RULES, Draw
from lstmcli.layers.layer import (
    Backward,
    Forward,
    Given,
    Gradients,
    Mode,
    Parameter,
    Signals,
    State,
    learnable,
)
from lstmcli.layers.lstm_properties import LstmProperties
from lstmcli.layers.recurrent import Rule
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import array, initializer, nonnegative, positive_integer
from lstmcli.spec.properties import prop

PROJECTORS = {"InputWeights": "InputProjector", "RecurrentWeights": "OutputProjector"}


@dataclass(frozen=True, kw_only=True)
class LstmProjected(LstmProperties):
    """An LSTM whose weights act on projections (MATLAB lstmProjectedLayer; Sak, Senior and Beaufays 2014).

    The equations of lstm with W (Q_i' x_t) for W x_t and R (Q_o' h_{t-1}) for R h_{t-1}: InputProjector Q_i
    (C, P), InputWeights W (4H, P), OutputProjector Q_o (H, M), RecurrentWeights R (4H, M). The recurrence
    runs with the products W Q_i' and R Q_o', which are made once a pass.
    """

    word: ClassVar[str] = "lstmProjected"
    type_text: ClassVar[str] = "Projected LSTM"
    stem: ClassVar[str] = "lstmProjected"
    arguments: ClassVar[tuple[str, ...]] = (
        "num_hidden_units",
        "output_projector_size",
        "input_projector_size",
    )

    output_projector_size: int = prop(positive_integer, "the size of the projection of the hidden state, M")
    input_projector_size: int = prop(positive_integer, "the size of the projection of the input, P")
    input_projector_initializer: Rule = prop(
        initializer(*WEIGHT_RULES), "how the input projector is drawn", default="orthogonal"
    )
    output_projector_initializer: Rule = prop(
        initializer(*WEIGHT_RULES), "how the output projector is drawn", default="orthogonal"
    )
    input_projector: Given | None = prop(array, "the input projector to start from", default=None)
    output_projector: Given | None = prop(array, "the output projector to start from", default=None)
    input_projector_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    output_projector_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    input_projector_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)
    output_projector_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        H, P, M = self.num_hidden_units, self.input_projector_size, self.output_projector_size
        rows = self.gates * H
        draws = {
            "InputWeights": ((rows, P), Draw(self.input_weights_initializer, P, rows)),
            "RecurrentWeights": ((rows, M), Draw(self.recurrent_weights_initializer, M, rows)),
        }
        own = [
            replace(p, shape=draws[p.name][0], initialize=draws[p.name][1]) if p.name in draws else p
            for p in super().parameters(size)
        ]
        projectors = (
            learnable(self, "input_projector", (size.channels, P), self._draw("input", size.channels, P)),
            learnable(self, "output_projector", (H, M), self._draw("output", H, M)),
        )
        return (*own[:3], *projectors, *own[3:])

    def _draw(self, side: str, fan_in: int, fan_out: int) -> Draw:
        return Draw(getattr(self, f"{side}_projector_initializer"), fan_in, fan_out)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        memory = mode.memory_of(self)
        products = {
            name: _product(weights[name], weights[projector], memory.part(name), mode.packs(memory))
            for name, projector in PROJECTORS.items()
        }
        outputs, last, saved = super().forward({**weights, **products}, xs, state, mode)[:3]
        return Forward(outputs, last, (saved, memory))

    def look_inside(self, saved: Any) -> Array:
        """Of i f g o c h."""
        inner, _ = saved
        return super().look_inside(inner)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        inner, memory = saved
        dxs, found = super().backward(weights, inner, dys, need_dx)
        gradients = dict(found)
        for name, projector in PROJECTORS.items():
            W, Q, own = weights[name], weights[projector], memory.part(name)
            dW, dQ, _ = fully_connected_backward(W, Q, found[name], True, own)
            assert dW is not None
            gradients[name], gradients[projector] = dW, dQ
        return Backward(dxs, gradients)


def _product(W: Array, Q: Array, memory: Memory, changed: bool) -> Array:
    """W Q', as it was made before unless a weight has changed."""
    shape = (len(W), len(Q))
    if not changed:
        kept: Array = memory.take("y", shape, W.dtype)
        return kept
    return fully_connected_forward(W, Q, np.zeros(len(Q), W.dtype), memory)
