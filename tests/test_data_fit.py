"""What must agree between a network and data: sizes of images, numbers of responses, values of words."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lstmcli.data.vocabulary import Vocabulary
from lstmcli.data_fit import check_answers, check_sequences, check_targets, fitting_blocks
from lstmcli.errors import DataError, SpecError
from lstmcli.graph_building import build_graph
from lstmcli.options import TrainingOptions
from lstmcli.records import Sequences, Targets
from lstmcli.spec_file import read_spec


def graph_of(inputs, end="lstm: {NumHiddenUnits: 2, OutputMode: last}, fullyConnected: 2, regression"):
    return build_graph(read_spec(f"layers: [{inputs}, {end}]", "s.yaml", Path()).layers)


def videos(*shape):
    values = np.zeros((3, np.prod(shape)), np.float32)
    return Sequences(values, np.array([0, 3]), ("a",), places=(("a.npy", None),), shape=shape)


def refusal(graph, sequences, trained=True):
    with pytest.raises(DataError) as caught:
        check_sequences(graph, sequences, TrainingOptions(), trained)
    return str(caught.value)


IMAGES = "sequenceInput: {InputSize: [10, 8, 3], Name: in}, flatten"
TAKES = "sequenceInput `in` takes 10-by-8 images of 3 channels\n --> a.npy"


def test_images_of_the_size_that_the_network_takes():
    check_sequences(graph_of(IMAGES), videos(10, 8, 3), TrainingOptions(), trained=False)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((8, 10, 3), "8-by-10 images of 3 channels"),
        ((10, 24, 1), "10-by-24 images of 1 channel"),
        ((10, 8, 4), "10-by-8 images of 4 channels"),
    ],
)
def test_images_of_another_size(shape, words):
    graph, data = graph_of(IMAGES), videos(*shape)
    assert refusal(graph, data) == f"error: the data are {words}, but {TAKES}"
    height, width, channels = shape
    help = f"set `InputSize: [{height}, {width}, {channels}]` in the spec"
    assert refusal(graph, data, trained=False) == f"error: the data are {words}, but {TAKES}\nhelp: {help}"


def test_images_where_vectors_are_taken():
    found = refusal(graph_of("sequenceInput: {InputSize: 240, Name: in}"), videos(10, 8, 3))
    assert found.startswith(
        "error: the data are 10-by-8 images of 3 channels, but sequenceInput `in` takes 240"
    )


def test_rows_of_numbers_where_images_are_taken():
    rows = replace(videos(10, 8, 3), shape=None)
    check_sequences(graph_of(IMAGES), rows, TrainingOptions(), trained=False)
    found = refusal(graph_of(IMAGES), replace(videos(10, 8, 4), shape=None))
    assert found.startswith("error: the data has 320 feature channels, but sequenceInput `in` expects 240\n")


SEVERAL = """layers:
- sequenceInput: {InputSize: [10, 8, 1], Name: a}
- flatten: {Name: f}
- sequenceInput: {InputSize: [10, 8, 2], Name: b}
- flatten: {Name: g}
- concatenation: {Dim: 1, NumInputs: 2, inputs: [f, g]}
- fullyConnected: 1
- regression
"""


def test_channels_of_images_for_several_inputs():
    graph = build_graph(read_spec(SEVERAL, "s.yaml", Path()).layers)
    check_sequences(graph, videos(10, 8, 3), TrainingOptions(), trained=False)
    takes = "`a` takes 10-by-8 images of 1 channel and sequenceInput `b` takes 10-by-8 images of 2 channels"
    expected = f"error: the data are 8-by-10 images of 3 channels, but sequenceInput {takes}\n --> a.npy"
    assert refusal(graph, videos(8, 10, 3), trained=False) == expected


def plain(values, words=None):
    """Sequences of one step each, of these numbers."""
    N = len(values)
    places = tuple(("d.csv", n + 2) for n in range(N))
    array = np.array(values, np.float32)[:, None]
    return Sequences(array, np.arange(N + 1), tuple(map(str, range(N))), places=places, words=words)


@pytest.mark.parametrize("bad", [0, 1, 2, 5, 6])
@pytest.mark.parametrize("closed", ["", "help"])
def test_what_fits_before_a_fault_comes_through(bad, closed):
    """A number, or a word of a closed vocabulary, that the network does not know."""
    graph = graph_of("sequenceInput: 1, wordEmbedding: {Dimension: 2, NumWords: 3, OOVMode: error}")
    values = [1, 2, 3, 1, 2, 3, 1]
    values[bad] = 4
    words = ("u", "v", "w", "x") if closed else None
    vocabulary = Vocabulary(("u", "v", "w"), closed) if closed else None
    blocks = [(plain([1, 2], words), None), (plain(values, words), None)]
    came = []
    with pytest.raises(DataError) as caught:
        came.extend(
            sequences.values.ravel().tolist()
            for sequences in fitting_blocks(graph, blocks, TrainingOptions(), vocabulary)
        )
    assert f" --> d.csv: row {bad + 2}" in str(caught.value)
    assert came == [[1, 2], values[:bad]][: 2 if bad else 1]


def responses(names):
    return Targets(np.zeros((3, len(names)), np.float32), names, per_step=True)


def test_data_with_other_responses_than_the_network_answers():
    graph, data = graph_of("sequenceInput: 1"), videos(1, 1, 1)
    check_answers(graph, data, responses(("a", "b")))
    with pytest.raises(DataError) as caught:
        check_answers(graph, data, responses(("a",)))
    assert str(caught.value) == "error: the data has 1 response (a), but the network answers 2\n --> a.npy"
    with pytest.raises(SpecError, match=r"gives 2 channels, but there is 1 response \(a\)"):
        check_targets(graph, responses(("a",)))


@pytest.mark.parametrize(
    ("layers", "help"),
    [
        ("lstm: 2, fullyConnected: 2", "give lstm `lstm` the `OutputMode` last, or put `- indexing1d: last`"),
        ("lstm: 2, gru: 2, relu", "give gru `gru` the `OutputMode` last, or put `- indexing1d: last`"),
        ("fullyConnected: 2", "put `- indexing1d: last` or `- globalAveragePooling1d` where"),
    ],
)
def test_how_a_network_would_answer_once(layers, help):
    task = graph_of("sequenceInput: 1", f"{layers}, regression").task
    assert task.per_step
    assert task.answer_once.startswith(help)
