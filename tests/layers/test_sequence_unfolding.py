"""sequenceUnfolding: its two inputs, and that folding and unfolding leave all as it was."""

import pytest
from layers.example import COUNT, FRAMES, Example
from layers.networks import answers, build, random_sequences
from layers.test_sequence_folding import fault_of

PROPERTIES = "Name"
EXAMPLES = (
    Example(
        "sequenceUnfolding: {inputs: [fold, fold/miniBatchSize]}",
        (FRAMES, COUNT),
        network="sequenceInput: [5, 4, 2], sequenceFolding: {Name: fold}, {}, fullyConnected: 3, regression",
    ),
)


def test_layers_that_see_steps_alone_answer_the_same_folded():
    inside = "fullyConnected: {OutputSize: 3, Name: fc}"
    plain = build(f"sequenceInput: 4, {inside}, lstm: 3, regression")
    folded = build(
        f"sequenceInput: 4, sequenceFolding, {inside}, "
        "sequenceUnfolding: {inputs: [fc, seqfold/miniBatchSize]}, lstm: 3, regression"
    )
    sequences = random_sequences([4, 1, 6], 4)
    for got, want in zip(answers(folded, sequences), answers(plain, sequences), strict=True):
        assert got.tobytes() == want.tobytes()


@pytest.mark.parametrize("inputs", ["sequenceInput: 4, sequenceFolding"])
def test_the_mini_batch_size_has_to_come_in(inputs):
    fault = fault_of(f"{inputs}, sequenceUnfolding, regression")
    assert fault.message == "no output goes to `miniBatchSize` of sequenceUnfolding `sequnfold`"


def test_what_was_not_folded_cannot_be_unfolded():
    fault = fault_of(
        "sequenceInput: 4, sequenceFolding, "
        "sequenceUnfolding: {inputs: [sequenceinput, seqfold/miniBatchSize]}, regression"
    )
    assert fault.message == (
        "`in` of sequenceUnfolding `sequnfold` needs folded sequences, "
        "but sequenceInput `sequenceinput` gives 4 channels"
    )
