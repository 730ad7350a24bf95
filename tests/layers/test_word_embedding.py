"""wordEmbedding: the vector of each number of a word, where numbers come from, values by word."""

import numpy as np
import onnxruntime
import pytest
from layers.example import Example
from layers.networks import build, node_of, randomize
from onnx import TensorProto, helper, numpy_helper

from lstmcli.errors import DataError, SpecError
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.layers.layer import Mode
from lstmcli.records import Signal, Size, Steps
from lstmcli.spec_file import read_spec

PROPERTIES = """Name Dimension NumWords OOVMode WeightsInitializer Weights WeightLearnRateFactor
    WeightL2Factor"""
REQUIRED = ("Dimension: 3",)
_LAST = "sequenceInput: 1, {}, lstm: {NumHiddenUnits: 3, OutputMode: last}, fullyConnected: 2, regression"
_STEPS = "sequenceInput: 1, {}, fullyConnected: 2, softmax, classification"
WORDS = (Size(1, Steps()),)
EXAMPLES = (
    Example("wordEmbedding: [5, 2]", WORDS, network=_LAST),
    Example(
        "wordEmbedding: {Dimension: 2, NumWords: 2, OOVMode: error, WeightsInitializer: glorot}",
        WORDS,
        network=_LAST,
    ),
    Example(
        "wordEmbedding: {Dimension: 1, NumWords: 1, WeightLearnRateFactor: 0, WeightL2Factor: 2}",
        WORDS,
        network=_STEPS,
    ),
)


def network_of(properties, folder=None, vocabulary=()):
    text = f"layers: [{_LAST.replace('{}', f'wordEmbedding: {properties}')}]"
    spec = read_spec(text, "test.yaml", folder)
    return initialize(build_graph(spec.layers), 0, folder, vocabulary=vocabulary)


def weights_of(properties, folder=None, vocabulary=()):
    return network_of(properties, folder, vocabulary).weights["word-embedding"]["Weights"]


def outputs(network, numbers):
    x = np.array(numbers, np.float32)[..., None]
    ends = np.zeros(x.shape[1], np.int32), np.full(x.shape[1], len(x), np.int32)
    node = node_of(network, "wordEmbedding")
    return node.layer.forward(network.weights[node.name], (Signal(x, *ends),), (), Mode()).outputs[0].data


