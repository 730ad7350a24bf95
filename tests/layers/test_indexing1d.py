"""indexing1d: the first or the last step that counts."""

import numpy as np
import pytest
from layers.example import IMAGES, Example
from layers.networks import build, random_signal, signal_of_size
from layers.poolings import LENGTHS, every_side, fault_of, forward, gradient, listed, sequence

from lstmcli.records import Size

PROPERTIES = "Name Index"
EXAMPLES = (
    Example("indexing1d", once=True),
    Example("indexing1d: last", once=True),
    Example("indexing1d: {Index: last}", (IMAGES,), once=True),
)


@every_side
@pytest.mark.parametrize(("index", "place"), [("first", 0), ("last", -1)])
def test_it_takes_a_step_that_counts(index, place, side):
    for x in (random_signal(LENGTHS, 4, side=side), signal_of_size(IMAGES, LENGTHS, side=side)):
        y = forward(f"indexing1d: {index}", x).data
        assert y.shape == x.data.shape[1:]
        for b, length in enumerate(LENGTHS):
            want = x.data[x.start[b] : x.stop[b], b][place] if length else np.zeros(y.shape[1:])
            assert y[b].tobytes() == want.tobytes()


def test_the_step_has_the_gradient():
    x, dy = sequence(3, 1, 4)._replace(stop=np.array([2], np.int32)), np.full((1, 1), 5, np.float32)
    assert gradient("indexing1d", x, dy).ravel().tolist() == [5, 0, 0]
    assert gradient("indexing1d: last", x, dy).ravel().tolist() == [0, 5, 0]


def test_images_stay_images():
    network = build("sequenceInput: [5, 4, 2], indexing1d, flatten, regression")
    assert network.graph.nodes[1].size_out == Size(2, None, (5, 4))


def test_how_it_is_listed():
    assert listed("indexing1d") == "1-D indexing with index 'first'"


def test_faults():
    assert "needs a time axis, but" in fault_of("sequenceInput: 3, indexing1d, indexing1d")
    assert "needs a time axis, but" in fault_of("sequenceInput: 3, sequenceFolding, indexing1d")
    text = "`HasPaddingMaskInput` is not a property of indexing1d"
    assert fault_of("sequenceInput: 3, indexing1d: {HasPaddingMaskInput: true}") == text
