"""Bidirectional long short-term memory layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lstmcli.kernels.lstm import lstm_backward, lstm_forward
from lstmcli.layers.layer import Backward, Forward, Mode, State
from lstmcli.layers.recurrent import LstmProperties
from lstmcli.records import Array, Signal

WAYS = ("ahead", "back")


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

    def describe(self) -> str:
        return f"BiLSTM with {self.num_hidden_units} hidden unit{'' if self.num_hidden_units == 1 else 's'}"

    def carried(self, state: State, weights: Mapping[str, Array]) -> State:
        """Forward halves go on; the backward direction runs inside each piece, from its initial state."""
        initial = (weights["HiddenState"], weights["CellState"])
        return tuple(
            np.concatenate([_half_columns(part, 0), np.tile(_half(start, 1), (len(part), 1))], axis=1)
            for part, start in zip(state, initial, strict=True)
        )

    def forward(self, weights: Mapping[str, Array], x: Signal, state: State, mode: Mode) -> Forward:
        (gate, squash), steps = self.activations, self.output_mode == "sequence"
        memory = mode.memory_of(self)
        halves = []
        for direction in (0, 1):
            W, R, b = (_half(weights[n], direction) for n in ("InputWeights", "RecurrentWeights", "Bias"))
            h0, c0 = (_half_columns(part, direction) for part in state)
            settings = (x.start, x.stop, gate, squash, direction == 1, steps, mode.saves)
            halves.append(lstm_forward(x.data, W, R, b, h0, c0, *settings, memory.part(WAYS[direction])))
        h, last, cell = (np.concatenate([half[k] for half in halves], axis=-1) for k in range(3))
        return Forward(self.emit(x, h, last), (last, cell), (tuple(half[3] for half in halves), memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dy: Array, need_dx: bool) -> Backward:
        passes, memory = saved
        dh, dlast = self.seeds(dy)
        halves = []
        for direction in (0, 1):
            dlast_half = _half_columns(dlast, direction)
            dh_half = None if dh is None else _half_columns(dh, direction)
            no_dcell = np.zeros_like(dlast_half)
            own = memory.part(WAYS[direction])
            halves.append(
                lstm_backward(passes[direction], dh_half, dlast_half, no_dcell, need_dx, False, own)
            )
        dW, dR, db = (np.concatenate([half[k] for half in halves]) for k in (1, 2, 3))
        ahead, back = halves[0][0], halves[1][0]
        dx = None if ahead is None or back is None else ahead + back
        return Backward(dx, {"InputWeights": dW, "RecurrentWeights": dR, "Bias": db})


def _half(rows: Array, direction: int) -> Array:
    half = len(rows) // 2
    return rows[direction * half : (direction + 1) * half]


def _half_columns(values: Array, direction: int) -> Array:
    half = values.shape[-1] // 2
    return np.ascontiguousarray(values[..., direction * half : (direction + 1) * half])
