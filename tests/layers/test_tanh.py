"""tanh: the hyperbolic tangent of every element."""

import numpy as np
from layers.activations import check, check_with_onnx, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name"
EXAMPLES = (Example("tanh"), Example("tanh", (IMAGES,)), Example("tanh", (ONCE,)))


def test_the_formula():
    check("tanh", "tanh")


def test_the_operator_of_onnx():
    check_with_onnx("tanh", "Tanh")


def test_its_ends():
    y, dx = pass_through("tanh", np.array([[-np.inf, -30, 0, 30, np.inf]], np.float32))
    assert y.tolist() == [[-1, -1, 0, 1, 1]]
    assert dx.tolist() == [[0, 0, 1, 0, 0]]


def test_it_is_listed_as_in_matlab():
    layer = layer_of("tanh")
    assert (layer.name, layer.type_text, layer.describe()) == ("tanh", "Tanh", "Hyperbolic tangent")
