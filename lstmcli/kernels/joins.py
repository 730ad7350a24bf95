"""Arrays joined: added, multiplied, put side by side, and the gradients. Threads divide elements or rows."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from lstmcli.kernels import contiguous
from lstmcli.kernels.kernel import Kernel, addresses
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.threads import equal_shares, run
from lstmcli.records import Array

ADD, MULTIPLY = Kernel("joins", "add"), Kernel("joins", "multiply")
MULTIPLY_BACKWARD = Kernel("joins", "multiply_backward")
CONCATENATE, SPLIT = Kernel("joins", "concatenate"), Kernel("joins", "split")
Arrays = Sequence[Array]
STRIP = 1024
"""Elements that one thread works on, one array after the other, while its cache holds them."""
SMALL = 2**14
"""Elements that one thread joins sooner than it could wake another."""


def add(xs: Arrays, memory: Memory) -> Array:
    """y = ((x1 + x2) + x3) + ... of at least two arrays of one shape."""
    return _elementwise(ADD, xs, memory)


def multiply(xs: Arrays, memory: Memory) -> Array:
    """y = ((x1 x2) x3) ... of at least two arrays of one shape."""
    return _elementwise(MULTIPLY, xs, memory)


def multiply_backward(xs: Arrays, dy: Array, memory: Memory) -> tuple[Array, ...]:
    """dx_k = dy times all x but x_k; nothing is divided, so that zeros do no harm."""
    xs = [contiguous(x) for x in xs]
    dxs = tuple([memory.take(f"dx{k}", dy.shape, dy.dtype) for k in range(len(xs))])
    arguments = (addresses(xs), addresses(dxs), contiguous(dy).reshape(-1))
    run(MULTIPLY_BACKWARD, arguments, equal_shares(-(-dy.size // STRIP), dy.size > SMALL))
    return dxs


def concatenate(xs: Arrays, memory: Memory) -> Array:
    """y[N, K1 + K2 + ...] of x1[N, K1], x2[N, K2] and so on."""
    xs = [contiguous(x) for x in xs]
    edges = _edges([x.shape[1] for x in xs])
    y: Array = memory.take("y", (len(xs[0]), edges.item(-1)), xs[0].dtype)
    run(CONCATENATE, (addresses(xs), edges, y), equal_shares(len(y), y.size > SMALL))
    return y


def split(y: Array, widths: Sequence[int], memory: Memory) -> tuple[Array, ...]:
    """x1[N, K1], x2[N, K2] and so on of y[N, K1 + K2 + ...]; widths : K1, K2 ..."""
    xs = tuple([memory.take(f"dx{k}", (len(y), width), y.dtype) for k, width in enumerate(widths)])
    run(SPLIT, (addresses(xs), _edges(widths), contiguous(y)), equal_shares(len(y), y.size > SMALL))
    return xs


def _elementwise(kernel: Kernel, xs: Arrays, memory: Memory) -> Array:
    xs = [contiguous(x) for x in xs]
    assert all(x.shape == xs[0].shape for x in xs)
    y: Array = memory.take("y", xs[0].shape, xs[0].dtype)
    run(kernel, (addresses([*xs, y]), y.reshape(-1)), equal_shares(-(-y.size // STRIP), y.size > SMALL))
    return y


def _edges(widths: Sequence[int]) -> NDArray[np.int64]:
    """Where each of the arrays begins in a row, and the last one ends."""
    return np.array([*accumulate(widths, initial=0)], np.int64)
