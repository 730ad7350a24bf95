"""Declared properties: those of MATLAB's pages, their defaults and choices, and the values they refuse."""

from dataclasses import MISSING

import pytest
from layers.examples import REQUIRED

from lstmcli.errors import SpecError
from lstmcli.layers import LAYERS
from lstmcli.layers.bilstm import Bilstm
from lstmcli.layers.lstm import Lstm
from lstmcli.spec.properties import properties_of
from lstmcli.spec_file import read_spec

# What the pages of lstmLayer and bilstmLayer name, with their defaults ([] is None here, '' no name). Left
# out is what only describes the connections of a layer in an object that exists already: NumInputs,
# InputNames, NumOutputs, OutputNames.
PAGE = {
    "NumHiddenUnits": MISSING,
    "OutputMode": "sequence",
    "InputSize": "auto",
    "StateActivationFunction": "tanh",
    "GateActivationFunction": "sigmoid",
    "HasStateInputs": False,
    "HasStateOutputs": False,
    "CellState": None,
    "HiddenState": None,
    "InputWeightsInitializer": "glorot",
    "RecurrentWeightsInitializer": "orthogonal",
    "BiasInitializer": "unit-forget-gate",
    "InputWeights": None,
    "RecurrentWeights": None,
    "Bias": None,
    "InputWeightsLearnRateFactor": 1,
    "RecurrentWeightsLearnRateFactor": 1,
    "BiasLearnRateFactor": 1,
    "InputWeightsL2Factor": 1,
    "RecurrentWeightsL2Factor": 1,
    "BiasL2Factor": 0,
    "Name": "",
}
CHOICES = {
    "OutputMode": ("sequence", "last"),
    "InputSize": ("auto", "4"),
    "StateActivationFunction": ("tanh", "softsign", "relu"),
    "GateActivationFunction": ("sigmoid", "hard-sigmoid"),
    "InputWeightsInitializer": ("glorot", "he", "orthogonal", "narrow-normal", "zeros", "ones", "python:m:f"),
    "RecurrentWeightsInitializer": (
        *("orthogonal", "glorot", "he", "narrow-normal", "zeros", "ones", "python:m:f"),
    ),
    "BiasInitializer": ("unit-forget-gate", "narrow-normal", "ones", "python:m:f"),
}
BAD = [
    (layer, word, bad)
    for layer in LAYERS
    for word, item in properties_of(layer).items()
    for bad in item.kind.bad
]


def read_layer(layer, properties):
    """The layer from its properties, as a mapping in a spec."""
    lines = "".join(f"      {line}\n" for line in properties)
    spec = read_spec(f"layers:\n  - {layer.word}:\n{lines}", "test.yaml", None)
    return spec.layers.entries[0].layer


@pytest.mark.parametrize("layer", [Lstm, Bilstm])
def test_properties_of_the_pages(layer):
    declared = properties_of(layer)
    assert {word: declared[word].default for word in PAGE} == PAGE
    assert set(declared) == {*PAGE, "inputs"}


@pytest.mark.parametrize("layer", [Lstm, Bilstm])
@pytest.mark.parametrize(("word", "choice"), [(w, c) for w, choices in CHOICES.items() for c in choices])
def test_choices_of_the_pages(layer, word, choice):
    made = read_layer(layer, ["NumHiddenUnits: 3", f"{word}: {choice}"])
    assert str(getattr(made, properties_of(layer)[word].name)) == choice
    upper = read_layer(layer, ["NumHiddenUnits: 3", f"{word.upper()}: {choice}"])
    assert upper == made


@pytest.mark.parametrize("layer", [Lstm, Bilstm])
@pytest.mark.parametrize("word", sorted(CHOICES))
def test_words_are_matched_without_regard_to_case(layer, word):
    choice = CHOICES[word][0]
    assert read_layer(layer, ["numhiddenunits: 3", f"{word.lower()}: {choice.upper()}"]) == read_layer(
        layer, ["NumHiddenUnits: 3", f"{word}: {choice}"]
    )


@pytest.mark.parametrize(("layer", "word", "bad"), BAD, ids=[f"{la.word}-{w}-{b}" for la, w, b in BAD])
def test_a_bad_value_is_refused_by_name(layer, word, bad):
    properties = [line for line in REQUIRED[layer] if not line.startswith(f"{word}:")]
    with pytest.raises(SpecError) as caught:
        read_layer(layer, [*properties, f"{word}: {bad}"])
    (fault,) = caught.value.faults
    assert fault.message.startswith(
        f"`{word}` of {layer.word} must be {properties_of(layer)[word].kind.wording}"
    )
    assert fault.where.line == 3 + len(properties)
    assert fault.where.source.strip() == f"{word}: {bad}"


@pytest.mark.parametrize(("layer", "line"), [(layer, line) for layer in LAYERS for line in REQUIRED[layer]])
def test_what_a_layer_needs_is_asked_for(layer, line):
    word = line.split(":")[0]
    with pytest.raises(SpecError, match=f"{layer.word} needs `{word}`"):
        read_layer(layer, ["Name: a", *(other for other in REQUIRED[layer] if other != line)])


def test_every_property_has_bad_values():
    assert {(layer, word) for layer, word, _ in BAD} == {(la, w) for la in LAYERS for w in properties_of(la)}
