"""leakyRelu: negative inputs times a scale."""

import numpy as np
import pytest
from layers.activations import check, check_with_onnx, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name Scale"
EXAMPLES = (
    Example("leakyRelu"),
    Example("leakyRelu: 0.2", (IMAGES,)),
    Example("leakyRelu: {Scale: -0.5}", (ONCE,)),
)


@pytest.mark.parametrize(
    ("text", "scale"), [("leakyRelu", 0.01), ("leakyRelu: 0.3", 0.3), ("leakyRelu: -2", -2)]
)
def test_the_formula(text, scale):
    check(text, "leaky_relu", scale)


def test_the_operator_of_onnx():
    check_with_onnx("leakyRelu: 0.1", "LeakyRelu", alpha=0.1)


def test_special_scales():
    x = np.array([[-2, -0.5, 0, 3]], np.float32)
    assert pass_through("leakyRelu: 1", x)[0].tolist() == x.tolist()
    assert pass_through("leakyRelu: 0", x)[0].tolist() == pass_through("relu", x)[0].tolist()
    assert pass_through("leakyRelu: 0.5", x)[1].tolist() == [[0.5, 0.5, 1, 1]]


def test_it_is_listed_as_in_matlab():
    layer = layer_of("leakyRelu")
    listed = (layer.name, layer.type_text, layer.describe())
    assert listed == ("leakyrelu", "Leaky ReLU", "Leaky ReLU with scale 0.01")
