"""From a column of texts to a network that knows its words, to a file and back to the same answers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from layers.networks import options

from lstmcli.blocks import answer_blocks
from lstmcli.data.reading import read_blocks
from lstmcli.data_fit import check_sequences, fitting_blocks
from lstmcli.errors import DataError, ModelError, SpecError
from lstmcli.graph_building import build_graph
from lstmcli.modelfile import read_model, write_model
from lstmcli.network_file import read_network, to_model
from lstmcli.prediction import predict
from lstmcli.preparation import assemble, prepare_training
from lstmcli.records import Sequences
from lstmcli.spec_file import read_spec
from lstmcli.spec_words import stored_vocabulary
from lstmcli.training.loop import train
from lstmcli.training.run import start_run

TRAIN = "text,who\nThe cat sat.,u\na dog sat,v\nThe dog!,v\na cat,u\n"
TEST = "text,who\nthe bird sat,u\nA DOG,v\n"
_END = "lstm: {NumHiddenUnits: 4, OutputMode: last}, fullyConnected: 2, softmax, classification"


@pytest.fixture
def spec_of(tmp_path):
    """A spec with texts beside it: the embedding's properties, and what else its data section says."""
    (tmp_path / "train.csv").write_text(TRAIN)
    (tmp_path / "test.csv").write_text(TEST)

    def make(embedding="3", more="", text="train: train.csv, words: text, labels: who"):
        layers = f"sequenceInput: 1, wordEmbedding: {embedding}, {_END}"
        options = "MaxEpochs: 2, MiniBatchSize: 2, ResetInputNormalization: false"
        whole = f"layers: [{layers}]\noptions: {{{options}}}\ndata: {{{text}{more}}}\n"
        return read_spec(whole, "s.yaml", tmp_path)

    return make


def numbers(sequences):
    return sequences.values[:, 0].astype(int).tolist()


def test_the_vocabulary_is_that_of_the_training_data(spec_of):
    spec, network, data = prepare_training(spec_of(more=", test: test.csv"))
    assert spec.vocabulary == ("the", "cat", "sat", ".", "a", "dog", "!")
    assert network.graph.nodes[1].layer.num_words == 7
    assert network.weights["word-embedding"]["Weights"].shape == (3, 8)
    assert numbers(data.train.sequences) == [1, 2, 3, 4, 5, 6, 3, 1, 6, 7, 5, 2]
    assert numbers(data.test.sequences) == [1, 0, 3, 5, 6]
    assert data.test.sequences.words == spec.vocabulary


def test_what_is_held_out_teaches_no_words(spec_of, tmp_path):
    rows = "".join(f"word{k} x,{'uv'[k % 2]}\n" for k in range(20))
    (tmp_path / "train.csv").write_text("text,who\n" + rows)
    spec, _, data = prepare_training(spec_of(more=", validation: 0.2, test: 0.1"))
    counts = [len(part.sequences) for part in data]
    assert counts == [14, 4, 2]
    assert len(spec.vocabulary) == 15
    assert numbers(data.validation.sequences) == [0, spec.vocabulary.index("x") + 1] * 4
    assert 0 not in numbers(data.train.sequences)


def test_a_number_of_words_keeps_those_that_occur_most(spec_of):
    spec, network, data = prepare_training(spec_of("[3, 4]"))
    assert spec.vocabulary == ("the", "cat", "sat", "a")
    assert network.weights["word-embedding"]["Weights"].shape == (3, 5)
    assert numbers(data.train.sequences) == [1, 2, 3, 0, 4, 0, 3, 1, 0, 0, 4, 2]
    spec, network, _ = prepare_training(spec_of("[3, 9]"))
    assert (len(spec.vocabulary), network.weights["word-embedding"]["Weights"].shape) == (7, (3, 10))


def test_words_by_their_vectors(spec_of, tmp_path):
    (tmp_path / "w.vec").write_text("dog 1 2 3\nthe 4 5 6\nCat 7 8 9\n")
    W = prepare_training(spec_of("{Dimension: 3, Weights: w.vec}"))[1].weights["word-embedding"]["Weights"]
    drawn = prepare_training(spec_of())[1].weights["word-embedding"]["Weights"]
    assert W[:, [5, 0]].T.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert (W[:, [1, 2, 3, 4, 6, 7]] == drawn[:, [1, 2, 3, 4, 6, 7]]).all()


