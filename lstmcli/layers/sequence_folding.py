"""Sequence folding layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lstmcli.layers.layer import (
    MINI_BATCH_SIZE,
    Backward,
    Forward,
    Gradients,
    Layer,
    Mode,
    Signals,
    SizeError,
    Sizes,
    State,
)
from lstmcli.records import Array, Size


@dataclass(frozen=True, kw_only=True)
class SequenceFolding(Layer):
    """Makes each time step an observation of its own (MATLAB sequenceFoldingLayer).

    What follows sees single frames, until a sequenceUnfolding, connected by `miniBatchSize`, gives them
    their time axis back. The frames stay where they are: all that changes is who may work along time.
    """

    word: ClassVar[str] = "sequenceFolding"
    type_text: ClassVar[str] = "Sequence Folding"
    stem: ClassVar[str] = "seqfold"

    @property
    def output_ports(self) -> tuple[str, ...]:
        return ("out", MINI_BATCH_SIZE)

    def describe(self) -> str:
        return "Sequence folding"

    def propagate(self, sizes: Sizes) -> Sizes:
        (size,) = sizes
        if not size.time:
            raise SizeError("needs a time axis", for_time=True)
        return replace(size, folded=True), Size(0, size.steps)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        return Forward((x, x), (), None)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        return Backward(dys[:1], {})
