"""`lstmcli analyze`: the layers of a network with their sizes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lstmcli.cli.flags import threads_flag, use_threads
from lstmcli.cli.source import is_model, read_source
from lstmcli.cli.streams import result

if TYPE_CHECKING:
    from lstmcli.graph import Graph


@click.command("analyze")
@click.argument("source", metavar="SPEC|MODEL")
@threads_flag
def command(source: str, threads: int | None) -> None:
    """The layer table of a spec or model: names, types, activations, learnables, states and totals.

    A spec is checked on the way; every fault is reported, and nothing is trained.
    """
    use_threads(threads, quiet=True)
    print_table(_graph_of(source))


def print_table(graph: "Graph") -> None:
    """Print the table on stdout; a layer with several arrays takes as many lines."""
    from lstmcli.layers.layer import Role

    rows = [["", "Name", "Type", "Activations", "Learnables", "States"]]
    for number, node in enumerate(graph.nodes, 1):
        learnables = [_shown(p.name, p.shape) for p in node.parameters(Role.LEARNABLE)]
        states = [_shown(p.name, p.shape) for p in node.parameters(Role.STATE)]
        size = node.size_out
        activations = f"{size.channels}(C) x 1(B)" + (" x 1(T)" if size.time else "")
        for k in range(max(len(learnables), len(states), 1)):
            first = [str(number), node.name, node.layer.type_text, activations] if k == 0 else [""] * 4
            rows.append(
                [*first, *((column[k] if k < len(column) else "") for column in (learnables, states))]
            )
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    for row in rows:
        result("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    result(f"\nLayers: {len(graph.nodes)}\nTotal learnables: {total_learnables(graph)}")


def total_learnables(graph: "Graph") -> int:
    """How many numbers the network learns."""
    from math import prod

    from lstmcli.layers.layer import Role

    return sum(prod(p.shape) for node in graph.nodes for p in node.parameters(Role.LEARNABLE))


def _shown(name: str, shape: tuple[int, ...]) -> str:
    return f"{name} " + "x".join(map(str, (*shape, 1) if len(shape) == 1 else shape))


def _graph_of(source: str) -> "Graph":
    from lstmcli.graph import build_graph
    from lstmcli.network_file import read_network
    from lstmcli.spec_file import read_spec

    path = Path(source)
    if source != "-" and path.is_file():
        with path.open("rb") as file:
            if is_model(file.read(520)):
                return read_network(path).network.graph
    text, name, folder = read_source(source)
    return build_graph(read_spec(text, name, folder).layers)
