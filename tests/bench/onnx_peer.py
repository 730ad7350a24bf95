"""A network of ours, with its weights, as an ONNX graph that ONNX Runtime predicts with."""

from collections.abc import Callable
from typing import Any

import numpy as np
from bench.shapes import Observations, Shape
from oracle import onnx_networks as onnx

from lstmcli.graph import Network


def onnx_peer(
    shape: Shape, observations: Observations, network: Network, threads: int
) -> Callable[[], object]:
    """A prediction: mini-batch put together, then what the network answers."""
    builder, signal = onnx.Builder(), "x"
    for node in network.graph.nodes:
        layer: Any = node.layer
        weights = network.weights[node.name]
        if layer.word in onnx.RECURRENT:
            add = onnx.RECURRENT[layer.word]
            every, last, *_ = add(builder, signal, layer, weights, shape.B, masked=False)
            signal = last if shape.last else every
        elif layer.word == "fullyConnected":
            signal = onnx.fully_connected(builder, signal, weights)
        elif layer.word == "softmax":
            signal = onnx.softmax(builder, signal)
    session = builder.session((shape.T, shape.B, shape.C), [signal], masked=False, threads=threads)
    xs = np.split(observations.values, shape.B)

    def predict() -> object:
        return session.run([signal], {"x": np.stack(xs, axis=1)})[0]

    return predict
