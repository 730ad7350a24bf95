"""Every way to write a layer, and the names of the nameless."""

import re
from pathlib import Path

import pytest
from layers.examples import REQUIRED

from lstmcli.layer_array import name_automatically
from lstmcli.layer_words import WORDS, unknown_layer_help
from lstmcli.layers import LAYERS
from lstmcli.layers.absent import ABSENT
from lstmcli.layers.bilstm import Bilstm
from lstmcli.layers.classification_output import ClassificationOutput
from lstmcli.layers.dropout import Dropout
from lstmcli.layers.fully_connected import FullyConnected
from lstmcli.layers.layer import Layer
from lstmcli.layers.lstm import Lstm
from lstmcli.layers.regression_output import RegressionOutput
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.layers.softmax import Softmax
from lstmcli.spec.properties import properties_of
from lstmcli.spec_file import read_spec

PROPERTIES = {word for layer in LAYERS for word in properties_of(layer)} | {"connections"}


def layers(*items: str) -> list[Layer]:
    text = "layers:\n" + "".join(f"  {item}\n" for item in items)
    return [entry.layer for entry in read_spec(text, "spec.yaml", Path()).layers.entries]


@pytest.mark.parametrize(
    "items",
    [
        ["- lstm: 7"],
        ["- lstmLayer: 7"],
        ["- LSTM: 7"],
        ["- LstmLAYER: 7"],
        ["- 'lstm': 7"],
        ["- lstm: [7]"],
        ["- lstm: [ 7.0 ]"],
        ["- lstm: {NumHiddenUnits: 7}"],
        ["- lstm: {numhiddenunits: 7}"],
        ["- lstm: {NUMHIDDENUNITS: 7, outputMODE: Sequence}"],
        ["- lstm:", "    NumHiddenUnits: 7"],
        ["- lstm:", "  NumHiddenUnits: 7"],
        ["- lstm: 7", "  OutputMode: sequence"],
        ["- lstm: [7]", "  OutputMode: sequence"],
        ["- lstm: {NumHiddenUnits: 7}", "  Name: lstm"],
        ["- {lstm: 7}"],
        ["- {lstm: , NumHiddenUnits: 7}"],
        ["- ? lstm", "  : 7"],
    ],
    ids=" / ".join,
)
def test_every_spelling_of_a_layer(items: list[str]) -> None:
    assert layers(*items) == [Lstm(num_hidden_units=7, name="lstm")]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("- sequenceInput: 3", SequenceInput(input_size=(3,), name="sequenceinput")),
        ("- sequenceInputLayer: {InputSize: 3}", SequenceInput(input_size=(3,), name="sequenceinput")),
        ("- biLSTMLayer: 3", Bilstm(num_hidden_units=3, name="biLSTM")),
        ("- fullyconnected: 3", FullyConnected(output_size=3, name="fc")),
        ("- dropout", Dropout(name="dropout")),
        ("- dropout:", Dropout(name="dropout")),
        ("- dropout: {}", Dropout(name="dropout")),
        ("- dropout: []", Dropout(name="dropout")),
        ("- dropout: ~", Dropout(name="dropout")),
        ("- dropout: 0.2", Dropout(probability=0.2, name="dropout")),
        ("- dropout: 2e-1", Dropout(probability=0.2, name="dropout")),
        ("- softmax", Softmax(name="softmax")),
        ("- softmaxLayer", Softmax(name="softmax")),
        ("- classification", ClassificationOutput(name="classoutput")),
        ("- classificationLayer", ClassificationOutput(name="classoutput")),
        ("- classificationOutput", ClassificationOutput(name="classoutput")),
        ("- classificationOutputLayer", ClassificationOutput(name="classoutput")),
        ("- regression", RegressionOutput(name="regressionoutput")),
        ("- regressionOutput", RegressionOutput(name="regressionoutput")),
    ],
)
def test_words_and_first_arguments(item: str, expected: Layer) -> None:
    assert layers(item) == [expected]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.word)
