"""Fully connected layer: y = W x + b for every row x, each row on its own."""

import numpy as np

from lstmcli.kernels import contiguous
from lstmcli.kernels.product import multiply, multiply_transposed, pack
from lstmcli.records import Array


def fully_connected_forward(x: Array, W: Array, b: Array) -> Array:
    """y[N, O] = x W' + b for x[N, I], W[O, I], b[O]."""
    y = np.empty((len(x), len(W)), x.dtype)
    multiply(contiguous(x), pack(W.T), contiguous(b), y)
    return y


def fully_connected_backward(
    x: Array, W: Array, dy: Array, need_dx: bool
) -> tuple[Array | None, Array, Array]:
    """dx = dy W (None unless needed), dW = dy' x, db = sum of the rows of dy[N, O]."""
    dy = contiguous(dy)
    dx = None
    if need_dx:
        dx = np.empty(x.shape, x.dtype)
        multiply(dy, pack(W), np.zeros(x.shape[1], x.dtype), dx)
    panels = pack(x)
    dpanels = np.zeros((len(panels), *W.shape[:1], panels.shape[2]), x.dtype)
    multiply_transposed(dy, panels, dpanels)
    dW = dpanels.transpose(1, 0, 2).reshape(len(W), -1)[:, : W.shape[1]].copy()
    return dx, dW, dy.sum(axis=0)
