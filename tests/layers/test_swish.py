"""swish: the input times its sigmoid."""

import numpy as np
from layers.activations import check, layer_of, pass_through
from layers.example import IMAGES, ONCE, Example

PROPERTIES = "Name"
EXAMPLES = (Example("swish"), Example("swish", (IMAGES,)), Example("swish", (ONCE,)))


def test_the_formula():
    check("swish", "swish")


def test_it_is_the_input_times_the_sigmoid():
    x = np.linspace(-20, 20, 401, dtype=np.float32)[None]
    np.testing.assert_allclose(pass_through("swish", x)[0], x * pass_through("sigmoid", x)[0], rtol=5e-7)


def test_its_ends():
    y, dx = pass_through("swish", np.array([[-3e38, -200, 0, 200, 3e38]], np.float32))
    assert y.tolist() == [[0, 0, 0, 200, np.float32(3e38)]]
    assert dx.tolist() == [[0, 0, 0.5, 1, 1]]


def test_it_is_listed_as_in_matlab():
    layer = layer_of("swish")
    assert (layer.name, layer.type_text, layer.describe()) == ("swish", "Swish", "Swish")
