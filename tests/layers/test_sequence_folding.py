"""sequenceFolding and what may follow it: frames without a time axis, until it is given back."""

import pytest
from layers.example import IMAGES, VECTORS, Example
from layers.networks import build

from lstmcli.errors import SpecError

AFTER = (
    "{}, fullyConnected: {OutputSize: 3, Name: after}, "
    "sequenceUnfolding: {inputs: [after, seqfold/miniBatchSize]}, fullyConnected: 2, regression"
)
PROPERTIES = "Name"
EXAMPLES = (
    Example("sequenceFolding", (VECTORS,), network=f"sequenceInput: 4, {AFTER}"),
    Example("sequenceFolding", (IMAGES,), network=f"sequenceInput: [5, 4, 2], {AFTER}"),
)


def fault_of(layers):
    with pytest.raises(SpecError) as caught:
        build(layers)
    (fault,) = caught.value.faults
    return fault


def test_no_layer_works_along_the_time_of_folded_frames():
    fault = fault_of("sequenceInput: 4, sequenceFolding, lstm: 3, regression")
    assert fault.message == (
        "lstm `lstm` needs a time axis, "
        "but `out` of sequenceFolding `seqfold` before it gives 4 channels, folded"
    )
    assert fault.help == "put `- sequenceUnfolding` before it"


def test_folded_frames_are_no_answer():
    fault = fault_of("sequenceInput: 4, sequenceFolding, fullyConnected: 3, regression")
    assert fault.message.startswith("regression `regressionoutput` takes no folded sequences, but")


def test_the_mini_batch_size_goes_to_an_unfolding_alone():
    fault = fault_of(
        "sequenceInput: 4, sequenceFolding, fullyConnected: {OutputSize: 3, "
        "inputs: seqfold/miniBatchSize}, regression"
    )
    assert fault.message.startswith("`in` of fullyConnected `fc` cannot take `miniBatchSize` of")
