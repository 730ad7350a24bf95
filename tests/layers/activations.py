"""Activation layers to test: what they answer, their slopes, and ONNX Runtime's answer."""

import naive
import numpy as np
import onnxruntime
from layers.networks import build
from onnx import TensorProto, helper

from lstmcli.layers.layer import Mode
from lstmcli.records import Signal

SHAPES = [(5, 3, 4), (3, 21), (2, 3, 4, 5, 2), (3, 4, 5, 2)]
"""Vectors and images, with and without a time axis."""


def layer_of(text):
    """The layer of this text."""
    return build(f"sequenceInput: 4, {text}, regression").graph.nodes[1].layer


def pass_through(text, x):
    """y and dy/dx of a layer for an array x of any shape that layers take."""
    layer, steps = layer_of(text), np.zeros(len(x), np.int32)
    result = layer.forward({}, (Signal(x, steps, steps),), (), Mode())
    (dx,) = layer.backward({}, result.saved, (np.ones_like(x),), need_dx=True).dxs
    return result.outputs[0].data.copy(), dx.copy()


def check(text, name, a=0.0):
    """Asserts that values and slopes are those of the formula with the number a, for every shape."""
    value, slope = naive.ELEMENTWISE[name]
    for shape in SHAPES:
        x = (3 * np.random.default_rng(0).standard_normal(shape)).astype(np.float32)
        y, dx = pass_through(text, x)
        assert y.shape == dx.shape == shape
        np.testing.assert_allclose(y, value(x.astype(np.float64), a), rtol=0, atol=2e-6)
        np.testing.assert_allclose(dx, slope(x.astype(np.float64), a), rtol=0, atol=2e-6)


def check_with_onnx(text, operator, opset=14, **attributes):
    """Asserts that values are those of an operator of ONNX Runtime."""
    x = (3 * np.random.default_rng(1).standard_normal((40, 6, 7))).astype(np.float32)
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape) for name in "xy"]
    graph = helper.make_graph([node], "operator", ends[:1], ends[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (want,) = session.run(["y"], {"x": x})
    np.testing.assert_allclose(pass_through(text, x)[0], want, rtol=0, atol=2e-6)
