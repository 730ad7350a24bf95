"""What the tests of convolution1d and convolution2d have in common."""

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

PROPERTIES = """Name FilterSize NumFilters Stride DilationFactor Padding PaddingValue NumChannels
    WeightsInitializer BiasInitializer Weights Bias
    WeightLearnRateFactor BiasLearnRateFactor WeightL2Factor BiasL2Factor"""
REQUIRED = ("FilterSize: 3", "NumFilters: 2")
TOLERANCE = 2e-6
FILLINGS = {
    "0.5": {"mode": "constant", "constant_values": 0.5},
    "replicate": {"mode": "edge"},
    "symmetric-include-edge": {"mode": "symmetric"},
    "symmetric-exclude-edge": {"mode": "reflect"},
}
"""Values of PaddingValue, as NumPy's `pad` has them."""


def same(size, stride, dilation, length):
    """The padding before and after so many elements that makes ceil(length / stride) windows."""
    total = max(0, (-(-length // stride) - 1) * stride + (size - 1) * dilation + 1 - length)
    return total // 2, total - total // 2


def onnx_convolution(x, W, b, strides, dilations, pads):
    """ONNX Runtime's Conv of x[n, C, ...] with W[N, C, ...]; pads : all befores, then all afters."""
    operator = helper.make_node(
        "Conv", ["x", "W", "b"], ["y"], strides=strides, dilations=dilations, pads=pads
    )
    x_info, y_info = (helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "xy")
    constants = [
        numpy_helper.from_array(np.ascontiguousarray(array), name) for array, name in ((W, "W"), (b, "b"))
    ]
    graph = helper.make_graph([operator], "convolution", [x_info], [y_info], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=7)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (y,) = session.run(["y"], {"x": np.ascontiguousarray(x)})
    return y
