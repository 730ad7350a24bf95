"""gelu: the input times its share of a normal distribution, or an approximation of it."""

import numpy as np
import pytest
from layers.activations import check, check_with_onnx, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name Approximation"
EXAMPLES = (
    Example("gelu"),
    Example("gelu: {Approximation: tanh}"),
    Example("gelu", (IMAGES,)),
    Example("gelu: {Approximation: tanh}", (ONCE,)),
)
TANH = "gelu: {Approximation: tanh}"


@pytest.mark.parametrize(("text", "name"), [("gelu", "gelu"), (TANH, "gelu_tanh")])
def test_the_formula(text, name):
    check(text, name)


@pytest.mark.parametrize(("text", "approximate"), [("gelu", "none"), (TANH, "tanh")])
def test_the_operator_of_onnx(text, approximate):
    check_with_onnx(text, "Gelu", opset=20, approximate=approximate)


def test_the_approximation_is_near_but_not_the_same():
    x = np.linspace(-4, 4, 801, dtype=np.float32)[None]
    difference = np.abs(pass_through("gelu", x)[0] - pass_through(TANH, x)[0]).max()
    assert 1e-4 < difference < 1e-3


@pytest.mark.parametrize("text", ["gelu", TANH])
def test_its_ends(text):
    y, dx = pass_through(text, np.array([[-3e38, -50, 0, 50, 3e38]], np.float32))
    assert y.tolist() == [[0, 0, 0, 50, np.float32(3e38)]]
    assert dx.tolist() == [[0, 0, 0.5, 1, 1]]


def test_it_is_listed_as_in_matlab():
    layer = layer_of("gelu")
    assert (layer.name, layer.type_text, layer.describe()) == ("gelu", "GELU", "GELU")
