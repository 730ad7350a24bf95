"""Drawings in SVG and for Graphviz: whole, readable by machines, and the same each time."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from analysis.networks import NETWORKS, STATES, STRANGE, graph_of

from lstmcli.analysis.dot import draw_dot
from lstmcli.analysis.sheet import lay_out
from lstmcli.analysis.svg import draw_svg
from lstmcli.analysis.wording import activations

SVG = "{http://www.w3.org/2000/svg}"
every_network = pytest.mark.parametrize("layers", NETWORKS.values(), ids=NETWORKS.keys())


def parsed(graph):
    """The groups of a drawing by their class."""
    root = ElementTree.fromstring(draw_svg(graph))
    found = {"layer": [], "arrow": []}
    for group in root.iter(f"{SVG}g"):
        found[group.get("class").split()[0]].append(group)
    return found


@every_network
def test_each_layer_is_a_box_with_its_name_type_and_sizes(layers):
    graph = graph_of(layers)
    drawn = parsed(graph)["layer"]
    for group, node in zip(drawn, graph.nodes, strict=True):
        texts = [text.text for text in group.iter(f"{SVG}text") if text.get("class") != "port"]
        assert texts == [node.name, node.layer.type_text, *activations(node)]
        assert ("learns" in group.get("class")) == node.learns


@every_network
def test_each_connection_is_an_arrow(layers):
    graph = graph_of(layers)
    assert len(parsed(graph)["arrow"]) == sum(len(node.wires) for node in graph.nodes)


def test_ports_have_names_where_there_are_several():
    drawn = parsed(graph_of(STATES))["layer"]
    ports = [[t.text for t in group.iter(f"{SVG}text") if t.get("class") == "port"] for group in drawn]
    assert ports == [[], ["out", "hidden", "cell"], ["in", "hidden", "cell"], [], []]


@every_network
def test_no_arrow_crosses_a_box_and_all_is_on_the_sheet(layers):
    sheet = lay_out(graph_of(layers))
    boxes = [(x - box.width / 2, x + box.width / 2, y, y + box.height) for box, x, y in sheet.boxes]
    for left, right, top, bottom in boxes:
        assert 0 < left < right < sheet.width
        assert 0 < top < bottom < sheet.height
    for runs in sheet.arrows:
        for run in runs:
            assert 0 < run.x < sheet.width
            beside = [
                run.bottom <= top or run.top >= bottom
                for left, right, top, bottom in boxes
                if left < run.x < right
            ]
            assert all(beside)
        for run, after in pairwise(runs):
            # On its way to the side it is where no box is.
            assert all(bottom <= run.bottom or top >= after.top for _, _, top, bottom in boxes)


def test_texts_are_within_their_boxes():
    """Letters of fixed width take three fifths of their size, and so do halves of wide ones."""
    for box, _, _ in lay_out(graph_of(STRANGE)).boxes:
        name = box.lines[0][1]
        assert (2 if name == "値" else 1) * len(name) * 14 * 0.6 < box.width


@every_network
@pytest.mark.parametrize("draw", [draw_svg, draw_dot])
def test_the_same_network_is_the_same_drawing(draw, layers):
    assert draw(graph_of(layers)) == draw(graph_of(layers))


def test_names_are_in_quotes_for_graphviz():
    first, second, *_ = re.findall(r"^  (.*) \[label=", draw_dot(graph_of(STRANGE)), re.MULTILINE)
    assert first == r'"<a> & \"b\" \\n {c|d}"'
    assert second == '"値"'
    assert r'  "<a> & \"b\" \\n {c|d}" -> "値";' in draw_dot(graph_of(STRANGE)).splitlines()


def test_ports_are_labels_for_graphviz():
    lines = draw_dot(graph_of(STATES)).splitlines()
    assert [line for line in lines if "->" in line] == [
        '  "sequenceinput" -> "encoder";',
        '  "sequenceinput" -> "decoder" [headlabel="in"];',
        '  "encoder" -> "decoder" [taillabel="hidden", headlabel="hidden"];',
        '  "encoder" -> "decoder" [taillabel="cell", headlabel="cell"];',
        '  "decoder" -> "fc";',
        '  "fc" -> "regressionoutput";',
    ]