def stored(spec, path, epochs=True):
    """A trained network in a file; what it answers to its test data before it was there."""
    spec, network, data = prepare_training(spec)
    run = start_run(network, len(data.train.sequences), spec.options, spec.seed)
    for _ in train(network.graph, run, data.train, None, spec.options):
        pass
    network = type(network)(network.graph, run.weights)
    write_model(path, to_model(spec, network, {}))
    return [p.values.tobytes() for p in predict(network, data.test.sequences, spec.options)]


@pytest.mark.parametrize("block", [2 << 20, 3])
@pytest.mark.parametrize("embedding", ["3", "[3, 4]", "{Dimension: 3, NumWords: 9}"])
def test_a_stored_network_answers_with_the_same_bits(spec_of, tmp_path, monkeypatch, embedding, block):
    before = stored(spec_of(embedding, ", test: test.csv"), tmp_path / "m.h5")
    read = read_network(tmp_path / "m.h5")
    assert read.spec.vocabulary == read_model(tmp_path / "m.h5").vocabulary != ()
    assert read.spec.data.features is None
    monkeypatch.setattr("lstmcli.data.sources.CHUNK", block)
    graph, columns = read.network.graph, read.spec.data
    blocks = read_blocks([str(tmp_path / "test.csv")], columns, None)
    fitting = fitting_blocks(graph, blocks, read.options, stored_vocabulary(read.spec))
    blocks = answer_blocks(
        lambda found: predict(read.network, found, read.options), fitting, read.options, False
    )
    answers = [prediction for _, found in blocks for prediction in found]
    assert [p.values.tobytes() for p in answers] == before
    again = tmp_path / "again.h5"
    write_model(again, to_model(read.spec, read.network, {}))
    assert read_model(again).vocabulary == read.spec.vocabulary


def refusal(call, *arguments, kind=DataError):
    with pytest.raises(kind) as caught:
        call(*arguments)
    return str(caught.value)


def test_words_out_of_the_vocabulary_may_be_faults(spec_of, tmp_path):
    embedding = "{Dimension: 3, OOVMode: error}"
    spec, network, _ = prepare_training(spec_of(embedding))
    assert network.weights["word-embedding"]["Weights"].shape == (3, 7)
    fault = "error: the word `bird` in sequence `1` is not in the vocabulary\n"
    fault += f" --> {tmp_path / 'test.csv'}: row 2\nhelp: "
    last = "let unknown words have the last vector: `OOVMode: map-to-last`"
    assert refusal(prepare_training, spec_of(embedding, ", test: test.csv")) == fault + last
    blocks = read_blocks([str(tmp_path / "test.csv")], spec.data, None)
    fitting = fitting_blocks(network.graph, blocks, spec.options, stored_vocabulary(spec))
    trained = "a network trained with `OOVMode: map-to-last` takes unknown words, too"
    assert refusal(next, fitting) == fault + trained


def test_words_that_the_number_of_words_leaves_out_may_be_faults(spec_of):
    message = refusal(prepare_training, spec_of("{Dimension: 3, NumWords: 4, OOVMode: error}"))
    assert message.startswith("error: the word `.` in sequence `1` is not in the vocabulary\n")
    help = "help: raise `NumWords`, or let unknown words have the last vector: `OOVMode: map-to-last`"
    assert message.endswith(help)
    enough = spec_of("{Dimension: 3, NumWords: 7, OOVMode: error}", ", test: test.csv")
    assert "\nhelp: let unknown words" in refusal(prepare_training, enough)


