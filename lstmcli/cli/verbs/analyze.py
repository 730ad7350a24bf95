"""`lstmcli analyze`: the layers of a network with their sizes, as a table or a drawing."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lstmcli.cli.columns import Row, print_table, room_on
from lstmcli.cli.flags import threads_flag, use_threads
from lstmcli.cli.source import read_content, spec_text
from lstmcli.cli.streams import result
from lstmcli.errors import Fault, ModelError
from lstmcli.signature import is_hdf5

if TYPE_CHECKING:
    from lstmcli.graph import Graph

FORMATS = ("table", "svg", "dot")
LAYER, STATES = ("Name", "Type", "Description"), ("Learnables", "States")
ARRANGEMENTS = (
    tuple((title,) for title in ("", *LAYER, "Inputs", "Activations", *STATES)),
    (("",), LAYER, ("Inputs",), ("Activations",), *((title,) for title in STATES)),
    (("",), (*LAYER, "Inputs"), ("Activations",), STATES),
)
"""What is side by side and what one above the other, from the widest table to the narrowest."""


@click.command("analyze")
@click.argument("source", metavar="SPEC|MODEL")
@click.option(
    "--format",
    type=click.Choice(FORMATS, case_sensitive=False),
    default=FORMATS[0],
    help="A table (the default), a drawing in SVG, or the text of one for Graphviz.",
)
@threads_flag
def command(source: str, format: str, threads: int | None) -> None:
    """The layers of a spec or model: names, types, activations, learnables, states and totals.

    A spec is checked on the way, every fault in one run; no data is read, and nothing is trained. The table
    fits the terminal, or as many columns as COLUMNS says.
    """
    use_threads(threads, quiet=True)
    graph = _graph_of(source)
    if format == "table":
        print_layers(graph, room_on(sys.stdout))
    elif format == "svg":
        from lstmcli.analysis.svg import draw_svg

        result(draw_svg(graph))
    else:
        from lstmcli.analysis.dot import draw_dot

        result(draw_dot(graph))


def print_layers(graph: "Graph", room: float) -> None:
    """Print the layers and totals on stdout, in so many cells of a terminal if words allow it."""
    from lstmcli.analysis.wording import total, total_of_a_word
    from lstmcli.layers.layer import Role

    print_table([list(_rows(graph, arrangement)) for arrangement in ARRANGEMENTS], room)
    result(f"\nLayers: {len(graph.nodes)}")
    more = total_of_a_word(graph)
    words = f", and {more} for each word of the training data" if more else ""
    result(f"Total learnables: {total(graph, Role.LEARNABLE)}{words}")
    result(f"Total states: {total(graph, Role.STATE)}")


def _rows(graph: "Graph", arrangement: tuple[tuple[str, ...], ...]) -> Iterator[Row]:
    """A heading and a row for each layer; what no layer has is left out."""
    from lstmcli.analysis.wording import facts

    layers = [{"": (str(place + 1),), **facts(graph, place)} for place in range(len(graph.nodes))]
    known = {title for layer in layers for title, lines in layer.items() if lines}
    columns = [[title for title in titles if title in known] for titles in arrangement]
    columns = [titles for titles in columns if titles]
    yield [tuple(titles) for titles in columns]
    for layer in layers:
        yield [tuple(line for title in titles for line in layer[title]) for titles in columns]


def _graph_of(source: str) -> "Graph":
    from lstmcli.graph_building import build_graph
    from lstmcli.network_file import read_network
    from lstmcli.spec_file import read_spec

    content, name, folder = read_content(source)
    if not is_hdf5(content):
        return build_graph(read_spec(spec_text(content, name), name, folder).layers)
    if source == "-" or not Path(source).is_file():
        raise ModelError(Fault("a model cannot be analyzed from a pipe", None, "name the model file"))
    return read_network(Path(source)).network.graph
