"""The network as a graph: sizes inferred from layer to layer, forward and backward over it.

`Network` is a graph with its weights: all that prediction needs and all that training changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from lstmcli.errors import Fault, SpecError
from lstmcli.layer_array import Entry, LayerArray
from lstmcli.layers.layer import Layer, Mode, Parameter, Role, SizeError, State
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.records import Array, Signal, Size, Task, Weights

States = dict[str, State]


@dataclass(frozen=True)
class Node:
    """A layer with the sizes that flow in and out of it."""

    entry: Entry
    size_in: Size
    size_out: Size

    @cached_property
    def layer(self) -> Layer:
        """The layer itself."""
        return self.entry.layer

    @cached_property
    def name(self) -> str:
        """Its name, the key of its weights."""
        return self.entry.layer.name

    def parameters(self, *roles: Role) -> tuple[Parameter, ...]:
        """The arrays it owns, of these roles or all."""
        return tuple(p for p in self._owned if not roles or p.role in roles)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Names of the arrays that hold its state at step 0."""
        return tuple(p.name for p in self.parameters(Role.STATE))

    @cached_property
    def _owned(self) -> tuple[Parameter, ...]:
        return self.layer.parameters(self.size_in)


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of the data's way through them."""

    nodes: tuple[Node, ...]

    @property
    def input(self) -> SequenceInput:
        """The input layer."""
        layer = self.nodes[0].layer
        assert isinstance(layer, SequenceInput)
        return layer

    @property
    def output(self) -> OutputLayer:
        """The output layer."""
        layer = self.nodes[-1].layer
        assert isinstance(layer, OutputLayer)
        return layer

    @property
    def output_size(self) -> Size:
        """What the network answers with."""
        return self.nodes[-1].size_out

    @property
    def task(self) -> Task:
        """What the network's end asks of data."""
        classification = self.output.classification
        classes = self.output.names if classification else None
        return Task(classification, self.output_size.time, classes)

    @cached_property
    def stateful(self) -> tuple[Node, ...]:
        """The nodes that have a state."""
        return tuple(node for node in self.nodes if node.states)

    @cached_property
    def trained(self) -> tuple[int, int]:
        """The nodes first ... end-1 that a gradient goes back through: from the first learnable on, up to
        those that the loss's own gradient includes.
        """
        end = len(self.nodes) - (2 if self.output.follows else 1)
        return next((k for k, node in enumerate(self.nodes) if node.parameters(Role.LEARNABLE)), end), end

    def initial_states(self, weights: Weights, observations: int) -> States:
        """The states at step 0, HiddenState and CellState repeated for each observation."""
        return {
            node.name: tuple(weights[node.name][name][None].repeat(observations, 0) for name in node.states)
            for node in self.stateful
        }

    def carried(self, states: States, weights: Weights) -> States:
        """The states that the next piece of a split sequence starts from."""
        return {
            node.name: node.layer.carried(states[node.name], weights[node.name]) for node in self.stateful
        }


@dataclass(frozen=True)
class Network:
    """A graph and the arrays of its layers."""

    graph: Graph
    weights: Weights

    @property
    def dtype(self) -> np.dtype[Any]:
        """The kind of number it computes with: float32, or float64 for checks of gradients."""
        dtypes = (array.dtype for arrays in self.weights.values() for array in arrays.values())
        return next(dtypes, np.dtype(np.float32))


class Passed(NamedTuple):
    """What a forward pass over the graph returns; `saved`, maybe empty, is for backward alone."""

    output: Signal
    states: States
    saved: tuple[Any, ...]


