"""What lstm and its variants have in common."""

from dataclasses import dataclass
from typing import Any, ClassVar

from lstmcli.kernels.lstm import look_inside, lstm_backward, lstm_forward
from lstmcli.kernels.memory import Memory
from lstmcli.layers.layer import Given, State
from lstmcli.layers.recurrent import Arrays, Recurrent, Rule
from lstmcli.records import Array, Signal
from lstmcli.spec.kinds import array, initializer
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class LstmProperties(Recurrent):
    """The properties of lstmLayer and its variants: gates i f g o, states HiddenState and CellState."""

    gates: ClassVar[int] = 4
    states: ClassVar[tuple[str, ...]] = ("hidden_state", "cell_state")
    ports: ClassVar[tuple[str, ...]] = ("hidden", "cell")
    inside: ClassVar[tuple[str, ...]] = ("i", "f", "g", "o", "c", "h")

    cell_state: Given | None = prop(array, "the cell state at step 0", default=None)
    bias_initializer: Rule = prop(
        initializer("unit-forget-gate", "narrow-normal", "ones"),
        "how the bias is drawn",
        default="unit-forget-gate",
    )

    def through_time(
        self, x: Signal, weights: Arrays, first: State, steps: bool, saves: bool, memory: Memory, packs: bool
    ) -> tuple[Array, State, Any]:
        """By the equations of the layer; peephole weights may follow the other ones."""
        (W, R, b, *p), (h0, c0), how = weights, first, (*self.activations, steps, saves, memory, packs)
        h, hT, cT, saved = lstm_forward(x.data, W, R, b, h0, c0, x.start, x.stop, *how, *p)
        return h, (hT, cT), saved

    def back_through_time(
        self, saved: Any, dh: Array | None, dlast: State, need_dx: bool, need_states: bool, memory: Memory
    ) -> tuple[Array | None, Arrays, State]:
        """By the equations of the layer."""
        (dhT, dcT), how = dlast, (need_dx, need_states, memory)
        dx, dW, dR, db, dh0, dc0 = lstm_backward(saved, dh, dhT, dcT, *how)
        return dx, (dW, dR, db), (dh0, dc0)

    def look_inside(self, saved: Any) -> Array:
        """Of i f g o c h."""
        return look_inside(saved[0])
