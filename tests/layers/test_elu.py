"""elu: an exponential for negative inputs."""

import numpy as np
import pytest
from layers.activations import check, check_with_onnx, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name Alpha"
EXAMPLES = (
    Example("elu"),
    Example("elu: 2", (IMAGES,)),
    Example("elu: {Alpha: -0.5}", (ONCE,)),
)


@pytest.mark.parametrize(("text", "alpha"), [("elu", 1), ("elu: 0.3", 0.3), ("elu: -2", -2)])
def test_the_formula(text, alpha):
    check(text, "elu", alpha)


def test_the_operator_of_onnx():
    check_with_onnx("elu: 1.5", "Elu", alpha=1.5)


def test_its_ends_and_what_is_near_zero():
    y, dx = pass_through("elu: 2", np.array([[-1000, -1e-6, 0, 5]], np.float32))
    np.testing.assert_allclose(y, [[-2, 2 * np.expm1(-1e-6), 0, 5]], rtol=2e-7)
    np.testing.assert_allclose(dx, [[0, 2 * np.exp(-1e-6), 1, 1]], rtol=2e-7)


def test_it_is_listed_as_in_matlab():
    layer = layer_of("elu")
    assert (layer.name, layer.type_text, layer.describe()) == ("elu", "ELU", "ELU with Alpha 1")
