"""Sequence unfolding layer."""

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
from lstmcli.records import Array


@dataclass(frozen=True, kw_only=True)
class SequenceUnfolding(Layer):
    """Gives folded frames their time axis back (MATLAB sequenceUnfoldingLayer)."""

    word: ClassVar[str] = "sequenceUnfolding"
    type_text: ClassVar[str] = "Sequence Unfolding"
    stem: ClassVar[str] = "sequnfold"

    @property
    def input_ports(self) -> tuple[str, ...]:
        return ("in", MINI_BATCH_SIZE)

    def describe(self) -> str:
        return "Sequence unfolding"

    def propagate(self, sizes: Sizes) -> Sizes:
        size, folding = sizes
        if not size.folded:
            help = "put `- sequenceFolding` before the layers that take single frames"
            raise SizeError("needs folded sequences", help=help)
        if size.steps != folding.steps:
            raise SizeError("needs the time steps that were folded", 1)
        return (replace(size, folded=False),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        return Forward(xs[:1], (), None)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        return Backward((*dys, None), {})
