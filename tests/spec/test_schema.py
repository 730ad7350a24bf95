"""The JSON schema of specs: valid itself, and agreeing with the reader wherever a schema can."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lstmcli.data.declaration import DataSection
from lstmcli.errors import SpecError
from lstmcli.layers import LAYERS
from lstmcli.options import TrainingOptions
from lstmcli.schema import spec_schema
from lstmcli.spec.nodes import Form, Node
from lstmcli.spec.properties import Property, properties_of
from lstmcli.spec.reader import read_tree
from lstmcli.spec.writer import write_value
from lstmcli.spec_file import read_spec

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "layer_specs").glob("*.yaml"))
SCHEMA = spec_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
DECLARED = [
    pytest.param(declaring, item, id=f"{declaring.__name__}-{item.word}")
    for declaring in (*LAYERS, TrainingOptions, DataSection)
    for item in properties_of(declaring).values()
]
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def as_editors_read(node: Node) -> Any:
    """What YAML 1.2 (core schema) makes of it, which editors do."""
    if node.form is Form.LIST:
        return [as_editors_read(item) for item in node.items]
    if node.form is Form.MAPPING:
        return {key.text: as_editors_read(value) for key, value in node.pairs}
    if node.empty:
        return None
    if node.quoted:
        return node.text
    if NUMBER.fullmatch(node.text):
        return float(node.text)
    return WORDS.get(node.text, node.text)


def faults(text: str) -> list[str]:
    value = as_editors_read(read_tree(text, "spec.yaml", []))
    return [error.message for error in VALIDATOR.iter_errors(value)]


def with_layer(text: str) -> str:
    return f"layers:\n  - {text}\n"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA


def test_every_reference_leads_somewhere() -> None:
    places = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(SCHEMA)))
    assert len(places) > 400
    for place in places:
        at: Any = SCHEMA
        for part in place.split("/"):
            at = at[part]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_specs_of_this_repository_are_valid(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "softmax",
        "softmaxLayer",
        "SOFTMAX",
        "Classification",
        "classificationOutput",
        "lstm: 100",
        "lstm: [100]",
        "LSTMLayer: 100",
        "lstm: {numhiddenunits: 1e2, outputmode: LAST}",
        "lstm: {NumHiddenUnits: 100, OutputMode: last}",
        "{lstm: 100, OutputMode: last, Name: a}",
        "{lstm: , NumHiddenUnits: 100}",
        "relu:",
        "convolution1d: [3, 32]",
        "convolution1d: {FilterSize: 3, NumFilters: 32, Padding: causal}",
        "sequenceInput: [20, 20, 1]",
        "sequenceInput: {InputSize: [20, 20, 1], Mean: m.csv, Name: 7}",
        "lstm: {NumHiddenUnits: 1, InputWeights: w.h5:/a, Bias: [1, 2], BiasInitializer: python:a.b:c}",
        "fullyConnected: {OutputSize: 2, Weights: [[1, 2], [3, 4]]}",
        "classification: {Classes: [on, 1, x], inputs: [a/b]}",
        "classification: {Classes: auto}",
        "dropout: 0.2",
    ],
)
def test_every_way_to_write_a_layer(text: str) -> None:
    read_spec(with_layer(text), "spec.yaml", Path())
    assert faults(with_layer(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "lsmt: 100",
        "lstm",
        "lstm:",
        "lstm: {OutputMode: last}",
        "lstm: {NumHiddenUnit: 100}",
        "lstm: {NumHiddenUnits: 0}",
        "lstm: {NumHiddenUnits: 1.5}",
        "lstm: {NumHiddenUnits: 100, OutputMode: first}",
        "lstm: many",
        "lstm: [1, 2]",
        "{lstm: 100, OutputMod: last}",
        "convolution1d: 3",
        "convolution1d: [3]",
        "sequenceInput: [20, 20]",
        "softmax: 3",
        "[lstm, 100]",
        "{}",
        "",
    ],
)
def test_wrong_layers_are_underlined(text: str) -> None:
    with pytest.raises(SpecError):
        read_spec(with_layer(text), "spec.yaml", Path())
    assert faults(with_layer(text)) != []


NET = "layers: [softmax]\n"


@pytest.mark.parametrize(
    "text",
    [
        "options: {MiniBatchSize: 27, gradientthreshold: Inf, Shuffle: Every-Epoch, Verbose: off}",
        "options: {SequenceLength: 20, ValidationPatience: inf, InitialLearnRate: 1e-3}",
        "options:",
        "data: {train: a.csv, validation: 0.2, labels: 7, features: [a, 1]}",
        "data: {train: [a.csv, b.csv], time: none, horizon: 1}",
        "connections: [[a/b, c/d]]",
        "connections:",
        "seed: 3",
    ],
)
def test_sections(text: str) -> None:
    read_spec(NET + text, "spec.yaml", Path())
    assert faults(NET + text) == []


@pytest.mark.parametrize(
    "text",
    [
        "options: {MiniBatchsize_: 27}",
        "options: {MiniBatchSize: 0}",
        "options: {Shuffle: sometimes}",
        "options: {ValidationData: a.csv}",
        "data: {trian: a.csv}",
        "data: {validation: 1.5}",
        "data: [a.csv]",
        "connections: [[a]]",
        "seed: -1",
        "sed: 1",
    ],
)
def test_wrong_sections_are_underlined(text: str) -> None:
    with pytest.raises(SpecError):
        read_spec(NET + text, "spec.yaml", Path())
    assert faults(NET + text) != []


CASES = [
    path
    for path in sorted((Path(__file__).parent / "cases").glob("*.expected"))
    if re.match(r"error: .* is not (a property of|a layer|a part of)", path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_broken_specs_with_wrong_names_are_underlined(path: Path) -> None:
    assert faults(path.with_suffix(".yaml").read_text(encoding="utf-8")) != []


@pytest.mark.parametrize(("declaring", "item"), DECLARED)
def test_what_the_reader_refuses_is_underlined(declaring: type, item: Property) -> None:
    kind = Draft202012Validator(item.kind.schema)
    values = {bad: as_editors_read(read_tree(f"a: {bad}", "", []).pairs[0][1]) for bad in item.kind.bad}
    assert [bad for bad, value in values.items() if not list(kind.iter_errors(value))] == []


@pytest.mark.parametrize(("declaring", "item"), DECLARED)
def test_defaults_are_valid(declaring: type, item: Property) -> None:
    if item.required or item.default in (None, ""):
        return
    text = write_value(item.kind.write(item.default))
    value = as_editors_read(read_tree(f"a: {text}", "", []).pairs[0][1])
    assert list(Draft202012Validator(item.kind.schema).iter_errors(value)) == []
