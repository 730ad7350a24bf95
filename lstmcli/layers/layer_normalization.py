"""Layer normalization layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lstmcli.kernels.normalization import layer_backward, layer_forward
from lstmcli.layers.layer import Backward, Forward, Gradients, Mode, Signals, SizeError, Sizes, State
from lstmcli.layers.normalization import Normalization, pixels_of
from lstmcli.records import Array
from lstmcli.spec.kinds import one_of
from lstmcli.spec.properties import prop

OVER_ALL = "batch-excluded"


@dataclass(frozen=True, kw_only=True)
class LayerNormalization(Normalization):
    """y = Scale (x - m) / sqrt(v + Epsilon) + Offset (MATLAB layerNormalizationLayer, as of R2023a).

    m and v are mean and variance, divided by their number, of

        channel-only     the channels of one pixel of one time step
        spatial-channel  all channels and pixels of one time step
        batch-excluded   all channels and pixels of all time steps of the observation that count
        auto             spatial-channel

    Scale and Offset are of each channel. Ba, Kiros and Hinton 2016.
    """

    word: ClassVar[str] = "layerNormalization"
    type_text: ClassVar[str] = "Layer Normalization"
    stem: ClassVar[str] = "layernorm"

    operation_dimension: str = prop(
        one_of("auto", "channel-only", "spatial-channel", OVER_ALL),
        "what is normalized together; auto is spatial-channel, all of a time step",
        default="auto",
    )

    @property
    def works_in_pieces(self) -> bool:
        return self.operation_dimension != OVER_ALL

    def propagate(self, sizes: Sizes) -> Sizes:
        if self.operation_dimension == OVER_ALL and sizes[0].folded:
            help = "`OperationDimension` spatial-channel is the same here"
            raise SizeError(f"takes nothing folded where `OperationDimension` is {OVER_ALL}", help=help)
        return super().propagate(sizes)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        (x,) = xs
        memory = mode.memory_of(self)
        packs, (data, start, stop, time) = mode.packs(memory), pixels_of(x)
        T, B, P, C = data.shape
        together = 1 if self.operation_dimension == "channel-only" else P
        rows = data.reshape(T, B * P // together, together * C)
        where = (start, stop, time and self.operation_dimension == OVER_ALL)
        own = (weights["Scale"], weights["Offset"], self.epsilon)
        y, statistics = layer_forward(rows, *where, *own, memory, packs)
        saved = (rows, where, statistics, memory)
        return Forward((x.with_data(y.reshape(x.data.shape)),), (), saved)

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (rows, (start, stop, over_time), statistics, memory) = dys, saved
        assert dy is not None
        own = (start, stop, over_time, weights["Scale"], statistics, memory)
        dx, dscale, doffset = layer_backward(rows, dy.reshape(rows.shape), *own)
        return Backward((dx.reshape(dy.shape),), {"Scale": dscale, "Offset": doffset})
