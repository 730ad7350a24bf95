"""Layers with several inputs to test: networks around them, and what they answer."""

import numpy as np
from layers.example import IMAGES, ONCE, VECTORS, Example

from lstmcli.layers.layer import Mode
from lstmcli.records import Signal

_LAST = "lstm: {NumHiddenUnits: 2, OutputMode: last}, fullyConnected: 2, regression"
_AROUND = {
    VECTORS: ("sequenceInput: {InputSize: 4, Name: a}, fullyConnected: {OutputSize: 4, Name: b}", _LAST),
    IMAGES: (
        "sequenceInput: {InputSize: [5, 4, 2], Name: a}, tanh: {Name: b}",
        f"fullyConnected: 3, {_LAST}",
    ),
    ONCE: (
        "sequenceInput: 4, lstm: {NumHiddenUnits: 4, OutputMode: last, Name: a}, tanh: {Name: b}",
        "fullyConnected: 2, regression",
    ),
}


def joining(text, size, inputs=2):
    """An example of a layer that takes `a`, `b` or both more than once, all of this size."""
    before, after = _AROUND[size]
    return Example(text, (size,) * inputs, network=f"{before}, {{}}, {after}")


def join(layer, *arrays):
    """The layer's answer to these arrays, and a function from dy to their gradients."""
    steps = np.zeros(arrays[0].shape[1], np.int32)
    result = layer.forward({}, tuple(Signal(x, steps, steps) for x in arrays), (), Mode())

    def gradients(dy):
        return layer.backward({}, result.saved, (dy,), need_dx=True).dxs

    return result.outputs[0].data, gradients


def normal(*shape, seed=0, dtype=np.float32):
    """Standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)
