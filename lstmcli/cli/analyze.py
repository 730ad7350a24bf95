"""`lstmcli analyze`: the layers of a network with their sizes."""

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lstmcli.cli.flags import threads_flag, use_threads
from lstmcli.cli.source import read_content, spec_text
from lstmcli.cli.streams import result
from lstmcli.errors import Fault, ModelError
from lstmcli.signature import is_hdf5

if TYPE_CHECKING:
    from lstmcli.graph import Graph
    from lstmcli.layers.layer import Parameter


@click.command("analyze")
@click.argument("source", metavar="SPEC|MODEL")
@threads_flag
def command(source: str, threads: int | None) -> None:
    """The layers of a spec or model: names, types, activations, learnables, states and totals.

    A spec is checked on the way, every fault in one run; no data is read, and nothing is trained.
    """
    use_threads(threads, quiet=True)
    graph = _graph_of(source)
    print_layer_array(graph)
    result()
    print_sizes(graph)


def print_layer_array(graph: "Graph") -> None:
    """Print the layers on stdout as MATLAB lists a layer array: name, type and description."""
    rows = [[f"'{node.name}'", node.layer.type_text, node.layer.describe()] for node in graph.nodes]
    _print_rows([[str(number), *row] for number, row in enumerate(rows, 1)])


def print_sizes(graph: "Graph") -> None:
    """Print the sizes and their totals on stdout; a layer with several arrays takes as many lines."""
    from lstmcli.layers.layer import Role

    rows = [["", "Name", "Activations", "Learnables", "States"]]
    total_learnables = total_states = 0
    for number, node in enumerate(graph.nodes, 1):
        learnables, states = node.parameters(Role.LEARNABLE), node.parameters(Role.STATE)
        total_learnables += _count(learnables)
        total_states += _count(states)
        size = node.size_out
        activations = f"{size.channels}(C) x 1(B)" + (" x 1(T)" if size.time else "")
        for k in range(max(len(learnables), len(states), 1)):
            first = [str(number), node.name, activations] if k == 0 else [""] * 3
            rows.append([*first, *(_shown(column[k : k + 1]) for column in (learnables, states))])
    _print_rows(rows, heading=True)
    result(
        f"\nLayers: {len(graph.nodes)}\nTotal learnables: {total_learnables}\nTotal states: {total_states}"
    )


def _count(parameters: tuple["Parameter", ...]) -> int:
    return sum(prod(p.shape) for p in parameters)


def _shown(parameters: tuple["Parameter", ...]) -> str:
    """The array with its size, of one or none."""
    return "".join(
        f"{p.name} {'x'.join(map(str, (*p.shape, 1)[: max(2, len(p.shape))]))}" for p in parameters
    )


def _print_rows(rows: list[list[str]], heading: bool = False) -> None:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    if heading:
        rows.insert(1, ["-" * width for width in widths])
    for row in rows:
        result("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


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
