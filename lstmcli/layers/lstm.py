"""Long short-term memory layer."""

from dataclasses import dataclass
from typing import ClassVar

from lstmcli.layers.lstm_properties import LstmProperties


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
