"""Weights for a graph: drawn, given in the spec, or taken from a file."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from lstmcli.errors import Fault, SpecError
from lstmcli.given import read_given
from lstmcli.graph import Graph, Network, Node
from lstmcli.layers.layer import Parameter, Role
from lstmcli.records import Array, Weights


def initialize(graph: Graph, seed: int, folder: Path, dtype: type = np.float32) -> Network:
    """A network whose learnables and states are the user's, or drawn where the user gave none.

    seed : of the generator that all layers draw from, in the order of the layers
    folder : what files named in the spec are relative to
    Statistics that nobody gave stay absent: data fills them in (`missing_statistics`).
    Raises SpecError with every given value of a wrong size and every user's function that fails.
    """
    random = np.random.default_rng(seed)
    faults: list[Fault] = []
    weights: Weights = {}
    for node in graph.nodes:
        weights[node.name] = {}
        for parameter in node.parameters():
            try:
                values = _values(node, parameter, random, folder)
            except SpecError as error:
                faults.extend(error.faults)
            else:
                if values is not None:
                    weights[node.name][parameter.name] = np.ascontiguousarray(values, dtype=dtype)
    if faults:
        raise SpecError(faults)
    return Network(graph, weights)


def missing_statistics(network: Network) -> list[tuple[Node, Parameter]]:
    """The statistics that neither the user nor data has filled in."""
    return [
        (node, parameter)
        for node in network.graph.nodes
        for parameter in node.parameters(Role.STATISTIC)
        if parameter.name not in network.weights[node.name]
    ]


def _values(node: Node, parameter: Parameter, random: np.random.Generator, folder: Path) -> Array | None:
    given = node.layer.given(parameter)
    if given is not None:
        mark = node.entry.marks[parameter.attribute or ""]
        owner = f"`{parameter.name}` of {node.entry.title}"
        return read_given(given, parameter.shape, folder, owner, mark)
    if parameter.initialize is None:
        return None
    try:
        return parameter.initialize(random, parameter.shape)
    except SpecError as error:
        mark = node.entry.marks[f"{parameter.attribute}_initializer"]
        raise SpecError([replace(fault, where=mark) for fault in error.faults]) from error
