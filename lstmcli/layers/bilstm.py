"""Bidirectional long short-term memory layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from lstmcli.layers.layer import State
from lstmcli.layers.lstm_properties import LstmProperties
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class Bilstm(LstmProperties):
    """Two independent LSTMs, one over t = 1 ... T, one over t = T ... 1 (MATLAB bilstmLayer).

    Rows of the learnables: i f g o forward, then i f g o backward. The output is [hf_t; hb_t] at each
    step t, or [hf_T; hb_1] with OutputMode last: 2H channels, forward first.
    """

    word: ClassVar[str] = "bilstm"
    type_text: ClassVar[str] = "BiLSTM"
    stem: ClassVar[str] = "biLSTM"
    directions: ClassVar[int] = 2

    @property
    def works_in_pieces(self) -> bool:
        return False

    def carried(self, state: State, weights: Mapping[str, Array]) -> State:
        """Forward halves go on; the backward direction runs inside each piece, from its initial state."""
        initial = (weights["HiddenState"], weights["CellState"])
        H, after = self.num_hidden_units, tuple(part.copy() for part in state)
        for part, start in zip(after, initial, strict=True):
            part[:, H:] = start[H:]
        return after
