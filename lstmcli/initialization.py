"""Weights for a graph: drawn, given in the spec, or taken from a file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.word_vectors import read_word_vectors
from lstmcli.errors import Fault, Mark, SpecError, listed
from lstmcli.given import NOT_NEGATIVE, read_given
from lstmcli.graph import Graph, Network, Node
from lstmcli.layers.layer import Parameter, Role
from lstmcli.records import Array, Weights
from lstmcli.spec.word_values import WordVectors


def initialize(
    graph: Graph, seed: int, folder: Path, dtype: type = np.float32, vocabulary: Sequence[str] = ()
) -> Network:
    """A network whose learnables and states are the user's, or drawn where the user gave none.

    seed : of the generator that all layers draw from, in the order of the layers
    folder : what files named in the spec are relative to
    vocabulary : the words that files of word vectors are searched for
    Statistics that nobody gave stay absent: data fills them in (`missing_statistics`).
    Raises SpecError with all given values of a wrong size or range and all users' functions that fail.
    """
    random = np.random.default_rng(seed)
    faults: list[Fault] = []
    weights: Weights = {}
    for node in graph.nodes:
        weights[node.name] = {}
        for parameter in node.parameters():
            try:
                values = _values(node, parameter, random, folder, vocabulary)
            except SpecError as error:
                faults.extend(error.faults)
            else:
                if values is not None:
                    weights[node.name][parameter.name] = np.ascontiguousarray(values, dtype=dtype)
        faults.extend(_range_faults(node, weights[node.name]))
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


def _values(
    node: Node, parameter: Parameter, random: np.random.Generator, folder: Path, vocabulary: Sequence[str]
) -> Array | None:
    given = node.layer.given(parameter)
    if given is None:
        return _drawn(node, parameter, random)
    mark = node.entry.marks[parameter.attribute or ""]
    owner = f"`{parameter.name}` of {node.entry.title}"
    if isinstance(given, WordVectors):
        places, values = _by_word(folder / given.path, vocabulary, parameter.shape[0], owner, mark)
    else:
        values = read_given(given, parameter.shape, folder, owner, mark, parameter.words)
        if parameter.name in NOT_NEGATIVE and values.min() < 0:
            raise SpecError(Fault(f"{owner} must be at least 0", mark))
        if values.shape == parameter.shape:
            return values
        places = np.arange(values.shape[-1])
    whole = np.array(_drawn(node, parameter, random))
    whole[:, places] = values
    return whole


def _range_faults(node: Node, own: dict[str, Array]) -> list[Fault]:
    """A range that is given the wrong way round."""
    if "Min" not in own or "Max" not in own or (own["Min"] <= own["Max"]).all():
        return []
    return [Fault(f"`Max` of {node.entry.title} must be at least its `Min`", node.entry.marks["max"])]


def _drawn(node: Node, parameter: Parameter, random: np.random.Generator) -> Array | None:
    if parameter.initialize is None:
        return None
    try:
        return parameter.initialize(random, parameter.shape)
    except SpecError as error:
        mark = node.entry.marks[f"{parameter.attribute}_initializer"]
        raise SpecError([replace(fault, where=mark) for fault in error.faults]) from error


def _by_word(
    path: Path, vocabulary: Sequence[str], dimension: int, owner: str, mark: Mark
) -> tuple[NDArray[np.int64], Array]:
    """The words of the vocabulary that a file of word vectors has, by number from 0, and their columns."""
    if not vocabulary:
        message = f"{owner} cannot be found by word: the data has none"
        raise SpecError(Fault(message, mark, "name the column of texts: `data: {words: COLUMN}`"))
    places, vectors = read_word_vectors(str(path), vocabulary, dimension)
    if not len(places):
        message = f"{owner}: none of the {len(vocabulary)} words of the data is in `{path}`"
        help = f"case counts: the words of the data are such as {listed(vocabulary[:3])}"
        raise SpecError(Fault(message, mark, help))
    return places, vectors.T
