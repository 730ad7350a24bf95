"""Layers and ports in `inputs` and `connections`: in any case, unless names differ in case alone."""

from pathlib import Path

import pytest

from lstmcli.layer_graph import wire
from lstmcli.layers.layer import Layer
from lstmcli.spec_file import read_spec

STATES = """layers:
  - sequenceInput: 3
  - lstm: {{NumHiddenUnits: 4, HasStateOutputs: true, Name: Encoder}}
  - lstm: {{NumHiddenUnits: 4, HasStateInputs: true, Name: decoder, inputs: [{}, {}]}}
  - fullyConnected: 2
  - regression
connections:
  - [{}, {}]
"""
CASES = """layers:
  - sequenceInput: 3
  - fullyConnected: {{OutputSize: 2, Name: Net}}
  - fullyConnected: {{OutputSize: 2, Name: net}}
  - addition: {{NumInputs: 2, inputs: [{}, {}]}}
  - regression
"""


def wires(text: str) -> list[list[tuple[Layer, str]]]:
    """For each layer, the layers and ports that it takes."""
    graph = read_spec(text, "spec.yaml", Path()).layers
    layers = [entry.layer for entry in graph.entries]
    return [
        [(layers[s.layer].name, layers[s.layer].output_ports[s.port]) for s in sources]
        for sources in wire(graph)
    ]


EXACT = ("sequenceinput", "Encoder/hidden", "Encoder/cell", "decoder/cell")


@pytest.mark.parametrize(
    "names",
    [
        ("sequenceInput", "encoder/hidden", "encoder/cell", "Decoder/cell"),
        ("SEQUENCEINPUT/OUT", "ENCODER/HIDDEN", "ENCODER/CELL", "DECODER/CELL"),
        ("sequenceinput/Out", "Encoder/Hidden", "Encoder/Cell", "decoder/Cell"),
    ],
)
def test_case_does_not_matter(names: tuple[str, ...]) -> None:
    expected = wires(STATES.format(*EXACT))
    assert expected[2] == [("sequenceinput", "out"), ("Encoder", "hidden"), ("Encoder", "cell")]
    assert wires(STATES.format(*names)) == expected


@pytest.mark.parametrize(("first", "second"), [("Net", "net"), ("net", "Net")])
def test_names_that_differ_in_case_alone_are_told_apart(first: str, second: str) -> None:
    assert wires(CASES.format(first, second))[3] == [(first, "out"), (second, "out")]
