"""softplus: log(1 + exp(x)), where exp would overflow, too."""

import numpy as np
from layers.activations import check, check_with_onnx, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name"
EXAMPLES = (Example("softplus"), Example("softplus", (IMAGES,)), Example("softplus", (ONCE,)))


def test_the_formula():
    check("softplus", "softplus")


def test_the_operator_of_onnx():
    check_with_onnx("softplus", "Softplus")


def test_large_arguments():
    y, dx = pass_through("softplus", np.array([[-3e38, -50, 0, 50, 3e38]], np.float32))
    np.testing.assert_allclose(y, [[0, np.exp(-50), np.log(2), 50, 3e38]], rtol=3e-6)
    np.testing.assert_allclose(dx, [[0, np.exp(-50), 0.5, 1, 1]], rtol=3e-6, atol=1e-37)


def test_it_is_listed_as_in_matlab():
    layer = layer_of("softplus")
    assert (layer.name, layer.type_text, layer.describe()) == ("softplus", "Softplus", "softplus")
