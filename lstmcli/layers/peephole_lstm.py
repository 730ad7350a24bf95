"""Long short-term memory layer with peepholes."""

from dataclasses import dataclass
from typing import Any, ClassVar

from lstmcli.kernels.lstm import peephole_gradient
from lstmcli.kernels.memory import Memory
from lstmcli.layers.initializers import WEIGHT_RULES, Draw
from lstmcli.layers.layer import Given, Parameter, State, learnable
from lstmcli.layers.lstm_properties import LstmProperties
from lstmcli.layers.recurrent import Arrays, Rule
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import array, initializer, nonnegative
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class PeepholeLstm(LstmProperties):
    """An LSTM whose gates see the cell (peepholeLSTMLayer of a MATLAB example; Gers and Schmidhuber 2000).

        i_t = s_g(W_i x_t + R_i h_{t-1} + p_i * c_{t-1} + b_i)      g_t = s_c(W_g x_t + R_g h_{t-1} + b_g)
        f_t = s_g(W_f x_t + R_f h_{t-1} + p_f * c_{t-1} + b_f)      c_t = f_t * c_{t-1} + i_t * g_t
        o_t = s_g(W_o x_t + R_o h_{t-1} + p_o * c_t + b_o)          h_t = o_t * s_c(c_t)

    PeepholeWeights (3H,) are p_i, p_f, p_o below one another. The example is "Define Custom Recurrent Deep
    Learning Layer"; its initializers are the defaults, with H in and 3H out for Glorot's rule of the peephole
    weights. The output is h_1 ... h_T, or h_T with OutputMode last: H channels.
    """

    word: ClassVar[str] = "peepholeLSTM"
    type_text: ClassVar[str] = "Peephole LSTM"
    stem: ClassVar[str] = "peepholeLSTM"
    arguments: ClassVar[tuple[str, ...]] = ("num_hidden_units", "input_size")
    learnables: ClassVar[tuple[str, ...]] = (*LstmProperties.learnables, "PeepholeWeights")

    peephole_weights_initializer: Rule = prop(
        initializer(*WEIGHT_RULES), "how the peephole weights are drawn", default="glorot"
    )
    peephole_weights: Given | None = prop(array, "the peephole weights to start from", default=None)
    peephole_weights_learn_rate_factor: float = prop(nonnegative, "times the learning rate", default=1.0)
    peephole_weights_l2_factor: float = prop(nonnegative, "times the L2 regularization", default=1.0)

    def parameters(self, size: Size) -> tuple[Parameter, ...]:
        own, H = super().parameters(size), self.num_hidden_units
        draw = Draw(self.peephole_weights_initializer, H, 3 * H)
        return (*own[:3], learnable(self, "peephole_weights", (3 * H,), draw), *own[3:])

    def back_through_time(
        self, saved: Any, dh: Array | None, dlast: State, need_dx: bool, need_states: bool, memory: Memory
    ) -> tuple[Array | None, Arrays, State]:
        """By the equations of the layer."""
        how = (need_dx, need_states, memory)
        dx, gradients, dfirst = super().back_through_time(saved, dh, dlast, *how)
        return dx, (*gradients, peephole_gradient(saved)), dfirst
