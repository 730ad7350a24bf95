"""depthConcatenation: the channels of the inputs one behind the other."""

import numpy as np
import pytest
from layers.example import IMAGES, ONCE, VECTORS
from layers.joining import join, joining, normal
from layers.test_sequence_folding import fault_of

from lstmcli.layers.depth_concatenation import DepthConcatenation

PROPERTIES = "Name NumInputs"
REQUIRED = ("NumInputs: 2",)
EXAMPLES = (
    joining("depthConcatenation: {NumInputs: 2, inputs: [b, a]}", VECTORS),
    joining("depthConcatenation: {NumInputs: 3, inputs: [a, b, b]}", IMAGES, 3),
    joining("depthConcatenation: {NumInputs: 2, inputs: [a, b]}", ONCE),
)


@pytest.mark.parametrize("shape", [(3,), (6, 3), (3, 4, 5), (6, 3, 4, 5)])
def test_channels_are_joined_and_their_gradients_parted(shape):
    arrays = [normal(*shape, channels) for channels in (4, 1, 17)]
    y, gradients = join(DepthConcatenation(num_inputs=3, name="joined"), *arrays)
    assert y.tobytes() == np.concatenate(arrays, axis=-1).tobytes()
    assert [dx.tobytes() for dx in gradients(y)] == [x.tobytes() for x in arrays]


def test_height_and_width_agree():
    fault = fault_of(
        "sequenceInput: {InputSize: [5, 4, 2], Name: a}, sequenceInput: {InputSize: [5, 3, 1], Name: b}, "
        "depthConcatenation: {NumInputs: 2, inputs: [a, b]}, flatten, regression"
    )
    assert fault.message == (
        "`in2` of depthConcatenation `depthcat` takes images 4 wide, as `in1`, "
        "but sequenceInput `b` gives 5-by-3 images of 1 channel"
    )


def test_it_is_listed_as_in_matlab():
    layer = DepthConcatenation(num_inputs=2, name="joined")
    listed = (layer.stem, layer.type_text, layer.describe())
    assert listed == ("depthcat", "Depth concatenation", "Depth concatenation of 2 inputs")
