"""multiplication: the product of inputs that agree in size."""

import naive
import numpy as np
import pytest
from layers.example import IMAGES, ONCE, VECTORS
from layers.joining import join, joining, normal
from layers.test_sequence_folding import fault_of

from lstmcli.layers.multiplication import Multiplication

PROPERTIES = "Name NumInputs"
REQUIRED = ("NumInputs: 2",)
EXAMPLES = (
    joining("multiplication: {NumInputs: 2, inputs: [b, a]}", VECTORS),
    joining("multiplication: {NumInputs: 4, inputs: [b, a, b, a]}", VECTORS, 4),
    joining("multiplication: {NumInputs: 2, inputs: [a, b]}", IMAGES),
    joining("multiplication: {NumInputs: 3, inputs: [a, b, a]}", ONCE, 3),
)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_product_and_its_gradients(count):
    arrays = [normal(5, 3, 4, seed=k) for k in range(count)]
    y, gradients = join(Multiplication(num_inputs=count, name="product"), *arrays)
    exact = [x.astype(np.float64) for x in arrays]
    np.testing.assert_allclose(y, np.prod(exact, axis=0), rtol=0, atol=2e-6)
    dy = normal(5, 3, 4, seed=9)
    for dx, want in zip(gradients(dy), naive.multiply_backward(exact, dy), strict=True):
        np.testing.assert_allclose(dx, want, rtol=0, atol=5e-6)


def test_a_gate_of_zeros_stops_what_it_multiplies():
    x, gate = normal(5, 3, 4), np.zeros((5, 3, 4), np.float32)
    y, gradients = join(Multiplication(num_inputs=2, name="gate"), x, gate)
    assert (y == 0).all()
    dx, dgate = gradients(np.ones_like(x))
    assert (dx == 0).all()
    assert (dgate == x).all()


def test_inputs_have_one_size():
    fault = fault_of(
        "sequenceInput: {InputSize: 4, Name: a}, fullyConnected: {OutputSize: 1, Name: b}, "
        "multiplication: {NumInputs: 2, inputs: [a, b]}, regression"
    )
    assert fault.message == (
        "`in2` of multiplication `multiplication` takes 4 channels, as `in1`, "
        "but fullyConnected `b` gives 1 channel"
    )


def test_it_is_listed_as_in_matlab():
    layer = Multiplication(num_inputs=2, name="product")
    listed = (layer.stem, layer.type_text, layer.describe())
    assert listed == ("multiplication", "Multiplication", "Element-wise multiplication of 2 inputs")
