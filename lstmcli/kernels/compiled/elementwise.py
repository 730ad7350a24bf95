"""Activation functions of layers, and what they do to a gradient; see `elementwise`.

Each is a pair: y = f(x, a), and dx = f'(x) dy from dy, x or y, and a, where a is the function's number if it
has one.
"""

import math

from lstmcli.kernels.compiled import jit
from lstmcli.kernels.compiled.activations import HALF, ONE, ZERO, exponential, sigmoid, tanh
from lstmcli.kernels.compiled.special_functions import (
    exponential_less_one,
    like,
    logarithm_of_one_more,
    normal_distribution,
)
from lstmcli.kernels.compiled.vectors import fma, lanes, load, load_part, magnitude, store, store_part, where
from lstmcli.kernels.elementwise import STRIP

# v(x) = 2 sqrt(2/pi) (x + 0.044715 x^3) (Hendrycks, Gimpel 2016), of which tanh is taken at half.
CUBIC = 0.044715
ROOT = 2 * math.sqrt(2 / math.pi)
BELL = 1 / math.sqrt(2 * math.pi)
# Beyond it nothing changes, and v is not too large for a float32 yet.
GELU_LIMIT = 1e6


@jit(inline=True)
def _relu(x, a):  # type: ignore[no-untyped-def]
    return where(x < ZERO, ZERO, x)


@jit(inline=True)
def _relu_gradient(dy, y, a):  # type: ignore[no-untyped-def]
    # Where dx is 0, so is y: a constant 0 has dy loaded under a mask, which takes half as long again.
    return where(y <= ZERO, y, dy)


@jit(inline=True)
def _leaky_relu(x, a):  # type: ignore[no-untyped-def]
    return where(x < ZERO, a * x, x)


@jit(inline=True)
def _leaky_relu_gradient(dy, x, a):  # type: ignore[no-untyped-def]
    return where(x < ZERO, a * dy, dy)


@jit(inline=True)
def _clipped_relu(x, a):  # type: ignore[no-untyped-def]
    return where(x < ZERO, ZERO, where(x > a, a, x))


@jit(inline=True)
def _clipped_relu_gradient(dy, y, a):  # type: ignore[no-untyped-def]
    # Zeros that are no constants, as in `_relu_gradient`.
    return where(y <= ZERO, y, where(y >= a, a - y, dy))


@jit(inline=True)
def _elu(x, a):  # type: ignore[no-untyped-def]
    return where(x < ZERO, a * exponential_less_one(x), x)


@jit(inline=True)
def _elu_gradient(dy, x, a):  # type: ignore[no-untyped-def]
    return where(x < ZERO, a * exponential(x) * dy, dy)


@jit(inline=True)
def _gelu(x, a):  # type: ignore[no-untyped-def]
    return x * normal_distribution(x)


@jit(inline=True)
def _gelu_gradient(dy, x, a):  # type: ignore[no-untyped-def]
    bell = like(x, BELL) * exponential(-HALF * x * x)
    return dy * fma(x, bell, normal_distribution(x))


@jit(inline=True)
def _gelu_tanh(x, a):  # type: ignore[no-untyped-def]
    return x * _logistic(_cubic(x)[0])[0]


@jit(inline=True)
def _gelu_tanh_gradient(dy, x, a):  # type: ignore[no-untyped-def]
    v, slope = _cubic(x)
    s, rest = _logistic(v)
    return dy * fma(x * (s * rest), slope, s)


@jit(inline=True)
def _cubic(x):  # type: ignore[no-untyped-def]
    """v and dv/dx."""
    most = like(x, GELU_LIMIT)
    x = where(x > most, most, where(x < -most, -most, x))
    scaled, square = like(x, ROOT) * x, like(x, CUBIC) * x * x
    return fma(scaled, square, scaled), fma(like(x, 3 * ROOT), square, like(x, ROOT))


@jit(inline=True)
def _swish(x, a):  # type: ignore[no-untyped-def]
    return x * _logistic(x)[0]


@jit(inline=True)
def _swish_gradient(dy, x, a):  # type: ignore[no-untyped-def]
    s, rest = _logistic(x)
    return dy * fma(x * s, rest, s)


@jit(inline=True)
def _logistic(x):  # type: ignore[no-untyped-def]
    """s = 1 / (1 + exp(-x)) and 1 - s, the digits of both where they are small."""
    e = exponential(-magnitude(x))
    larger = ONE / (ONE + e)
    smaller = e * larger
    return where(x < ZERO, smaller, larger), where(x < ZERO, larger, smaller)


@jit(inline=True)
def _tanh(x, a):  # type: ignore[no-untyped-def]
    return tanh(x)


@jit(inline=True)
def _tanh_gradient(dy, y, a):  # type: ignore[no-untyped-def]
    return dy * fma(-y, y, ONE)


@jit(inline=True)
def _sigmoid(x, a):  # type: ignore[no-untyped-def]
    return sigmoid(x)


@jit(inline=True)
def _sigmoid_gradient(dy, y, a):  # type: ignore[no-untyped-def]
    return dy * (y * (ONE - y))


@jit(inline=True)
def _softplus(x, a):  # type: ignore[no-untyped-def]
    return where(x < ZERO, ZERO, x) + logarithm_of_one_more(exponential(-magnitude(x)))


@jit(inline=True)
def _softplus_gradient(dy, x, a):  # type: ignore[no-untyped-def]
    return dy * sigmoid(x)


def _forward(value):  # type: ignore[no-untyped-def]
    @jit
    def forward(x, a, y, first, last):  # type: ignore[no-untyped-def]
        begin, end, number = first * STRIP, min(last * STRIP, x.size), x.dtype.type(a)
        whole = end - (end - begin) % lanes(x)
        for k in range(begin, whole, lanes(x)):
            store(y, k, value(load(x, k), number))
        if whole < end:
            count = end - whole
            store_part(y, whole, count, value(load_part(x, whole, count), number))

    return forward


def _backward(gradient):  # type: ignore[no-untyped-def]
    @jit
    def backward(kept, a, dy, dx, first, last):  # type: ignore[no-untyped-def]
        begin, end, number = first * STRIP, min(last * STRIP, dy.size), dy.dtype.type(a)
        whole = end - (end - begin) % lanes(dy)
        for k in range(begin, whole, lanes(dy)):
            store(dx, k, gradient(load(dy, k), load(kept, k), number))
        if whole < end:
            count = end - whole
            d, s = load_part(dy, whole, count), load_part(kept, whole, count)
            store_part(dx, whole, count, gradient(d, s, number))

    return backward


relu_forward, relu_backward = _forward(_relu), _backward(_relu_gradient)
leaky_relu_forward, leaky_relu_backward = _forward(_leaky_relu), _backward(_leaky_relu_gradient)
clipped_relu_forward, clipped_relu_backward = _forward(_clipped_relu), _backward(_clipped_relu_gradient)
elu_forward, elu_backward = _forward(_elu), _backward(_elu_gradient)
gelu_forward, gelu_backward = _forward(_gelu), _backward(_gelu_gradient)
gelu_tanh_forward, gelu_tanh_backward = _forward(_gelu_tanh), _backward(_gelu_tanh_gradient)
swish_forward, swish_backward = _forward(_swish), _backward(_swish_gradient)
tanh_forward, tanh_backward = _forward(_tanh), _backward(_tanh_gradient)
sigmoid_forward, sigmoid_backward = _forward(_sigmoid), _backward(_sigmoid_gradient)
softplus_forward, softplus_backward = _forward(_softplus), _backward(_softplus_gradient)
