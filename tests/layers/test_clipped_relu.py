"""clippedRelu: between 0 and a ceiling."""

import numpy as np
import pytest
from layers.activations import check, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name Ceiling"
REQUIRED = ("Ceiling: 1.5",)
EXAMPLES = (
    Example("clippedRelu: 0.7"),
    Example("clippedRelu: 1", (IMAGES,)),
    Example("clippedRelu: {Ceiling: 0.5}", (ONCE,)),
)


@pytest.mark.parametrize("ceiling", [0.25, 1, 6])
def test_the_formula(ceiling):
    check(f"clippedRelu: {ceiling}", "clipped_relu", ceiling)


def test_there_is_no_slope_at_the_ends():
    y, dx = pass_through("clippedRelu: 2", np.array([[-1, 0, 1, 2, 3]], np.float32))
    assert y.tolist() == [[0, 0, 1, 2, 2]]
    assert dx.tolist() == [[0, 0, 1, 0, 0]]


def test_it_is_listed_as_in_matlab():
    layer = layer_of("clippedRelu: 10")
    listed = (layer.name, layer.type_text, layer.describe())
    assert listed == ("clippedrelu", "Clipped ReLU", "Clipped ReLU with ceiling 10")