def test_of_two_embeddings_the_one_of_all_words_decides(tmp_path):
    """In either order: NumWords of the other is smaller."""
    (tmp_path / "d.csv").write_text(TRAIN)
    for numbers in (("auto", 3), (3, "auto")):
        first, second = (f"{{Dimension: 3, NumWords: {n}, inputs: words" for n in numbers)
        layers = f"sequenceInput: {{InputSize: 1, Name: words}}, wordEmbedding: {first}, Name: a}}, "
        layers += f"wordEmbedding: {second}, Name: b}}, addition: {{NumInputs: 2, inputs: [a, b]}}, {_END}"
        data = "data: {train: d.csv, words: text, labels: who}"
        spec, network, _ = prepare_training(read_spec(f"layers: [{layers}]\n{data}", "s.yaml", tmp_path))
        assert len(spec.vocabulary) == 7
        widths = [network.weights[name]["Weights"].shape[1] for name in "ab"]
        assert widths == [8 if n == "auto" else n + 1 for n in numbers]
        write_model(tmp_path / "m.h5", to_model(spec, network, {}))
        assert read_network(tmp_path / "m.h5").spec.vocabulary == spec.vocabulary


def test_the_help_for_vectors_of_other_words_shows_words_of_the_data(spec_of, tmp_path):
    (tmp_path / "w.vec").write_text("DOG 1 2 3\nTHE 4 5 6\n")
    for tokenize, shown in (("true", "`the`, `cat`, `sat`"), ("false", "`The`, `cat`, `sat.`")):
        spec = spec_of("{Dimension: 3, Weights: w.vec}", f", tokenize: {tokenize}")
        message = refusal(prepare_training, spec, kind=SpecError)
        assert "none of the 7 words of the data is in" in message
        assert message.endswith(f"help: case counts: the words of the data are such as {shown}")


def test_words_need_a_layer_that_takes_them(tmp_path):
    (tmp_path / "d.csv").write_text(TRAIN)
    data = "data: {train: d.csv, words: text, labels: who}"
    spec = read_spec(f"layers: [sequenceInput: 1, {_END}]\n{data}", "s.yaml", tmp_path)
    assert refusal(prepare_training, spec, kind=SpecError) == (
        "error: `words` of data needs a wordEmbedding layer\n"
        "help: put `- wordEmbedding: 100` behind the input layer, which has `InputSize` 1"
    )


@pytest.mark.parametrize("data", ["train: train.csv, labels: who", "words: text, labels: who"])
@pytest.mark.parametrize("call", [prepare_training, assemble])
def test_the_number_of_words_comes_from_somewhere(spec_of, data, call):
    message = refusal(call, spec_of(text=data), kind=SpecError)
    assert message.startswith(
        "error: wordEmbedding `word-embedding` needs `NumWords`, as no words are named\n"
    )
    assert message.endswith("`data: {train: file.csv, words: COLUMN}`")


def test_data_that_has_no_texts(spec_of, tmp_path):
    (tmp_path / "d.ts").write_text("@classLabel true u v\n@data\n1,2:u\n2,1:v\n")
    message = refusal(prepare_training, spec_of(text="train: d.ts, words: text, labels: who"))
    assert message.startswith("error: the data has numbers where words are to be read\n --> ")


def test_a_model_without_words_reads_none(spec_of, tmp_path):
    (tmp_path / "d.csv").write_text("sequence,n,who\n1,1,u\n2,2,v\n")
    spec, network, _ = prepare_training(spec_of("[3, 5]", text="train: d.csv, features: n, labels: who"))
    assert spec.vocabulary == ()
    write_model(tmp_path / "m.h5", to_model(spec, network, {}))
    assert stored_vocabulary(read_network(tmp_path / "m.h5").spec) is None
    message = refusal(lambda: read_network(tmp_path / "m.h5", None, {"words": ["text"]}), kind=SpecError)
    assert message == (
        "error: the model has no vocabulary to read `text` by\n"
        " --> command line:1:1\n  |\n1 | --words text\n  | ^^^^^^^\n"
        "help: leave out `--words`, or train on a column of words"
    )


def test_a_model_of_words_reads_no_numbers(spec_of, tmp_path):
    spec, network, _ = prepare_training(spec_of())
    path = tmp_path / "m.h5"
    write_model(path, to_model(spec, network, {}))
    flags = {"MiniBatchSize": ["4"]}, {"features": ["who"]}
    assert refusal(lambda: read_network(path, *flags), kind=SpecError) == (
        "error: the model reads words of a text, not `features` that are numbers\n"
        " --> command line:1:19\n  |\n"
        "1 | --MiniBatchSize 4 --features who\n  |                   ^^^^^^^^^^\n"
        "help: leave out `--features`; `--words` names the column, if it is not `text`"
    )
    assert read_network(path, None, {"words": ["who"]}).spec.data.words == "who"


