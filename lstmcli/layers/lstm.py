"""Long short-term memory layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.lstm import lstm_backward, lstm_forward
from lstmcli.layers.layer import Backward, Forward, Mode, State
from lstmcli.layers.recurrent import LstmProperties
from lstmcli.records import Array, Signal


@dataclass(frozen=True, kw_only=True)
class Lstm(LstmProperties):
    """Long short-term memory layer (MATLAB lstmLayer; Hochreiter and Schmidhuber 1997).

        i_t = s_g(W_i x_t + R_i h_{t-1} + b_i)      f_t = s_g(W_f x_t + R_f h_{t-1} + b_f)
        g_t = s_c(W_g x_t + R_g h_{t-1} + b_g)      o_t = s_g(W_o x_t + R_o h_{t-1} + b_o)
        c_t = f_t * c_{t-1} + i_t * g_t             h_t = o_t * s_c(c_t)

    The output is h_1 ... h_T, or h_T with OutputMode last: H channels.
    """

    word: ClassVar[str] = "lstm"
    type_text: ClassVar[str] = "LSTM"
    stem: ClassVar[str] = "lstm"
    directions: ClassVar[int] = 1

    def describe(self) -> str:
        return f"LSTM with {self.num_hidden_units} hidden unit{'' if self.num_hidden_units == 1 else 's'}"

    def forward(self, weights: Mapping[str, Array], x: Signal, state: State, mode: Mode) -> Forward:
        W, R, b = weights["InputWeights"], weights["RecurrentWeights"], weights["Bias"]
        h0, c0 = state
        gate, squash = self.activations
        memory, steps = mode.memory_of(self), self.output_mode == "sequence"
        h, last, cell, saved = lstm_forward(
            x.data, W, R, b, h0, c0, x.start, x.stop, gate, squash, False, steps, mode.saves, memory
        )
        return Forward(self.emit(x, h, last), (last, cell), (saved, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dy: Array, need_dx: bool) -> Backward:
        pass_, memory = saved
        dh, dlast = self.seeds(dy)
        no_dcell = np.zeros_like(dlast)
        dx, dW, dR, db, _, _ = lstm_backward(pass_, dh, dlast, no_dcell, need_dx, False, memory)
        return Backward(dx, {"InputWeights": dW, "RecurrentWeights": dR, "Bias": db})
