"""globalAveragePooling1d: the mean of all steps of a sequence, against NumPy and ONNX."""

import numpy as np
import pytest
from layers.example import Example
from layers.networks import random_signal
from layers.poolings import (
    LENGTHS,
    check_faults_1d,
    check_onnx_sequences,
    every_side,
    forward,
    gradient,
    listed,
    sequence,
)

PROPERTIES = "Name"
EXAMPLES = (Example("globalAveragePooling1d", once=True),)


@every_side
@pytest.mark.parametrize("channels", [1, 4, 37])
def test_it_pools_the_steps_that_count(channels, side):
    x = random_signal(LENGTHS, channels, side=side)
    y = forward("globalAveragePooling1d", x).data
    assert y.shape == (len(LENGTHS), channels)
    for b, length in enumerate(LENGTHS):
        want = x.data[x.start[b] : x.stop[b], b].mean(axis=0) if length else 0
        np.testing.assert_allclose(y[b], want, rtol=0, atol=1e-15)


def test_padding_as_data_counts_as_data():
    x = random_signal((12,) * 3, 4)
    np.testing.assert_allclose(
        forward("globalAveragePooling1d", x).data, x.data.mean(axis=0), rtol=0, atol=1e-15
    )


def test_it_is_the_operator_of_onnx():
    check_onnx_sequences("globalAveragePooling1d", "GlobalAveragePool")


def test_every_step_that_counts_has_its_share_of_the_gradient():
    x = sequence(1, 2, 0, 2)._replace(start=np.array([1], np.int32))
    dx = gradient("globalAveragePooling1d", x, np.full((1, 1), 6, np.float32))
    assert dx.ravel().tolist() == [0, 2, 2, 2]


def test_it_is_listed_as_in_matlab():
    assert listed("globalAveragePooling1d") == "1-D global average pooling"


def test_faults():
    check_faults_1d("globalAveragePooling1d")