WORDS = ("the", "cat", "sat", ".", "a", "dog", "!")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ((), "is missing"),
        ((*WORDS, "bird"), "has more words than the network"),
        ((*WORDS[:6], "dog"), "has a word twice, or one of nothing"),
        ((*WORDS[:6], ""), "has a word twice, or one of nothing"),
        ((*WORDS[:6], "\ud800"), "has half a character"),
    ],
)
def test_a_vocabulary_that_is_damaged(spec_of, tmp_path, words, fault):
    spec, network, _ = prepare_training(spec_of())
    model, path = to_model(spec, network, {}), tmp_path / "m.h5"
    assert model.vocabulary == WORDS
    write_model(path, replace(model, vocabulary=words))
    expected = f"error: the model does not hold together: `/Vocabulary` {fault}\n --> {path}"
    assert refusal(read_network, path, kind=ModelError) == expected


def test_a_model_of_numbers_has_no_words(spec_of, tmp_path):
    (tmp_path / "d.csv").write_text("sequence,n,who\n1,1,u\n2,2,v\n")
    layers = f"sequenceInput: 1, {_END}"
    data = "data: {train: d.csv, features: n, labels: who}"
    spec, network, _ = prepare_training(read_spec(f"layers: [{layers}]\n{data}", "s.yaml", tmp_path))
    write_model(tmp_path / "m.h5", replace(to_model(spec, network, {}), vocabulary=("cat",)))
    message = refusal(read_network, tmp_path / "m.h5", kind=ModelError)
    assert "`/Vocabulary` has more words than the network" in message


def plain(*values):
    array = np.array(values, np.float32)[:, None]
    return Sequences(array, np.array([0, 1, len(values)]), ("x", "y"), places=(("d.csv", 2), ("d.csv", 3)))


@pytest.mark.parametrize(
    ("mode", "bad", "wanted"),
    [
        ("map-to-last", 2.5, "whole numbers"),
        ("map-to-last", -1, "whole numbers"),
        ("error", 0, "numbers from 1 to 4"),
        ("error", 5, "numbers from 1 to 4"),
    ],
)
def test_numbers_that_are_no_words(mode, bad, wanted):
    layers = f"sequenceInput: 1, wordEmbedding: {{Dimension: 3, NumWords: 4, OOVMode: {mode}}}, {_END}"
    graph = build_graph(read_spec(f"layers: [{layers}]", "s.yaml", Path()).layers)
    check_sequences(graph, plain(1, 2, 4), options(), trained=True)
    if mode == "map-to-last":
        check_sequences(graph, plain(1, 0, 70), options(), trained=True)
    assert refusal(lambda: check_sequences(graph, plain(1, 2, bad), options(), trained=True)) == (
        f"error: sequence `y` has {bad:g} for a word, but wordEmbedding `word-embedding` takes {wanted}\n"
        " --> d.csv: row 3"
    )


def test_numbers_of_words_beside_other_columns():
    """Of several inputs the one before the embedding takes its own columns."""
    layers = (
        "sequenceInput: {InputSize: 2, Name: other}, sequenceInput: 1, wordEmbedding: [3, 4], "
        "lstm: {NumHiddenUnits: 3, HasStateOutputs: true, Name: reads}, "
        "lstm: {NumHiddenUnits: 3, HasStateInputs: true, inputs: [other, reads/hidden, reads/cell]}, "
        "fullyConnected: 1, regression"
    )
    graph = build_graph(read_spec(f"layers: [{layers}]", "s.yaml", Path()).layers)

    def check(word):
        words = plain(1, 2, word)
        columns = np.hstack([np.full((3, 2), 0.5, np.float32), words.values])
        check_sequences(graph, replace(words, values=columns), options(), trained=True)

    check(4)
    assert refusal(check, 2.5).startswith("error: sequence `y` has 2.5 for a word")