def test_every_word_in_every_spelling(layer: type[Layer]) -> None:
    needed = f": {{{', '.join(REQUIRED[layer])}}}" if REQUIRED[layer] else ""
    for word in (layer.word, *layer.aliases):
        for spelling in (word, f"{word}Layer", word.upper(), word.lower()):
            (found,) = layers(f"- {spelling}{needed}")
            assert type(found) is layer


def test_aliases_repeat_properties_and_layers() -> None:
    found = layers("- lstm: &size {NumHiddenUnits: 7}", "- &drop {dropout: 0.2}", "- lstm: *size", "- *drop")
    assert found == [
        Lstm(num_hidden_units=7, name="lstm_1"),
        Dropout(probability=0.2, name="dropout_1"),
        Lstm(num_hidden_units=7, name="lstm_2"),
        Dropout(probability=0.2, name="dropout_2"),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([""], ["softmax"]),
        (["", "", ""], ["softmax_1", "softmax_2", "softmax_3"]),
        (["a", "", "b"], ["a", "softmax", "b"]),
        (["softmax", ""], ["softmax", "softmax_1"]),
        (["", "softmax"], ["softmax_1", "softmax"]),
        (["", "softmax_1", ""], ["softmax_2", "softmax_1", "softmax_3"]),
        (["Softmax", ""], ["Softmax", "softmax"]),
    ],
)
def test_automatic_names(given: list[str], expected: list[str]) -> None:
    named = name_automatically(Softmax(name=name) for name in given)
    assert [layer.name for layer in named] == expected


def test_automatic_names_count_each_word_for_itself() -> None:
    found = layers("- lstm: 1", "- dropout", "- bilstm: 1", "- dropout", "- fullyConnected: 1", "- lstm: 2")
    names = ["lstm_1", "dropout_1", "biLSTM", "dropout_2", "fc", "lstm_2"]
    assert [layer.name for layer in found] == names


def test_layers_that_are_not_here_are_none_of_those_that_are() -> None:
    assert not {word.lower() for word in ABSENT} & set(WORDS)
    for word, help in ABSENT.items():
        assert re.fullmatch(r"[a-z]\w+(?<!Layer)", word)
        assert unknown_layer_help(word) == unknown_layer_help(f"{word.upper()}Layer(1, 2)") == help
        assert not help.endswith(".")
        for named in re.findall(r"`(\w+)(?:`|:)", help):
            assert named.lower() in WORDS or named in PROPERTIES, named


@pytest.mark.parametrize(
    ("call", "written"),
    [
        ("lstmLayer(100,'OutputMode','last')", "- lstm: {NumHiddenUnits: 100, OutputMode: last}"),
        ('LSTMLayer( 100 , outputmode="last" );', "- lstm: {NumHiddenUnits: 100, OutputMode: last}"),
        ("bilstmLayer(7)", "- bilstm: 7"),
        ("sequenceInputLayer([28 28 1])", "- sequenceInput: [28, 28, 1]"),
        ("convolution2dLayer([3, 3], 16, ...", None),
        ("convolution2dLayer([3 3],16)", "- convolution2d: [[3, 3], 16]"),
        ("maxPooling1dLayer(2,Stride=2),", "- maxPooling1d: {PoolSize: 2, Stride: 2}"),
        ("additionLayer(2,'Name','add')", "- addition: {NumInputs: 2, Name: add}"),
        ("dropoutLayer(0.2)", "- dropout: 0.2"),
        ("leakyReluLayer()", "- leakyRelu"),
        ("classificationLayer('Name','the end')", "- classification: {Name: the end}"),
    ],
)
def test_calls_of_matlab_are_written_as_a_spec_has_them(call: str, written: str | None) -> None:
    help = unknown_layer_help(call)
    if written is None:
        assert "write" not in help
    else:
        assert help == f"write `{written}`"
        assert len(layers(written)) == 1
