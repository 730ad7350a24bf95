"""concatenation: inputs side by side along one of MATLAB's dimensions."""

import numpy as np
import pytest
from layers.example import IMAGES, ONCE, VECTORS
from layers.joining import join, joining, normal
from layers.networks import build
from layers.test_sequence_folding import fault_of

from lstmcli.layers.concatenation import Concatenation

PROPERTIES = "Name Dim NumInputs"
REQUIRED = ("Dim: 1", "NumInputs: 2")
EXAMPLES = (
    joining("concatenation: {Dim: 1, NumInputs: 2, inputs: [b, a]}", VECTORS),
    joining("concatenation: {Dim: 1, NumInputs: 3, inputs: [b, a, b]}", ONCE, 3),
    joining("concatenation: {Dim: 1, NumInputs: 2, inputs: [a, b]}", IMAGES),
    joining("concatenation: {Dim: 2, NumInputs: 3, inputs: [a, b, b]}", IMAGES, 3),
    joining("concatenation: {Dim: 3, NumInputs: 2, inputs: [a, b]}", IMAGES),
)


def side_by_side(dim, *arrays):
    return join(Concatenation(dim=dim, num_inputs=len(arrays), name="joined"), *arrays)


@pytest.mark.parametrize("steps", [(), (6,)])
def test_channels_of_vectors(steps):
    arrays = [normal(*steps, 3, channels) for channels in (4, 1, 17)]
    y, gradients = side_by_side(1, *arrays)
    assert y.tobytes() == np.concatenate(arrays, axis=-1).tobytes()
    assert [dx.tobytes() for dx in gradients(y)] == [x.tobytes() for x in arrays]


@pytest.mark.parametrize("steps", [(), (6,)])
@pytest.mark.parametrize("dim", [1, 2, 3])
def test_dimensions_of_images_are_counted_as_in_matlab(dim, steps):
    """[h, w, C] there, [w, h, C] here."""
    sizes = [[5, 4, 2], [5, 4, 2]]
    sizes[1][dim - 1] = 3
    matlab = [normal(*steps, 2, *size) for size in sizes]
    want = np.concatenate(matlab, axis=dim - 4)
    here = [np.ascontiguousarray(np.swapaxes(x, -3, -2)) for x in matlab]
    y, gradients = side_by_side(dim, *here)
    assert y.tobytes() == np.ascontiguousarray(np.swapaxes(want, -3, -2)).tobytes()
    assert [dx.tobytes() for dx in gradients(y)] == [x.tobytes() for x in here]


@pytest.mark.parametrize(("dim", "spatial", "channels"), [(1, (10, 4), 2), (2, (5, 8), 2), (3, (5, 4), 4)])
def test_sizes_of_images(dim, spatial, channels):
    network = build(joining(f"concatenation: {{Dim: {dim}, NumInputs: 2, inputs: [a, b]}}", IMAGES).layers)
    (size,) = network.graph.nodes[2].sizes_out
    assert (size.spatial, size.channels) == (spatial, channels)


def test_arguments_are_in_the_order_of_matlab():
    layers = "sequenceInput: {InputSize: 4, Name: a}, concatenation: [1, 2], regression"
    fault = fault_of(layers)
    assert fault.message == "no output goes to `in2` of concatenation `concat`"


def fault_of_dim(dim, first, second="relu: {Name: b}"):
    return fault_of(
        f"sequenceInput: {{InputSize: {first}, Name: a}}, {second}, "
        f"concatenation: {{Dim: {dim}, NumInputs: 2, inputs: [a, b]}}, flatten, regression"
    )


def test_dimensions_that_are_not_there():
    fault = fault_of_dim(3, 4)
    assert fault.message == (
        "`in1` of concatenation `concat` has `Dim` 3, but sequenceInput `a` gives 4 channels"
    )
    assert fault.help == "of vectors, `Dim` 1 joins the channels; no layer joins observations or time steps"
    fault = fault_of_dim(4, "[5, 4, 2]")
    assert fault.message.endswith("has `Dim` 4, but sequenceInput `a` gives 5-by-4 images of 2 channels")
    assert fault.help == "images have the dimensions 1, 2 and 3: height, width and channels"


@pytest.mark.parametrize(
    ("dim", "other", "wanted"),
    [
        (1, "[5, 3, 2]", "images 4 wide"),
        (2, "[6, 4, 2]", "images 5 high"),
        (3, "[6, 4, 2]", "images 5 high"),
        (2, "[5, 4, 3]", "2 channels"),
    ],
)
def test_the_other_dimensions_agree(dim, other, wanted):
    fault = fault_of_dim(dim, "[5, 4, 2]", f"sequenceInput: {{InputSize: {other}, Name: b}}")
    assert fault.message.startswith(f"`in2` of concatenation `concat` takes {wanted}, as `in1`, but")


def test_it_is_listed_as_in_matlab():
    layer = Concatenation(dim=3, num_inputs=2, name="joined")
    listed = (layer.stem, layer.type_text, layer.describe())
    assert listed == ("concat", "Concatenation", "Concatenation of 2 inputs along dimension 3")
