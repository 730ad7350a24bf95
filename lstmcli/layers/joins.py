"""What layers with several inputs have in common: their ports, that sizes agree, and inputs side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, ClassVar

from lstmcli.errors import counted
from lstmcli.kernels.joins import concatenate, split
from lstmcli.layers.images import is_image
from lstmcli.layers.layer import Backward, Forward, Gradients, Layer, Mode, Signals, SizeError, Sizes, State
from lstmcli.records import Array, Size
from lstmcli.spec.kinds import at_least_two
from lstmcli.spec.properties import prop


@dataclass(frozen=True, kw_only=True)
class Join(Layer):
    """A layer with several inputs. They come from the same observations: the steps of all count alike."""

    arguments: ClassVar[tuple[str, ...]] = ("num_inputs",)

    num_inputs: int = prop(at_least_two, "the number of inputs, N; the ports are `in1` to `inN`")

    @property
    def input_ports(self) -> tuple[str, ...]:
        return tuple([f"in{k + 1}" for k in range(self.num_inputs)])


_AXES = {1: (-1,), 3: (-2, -3, -1)}
"""Where so many dimensions are in data [..., C] and [..., w, h, C]."""


@dataclass(frozen=True, kw_only=True)
class SideBySide(Join):
    """Inputs side by side along one dimension: the channels, or the height or width of images."""

    def dimension(self, count: int) -> int:
        """Which of so many dimensions it is, from 0; raises SizeError if it is none of them."""
        raise NotImplementedError

    def propagate(self, sizes: Sizes) -> Sizes:
        lengths = list(dimensions(sizes[0]))
        k = self.dimension(len(lengths))
        require_agreement(sizes, k)
        lengths[k] = sum(dimensions(size)[k] for size in sizes)
        *spatial, channels = lengths
        return (replace(sizes[0], spatial=tuple(spatial), channels=channels),)

    def forward(self, weights: Mapping[str, Array], xs: Signals, state: State, mode: Mode) -> Forward:
        memory, shapes = mode.memory_of(self), [x.data.shape for x in xs]
        axes = _AXES[3 if is_image(xs[0].data) else 1]
        axis = axes[self.dimension(len(axes))]
        widths = [prod(shape[axis:]) for shape in shapes]
        rows = [x.data.reshape(-1, width) for x, width in zip(xs, widths, strict=True)]
        joined = list(shapes[0])
        joined[axis] = sum(shape[axis] for shape in shapes)
        y = concatenate(rows, memory).reshape(joined)
        return Forward((xs[0].with_data(y),), (), (shapes, widths, memory))

    def backward(self, weights: Mapping[str, Array], saved: Any, dys: Gradients, need_dx: bool) -> Backward:
        (dy,), (shapes, widths, memory) = dys, saved
        assert dy is not None
        dxs = split(dy.reshape(-1, sum(widths)), widths, memory)
        return Backward(tuple([dx.reshape(shape) for dx, shape in zip(dxs, shapes, strict=True)]), {})


def dimensions(size: Size) -> tuple[int, ...]:
    """The lengths of MATLAB's dimensions 1, 2 and so on: height, width and channels, or channels alone."""
    return (*size.spatial, size.channels)


def require_agreement(sizes: Sizes, besides: int | None = None) -> None:
    """Raise SizeError unless all sizes are that of the first input, but for one of the dimensions."""
    first, *others = sizes
    for port, size in enumerate(others, 1):
        if (first.steps is None) != (size.steps is None):
            wanted = "takes no time axis" if first.steps is None else "needs a time axis"
            raise SizeError(f"{wanted}, as `in1`", port, for_time=True)
        if first.folded != size.folded:
            wanted = "folded sequences" if first.folded else "sequences that are not folded"
            help = f"put `- sequenceUnfolding` {'before `in1`' if first.folded else 'between them'}"
            raise SizeError(f"takes {wanted}, as `in1`", port, help)
        if bool(first.spatial) != bool(size.spatial):
            help = f"put `- flatten` {'before `in1`' if first.spatial else 'between them'}"
            raise SizeError(f"takes {'images' if first.spatial else 'vectors'}, as `in1`", port, help)
        for k, wording in enumerate(_WORDINGS[-len(dimensions(first)) :]):
            length = dimensions(first)[k]
            if k != besides and dimensions(size)[k] != length:
                help = f"keep height and width on both ways: {_KEEPING}"
                if k == len(size.spatial):
                    layer = f"convolution2d: [1, {length}]" if size.spatial else f"fullyConnected: {length}"
                    help = f"put `- {layer}` between them, which makes {counted(length, 'channel')}"
                raise SizeError(f"takes {wording.format(length)}, as `in1`", port, help)
        if first.steps != size.steps:
            help = f"keep all steps on both ways: {_KEEPING}"
            raise SizeError("takes as many time steps as `in1`", port, help, for_time=True)


_WORDINGS = ("images {} high", "images {} wide", "{} channels")
_KEEPING = "`Stride: 1` and `Padding: same`"
