"""Gated recurrent unit layer."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.kernels.gru import gru_backward, gru_forward, look_inside
from lstmcli.kernels.memory import Memory
from lstmcli.layers.layer import Parameter, State
from lstmcli.layers.recurrent import Arrays, Factor, Recurrent
from lstmcli.records import Array, Signal, Size
from lstmcli.spec.kinds import one_of
from lstmcli.spec.properties import prop

AFTER, BEFORE, BOTH = (
    "after-multiplication",
    "before-multiplication",
    "recurrent-bias-after-multiplication",
)


@dataclass(frozen=True, kw_only=True)
class Gru(Recurrent):
    """Gated recurrent unit layer (MATLAB gruLayer; Cho et al. 2014).

        r_t = s_g(W_r x_t + R_r h_{t-1} + b_r)      z_t = s_g(W_z x_t + R_z h_{t-1} + b_z)
        n_t = s_s(W_n x_t + b_n + r_t * (R_n h_{t-1}))
        h_t = (1 - z_t) * n_t + z_t * h_{t-1}

    With ResetGateMode before-multiplication R_n (r_t * h_{t-1}) stands for r_t * (R_n h_{t-1}); with
    recurrent-bias-after-multiplication r_t * (R_n h_{t-1} + b'_n) does, and r and z have a second bias, too.
    Rows of the learnables: r z n, of Bias (6H,) in that last mode those of W, then those of R. The output
    is h_1 ... h_T, or h_T with OutputMode last: H channels.
    """

    word: ClassVar[str] = "gru"
    type_text: ClassVar[str] = "GRU"
    stem: ClassVar[str] = "gru"
    gates: ClassVar[int] = 3
    states: ClassVar[tuple[str, ...]] = ("hidden_state",)
    ports: ClassVar[tuple[str, ...]] = ("hidden",)
    inside: ClassVar[tuple[str, ...]] = ("r", "z", "n", "h")

    reset_gate_mode: str = prop(
        one_of(AFTER, BEFORE, BOTH), "where the reset gate and the biases enter the candidate", default=AFTER
    )

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        found = super().parameters(size)
        return tuple(map(_with_recurrent_bias, found)) if self.reset_gate_mode == BOTH else found

    def through_time(
        self, x: Signal, weights: Arrays, first: State, steps: bool, saves: bool, memory: Memory, packs: bool
    ) -> tuple[Array, State, Any]:
        """By the equations of the layer."""
        (W, R, b), (h0,), resets_state = weights, first, self.reset_gate_mode == BEFORE
        how = (*self.activations, resets_state, steps, saves, memory, packs)
        h, hT, saved = gru_forward(x.data, W, R, b, h0, x.start, x.stop, *how)
        return h, (hT,), saved

    def back_through_time(
        self, saved: Any, dh: Array | None, dlast: State, need_dx: bool, need_states: bool, memory: Memory
    ) -> tuple[Array | None, Arrays, State]:
        """By the equations of the layer."""
        (dhT,) = dlast
        dx, dW, dR, db, dh0 = gru_backward(saved, dh, dhT, need_dx, need_states, memory)
        return dx, (dW, dR, db), (dh0,)

    def look_inside(self, saved: Any) -> Array:
        """Of r z n h."""
        return look_inside(saved[0])


def _with_recurrent_bias(parameter: Parameter) -> Parameter:
    """The bias with that of R below it, for which the same factors hold."""
    if parameter.name != "Bias":
        return parameter
    return replace(
        parameter,
        shape=(2 * parameter.shape[0],),
        learn_rate_factor=_twice(parameter.learn_rate_factor),
        l2_factor=_twice(parameter.l2_factor),
    )


def _twice(factor: Factor) -> Factor:
    return 2 * factor if isinstance(factor, tuple) else factor
