"""relu: max(0, x) of every element."""

import numpy as np
from layers.activations import check, check_with_onnx, layer_of, pass_through
from layers.example import FRAMES, IMAGES, ONCE, Example

PROPERTIES = "Name"
EXAMPLES = (
    Example("relu"),
    Example("relu", (IMAGES,)),
    Example("relu", (FRAMES,)),
    Example("relu", (ONCE,)),
)


def test_the_formula():
    check("relu", "relu")


def test_the_operator_of_onnx():
    check_with_onnx("relu", "Relu")


def test_zero_is_the_end_of_what_has_no_slope():
    y, dx = pass_through("relu", np.array([[-1, -0.0, 0, 1e-30, 2]], np.float32))
    assert y.tolist() == [[0, 0, 0, np.float32(1e-30), 2]]
    assert dx.tolist() == [[0, 0, 0, 1, 1]]


def test_it_is_listed_as_in_matlab():
    layer = layer_of("relu")
    assert (layer.name, layer.type_text, layer.describe()) == ("relu", "ReLU", "ReLU")