def build_graph(entries: LayerArray) -> Graph:
    """Connect the layers and infer every size.

    Raises SpecError with all faults of order and size, each naming the layers at both ends.
    """
    faults: list[Fault] = []
    _check_order(entries, faults)
    if faults:
        raise SpecError(faults)
    nodes: list[Node] = []
    size = Size(0, time=True)
    for entry in entries:
        try:
            size_out = entry.layer.propagate(size)
        except SizeError as error:
            faults.append(_size_fault(entry, nodes, size, error))
            size_out = entry.layer.propagate(replace(_wanted_size(entry, size), time=True))
        nodes.append(Node(entry, size, size_out))
        size = size_out
    if faults:
        raise SpecError(faults)
    return Graph(tuple(nodes))


def forward(network: Network, x: Signal, states: States, mode: Mode) -> Passed:
    """Run all layers in order."""
    after: States = {}
    saved = []
    for node in network.graph.nodes:
        result = node.layer.forward(network.weights[node.name], x, states.get(node.name, ()), mode)
        x = result.output
        if result.state:
            after[node.name] = result.state
        if mode.saves:
            saved.append(result.saved)
    return Passed(x, after, tuple(saved))


def backward(network: Network, saved: Sequence[Any], dy: Array) -> Weights:
    """The gradients of all learnables, given the gradient that the output layer's loss returned."""
    nodes, (first, end) = network.graph.nodes, network.graph.trained
    gradients: Weights = {}
    for k in range(end - 1, first - 1, -1):
        node = nodes[k]
        result = node.layer.backward(network.weights[node.name], saved[k], dy, need_dx=k > first)
        gradients[node.name] = result.gradients
        if result.dx is not None:
            dy = result.dx
    return {node.name: gradients.get(node.name, {}) for node in nodes}


def _check_order(entries: LayerArray, faults: list[Fault]) -> None:
    first, last = entries[0], entries[-1]
    if not any(isinstance(entry.layer, SequenceInput) for entry in entries):
        message = f"the first layer must be an input layer, not {first.title}"
        faults.append(Fault(message, first.mark, "start with `- sequenceInput: 12`, the number of channels"))
    for entry in entries[1:]:
        if isinstance(entry.layer, SequenceInput):
            message = f"{entry.title} must be the first layer, but that is {first.title}"
            faults.append(Fault(message, entry.mark))
    for before, entry in zip((None, *entries), entries, strict=False):
        if not isinstance(entry.layer, OutputLayer):
            continue
        if entry is not last:
            message = f"{entry.title} must be the last layer, but that is {last.title}"
            faults.append(Fault(message, entry.mark))
        follows = entry.layer.follows
        if follows and (before is None or before.layer.word != follows):
            stands = before.title if before else "nothing"
            message = f"{entry.title} must follow a {follows} layer, but {stands} stands before it"
            faults.append(Fault(message, entry.mark, f"put `- {follows}` before it"))
    if not any(isinstance(entry.layer, OutputLayer) for entry in entries):
        message = f"the last layer must be an output layer, not {last.title}"
        help = "end with `- softmax` and `- classification`, or `- regression`"
        faults.append(Fault(message, last.mark, help))


def _size_fault(entry: Entry, before: list[Node], size: Size, error: SizeError) -> Fault:
    gives = f"{size.channels} channel{'' if size.channels == 1 else 's'}"
    if not size.time:
        gives += " without a time axis"
    message = f"{entry.title} {error}, but {before[-1].entry.title} before it gives {gives}"
    if not _refuses(entry, _wanted_size(entry, size)):
        return Fault(message, entry.marks["input_size"])
    last = next(node for node in reversed(before) if node.size_in.time and not node.size_out.time)
    return Fault(message, entry.mark, f"give {last.entry.title} the `OutputMode` sequence")


def _wanted_size(entry: Entry, size: Size) -> Size:
    """The size with as many channels as the layer's InputSize says."""
    wanted = getattr(entry.layer, "input_size", "auto")
    return replace(size, channels=wanted) if isinstance(wanted, int) else size


def _refuses(entry: Entry, size: Size) -> bool:
    try:
        entry.layer.propagate(size)
    except SizeError:
        return True
    return False
