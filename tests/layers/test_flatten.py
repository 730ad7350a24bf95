"""flatten: images as vectors in the order of MATLAB's memory."""

import numpy as np
import pytest
from layers.example import FRAMES, IMAGES, ONCE, VECTORS, Example
from layers.joining import join, normal
from layers.networks import answers, build, random_sequences

from lstmcli.layers.flatten import Flatten

PROPERTIES = "Name"
EXAMPLES = (
    Example("flatten", (IMAGES,)),
    Example("flatten", (FRAMES,)),
    Example("flatten", (VECTORS,)),
    Example("flatten", (ONCE,)),
)


@pytest.mark.parametrize("steps", [(), (6,)])
@pytest.mark.parametrize("channels", [1, 3])
def test_numbers_run_along_the_height_first(steps, channels):
    """[h, w, C] in MATLAB's order of memory is what its (:) gives."""
    matlab = normal(*steps, 2, 5, 4, channels)
    want = np.stack([image.ravel(order="F") for image in matlab.reshape(-1, 5, 4, channels)])
    x = np.ascontiguousarray(np.swapaxes(matlab, -3, -2))
    y, gradients = join(Flatten(name="flatten"), x)
    assert y.shape == (*steps, 2, 20 * channels)
    assert y.reshape(-1, 20 * channels).tobytes() == want.tobytes()
    (dx,) = gradients(y)
    assert dx.shape == x.shape
    assert dx.tobytes() == x.tobytes()


def test_an_input_of_images_comes_out_as_its_columns():
    network = build("sequenceInput: [5, 4, 2], flatten, regression")
    sequences = random_sequences([4, 1, 6], 40)
    assert np.concatenate(answers(network, sequences)).tobytes() == sequences.values.tobytes()


@pytest.mark.parametrize("shape", [(6, 2, 7), (2, 7)])
def test_vectors_stay_as_they_are(shape):
    x = normal(*shape)
    y, gradients = join(Flatten(name="flatten"), x)
    assert y is x
    assert gradients(y)[0] is y


def test_it_is_listed_as_in_matlab():
    layer = Flatten(name="flatten")
    assert (layer.stem, layer.type_text, layer.describe()) == ("flatten", "Flatten", "Flatten")
