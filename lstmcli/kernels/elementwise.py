"""Activation functions of layers: y = f(x), each element for itself. Threads divide the elements."""

from typing import NamedTuple

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

STRIP = 16
"""Elements that one thread computes: those of a cache line, so that none is written by two."""
SMALL = 2**14
"""Elements that one thread computes sooner than it could wake another."""


class Function(NamedTuple):
    """The kernels of an elementwise function.

    from_output : whether the slope is computed from y, else from x
    """

    forward: Kernel
    backward: Kernel
    from_output: bool


def _function(name: str, from_output: bool = False) -> Function:
    forward, backward = (Kernel("elementwise", f"{name}_{way}") for way in ("forward", "backward"))
    return Function(forward, backward, from_output)


RELU = _function("relu", from_output=True)
LEAKY_RELU = _function("leaky_relu")
CLIPPED_RELU = _function("clipped_relu", from_output=True)
ELU = _function("elu")
GELU, GELU_TANH = _function("gelu"), _function("gelu_tanh")
SWISH = _function("swish")
TANH, SIGMOID = _function("tanh", from_output=True), _function("sigmoid", from_output=True)
SOFTPLUS = _function("softplus")


def elementwise_forward(function: Function, x: Array, a: float, memory: Memory) -> tuple[Array, Array]:
    """y = f(x, a) in the shape of x, and what the backward pass needs: x or y.

    a : the number that the function has beside x, or any if it has none
    """
    x = contiguous(x)
    y: Array = memory.take("y", x.shape, x.dtype)
    _run(function.forward, x.size, (x.reshape(-1), float(a), y.reshape(-1)))
    return y, y if function.from_output else x


def elementwise_backward(function: Function, kept: Array, a: float, dy: Array, memory: Memory) -> Array:
    """dx = f'(x, a) dy, for what the forward pass kept."""
    dx: Array = memory.take("dx", dy.shape, dy.dtype)
    flat = (kept.reshape(-1), float(a), contiguous(dy).reshape(-1), dx.reshape(-1))
    _run(function.backward, dy.size, flat)
    return dx


def _run(kernel: Kernel, size: int, arguments: tuple[object, ...]) -> None:
    run(kernel, arguments, equal_shares(-(-size // STRIP), size > SMALL))
