"""sigmoid: the logistic function of every element."""

import numpy as np
from layers.activations import check, check_with_onnx, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name"
EXAMPLES = (Example("sigmoid"), Example("sigmoid", (IMAGES,)), Example("sigmoid", (ONCE,)))


def test_the_formula():
    check("sigmoid", "sigmoid")


def test_the_operator_of_onnx():
    check_with_onnx("sigmoid", "Sigmoid")


def test_its_ends():
    y, dx = pass_through("sigmoid", np.array([[-np.inf, 0, 30, np.inf]], np.float32))
    np.testing.assert_allclose(y, [[0, 0.5, 1, 1]], rtol=0, atol=1e-37)
    np.testing.assert_allclose(dx, [[0, 0.25, 0, 0]], rtol=0, atol=1e-37)


def test_it_is_listed_as_in_matlab():
    layer = layer_of("sigmoid")
    assert (layer.name, layer.type_text, layer.describe()) == ("sigmoid", "Sigmoid", "sigmoid")