def test_against_onnx_runtime():
    """Gather counts from 0, and has no last column for what is no word."""
    network = randomize(network_of("[7, 20]"))
    W = network.weights["word-embedding"]["Weights"]
    numbers = np.random.default_rng(0).integers(0, 25, (6, 4))
    table = numpy_helper.from_array(np.ascontiguousarray(W.T), "table")
    node = helper.make_node("Gather", ["table", "i"], ["y"])
    ports = (
        [helper.make_tensor_value_info("i", TensorProto.INT64, numbers.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    graph = helper.make_graph([node], "embedding", *ports, [table])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=7)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    places = np.where((numbers >= 1) & (numbers <= 20), numbers - 1, 20)
    (want,) = session.run(["y"], {"i": places})
    np.testing.assert_array_equal(outputs(network, numbers), want)


def test_other_numbers_have_the_last_vector_or_none():
    network = network_of("{Dimension: 2, NumWords: 3, Weights: [[1, 2, 3, 4], [5, 6, 7, 8]]}")
    assert outputs(network, [[1, 0], [3, 4]]).tolist() == [[[1, 5], [4, 8]], [[3, 7], [4, 8]]]
    network = network_of("{Dimension: 2, NumWords: 3, OOVMode: error, Weights: [[1, 2, 3], [5, 6, 7]]}")
    assert outputs(network, [[1, 0], [3, 4]]).tolist() == [[[1, 5], [0, 0]], [[3, 7], [0, 0]]]


@pytest.mark.parametrize(("mode", "columns"), [("map-to-last", 301), ("error", 300)])
def test_weights_are_dimension_by_words_and_one_more(mode, columns):
    W = weights_of(f"{{Dimension: 200, NumWords: 300, OOVMode: {mode}}}")
    assert W.shape == (200, columns)
    assert abs(W.std() / 0.01 - 1) < 0.02


def test_numbers_of_columns_decide_the_initializers():
    """MATLAB: numIn = NumWords + 1, numOut = Dimension."""
    W = weights_of("{Dimension: 5, NumWords: 594, WeightsInitializer: glorot}")
    assert 0.095 < np.abs(W).max() < np.sqrt(6 / 600)


def test_given_weights_may_lack_the_last_column():
    drawn = weights_of("{Dimension: 2, NumWords: 3}")
    W = weights_of("{Dimension: 2, NumWords: 3, Weights: [[1, 2, 3], [4, 5, 6]]}")
    assert W[:, :3].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert W[:, 3].tolist() == drawn[:, 3].tolist()
    with pytest.raises(SpecError, match=r"`Weights` of .* must be 2-by-4 or 2-by-3, got 2-by-2"):
        weights_of("{Dimension: 2, NumWords: 3, Weights: [[1, 2], [4, 5]]}")
    with pytest.raises(SpecError, match="must be 2-by-3, got 2-by-4"):
        weights_of("{Dimension: 2, NumWords: 3, OOVMode: error, Weights: [[1, 2, 3, 4], [4, 5, 6, 7]]}")


@pytest.mark.parametrize("mode", ["map-to-last", "error"])
def test_vectors_by_word_and_the_others_drawn(tmp_path, mode):
    (tmp_path / "words.vec").write_text("3 2\ncat 1 2\nthe 3.5 -4\nunused 5 6\n")
    properties = f"Dimension: 2, NumWords: 3, OOVMode: {mode}"
    drawn = weights_of(f"{{{properties}}}")
    W = weights_of(f"{{{properties}, Weights: words.vec}}", tmp_path, ("the", "dog", "cat"))
    assert W[:, [0, 2]].T.tolist() == [[3.5, -4], [1, 2]]
    assert W[:, [1, *range(3, W.shape[1])]].tolist() == drawn[:, [1, *range(3, W.shape[1])]].tolist()


def test_vectors_of_all_words_go_where_the_words_are(tmp_path):
    (tmp_path / "words.txt").write_text("cat 1 2\nthe 3 4\n")
    properties = "{Dimension: 2, NumWords: 2, OOVMode: error, Weights: words.txt}"
    assert weights_of(properties, tmp_path, ("the", "cat")).tolist() == [[3, 1], [4, 2]]


def test_vectors_that_say_nothing_of_the_words(tmp_path):
    (tmp_path / "words.vec").write_text("Cat 1 2\n")
    with pytest.raises(SpecError, match=r"none of the 2 words of the data is in .*words.vec"):
        weights_of("{Dimension: 2, NumWords: 2, Weights: words.vec}", tmp_path, ("the", "cat"))
    with pytest.raises(DataError, match="the vectors have 2 numbers, not 3"):
        weights_of("{Dimension: 3, NumWords: 2, Weights: words.vec}", tmp_path, ("the", "cat"))


def test_without_a_number_of_words_there_are_no_weights_yet():
    network = build("sequenceInput: 1, wordEmbedding: 5, lstm: 3, fullyConnected: 2, regression")
    assert network.weights["word-embedding"] == {}


def test_it_is_listed_as_in_matlab():
    node = node_of(network_of("[50, 500]"), "wordEmbedding")
    assert node.layer.describe() == "Word embedding layer with 50 dimensions and 500 unique words"
    assert (node.layer.type_text, node.name) == ("Word Embedding Layer", "word-embedding")
    auto = build("sequenceInput: 1, wordEmbedding: 5, fullyConnected: 2, regression").graph.nodes[1].layer
    assert auto.describe() == "Word embedding layer with 5 dimensions and all unique words"
