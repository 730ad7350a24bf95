"""The network as a graph: layers with the sizes that flow between them, in the order of the data's way.

`Network` is a graph with its weights: all that prediction needs and all that training changes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lstmcli.layer_array import Entry
from lstmcli.layer_graph import Wires
from lstmcli.layers.layer import Layer, Parameter, Role, Sizes, State
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.records import Array, Size, Task, Weights

States = dict[str, State]


@dataclass(frozen=True)
class Node:
    """A layer with where its inputs come from, and the sizes that flow in and out of it.

    number : its place in the spec
    columns : those of the data that an input layer takes, None for all of them and for other layers
    """

    number: int
    entry: Entry
    wires: Wires
    sizes_in: Sizes
    sizes_out: Sizes
    columns: slice | None = None

    @cached_property
    def layer(self) -> Layer:
        """The layer itself."""
        return self.entry.layer

    @cached_property
    def name(self) -> str:
        """Its name, the key of its weights."""
        return self.entry.layer.name

    @property
    def size_out(self) -> Size:
        """The size at its first output."""
        return self.sizes_out[0]

    def parameters(self, *roles: Role) -> tuple[Parameter, ...]:
        """The arrays it owns, of these roles or all."""
        return tuple(p for p in self._owned if not roles or p.role in roles)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Names of the arrays that hold its state at step 0."""
        return tuple(p.name for p in self.parameters(Role.STATE))

    @cached_property
    def learns(self) -> bool:
        """Whether it has learnables."""
        return bool(self.parameters(Role.LEARNABLE))

    @cached_property
    def _owned(self) -> tuple[Parameter, ...]:
        return self.layer.parameters((*self.sizes_in, *self.sizes_out)[0])


@dataclass(frozen=True)
class Graph:
    """Nodes, each behind those it takes from; their `wires` count in this order."""

    nodes: tuple[Node, ...]

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes of the input layers, in the order of their columns."""
        return tuple(node for node in self.nodes if isinstance(node.layer, SequenceInput))

    @property
    def normalizes(self) -> bool:
        """Whether an input layer needs statistics of the data."""
        return any(node.parameters(Role.STATISTIC) for node in self.inputs)

    @cached_property
    def end(self) -> int:
        """The number of the output layer's node."""
        return next(k for k, node in enumerate(self.nodes) if isinstance(node.layer, OutputLayer))

    @cached_property
    def output(self) -> OutputLayer:
        """The output layer."""
        layer = self.nodes[self.end].layer
        assert isinstance(layer, OutputLayer)
        return layer

    @cached_property
    def output_size(self) -> Size:
        """What the network answers with."""
        return self.nodes[self.end].size_out

    @cached_property
    def columns(self) -> int:
        """The numbers of a time step that the network takes."""
        return sum(node.size_out.elements for node in self.inputs)

    @property
    def shortest(self) -> int:
        """The time steps of the shortest sequence of which every layer leaves one."""
        steps = (node.size_out.steps for node in self.nodes)
        return max(1, *(found.divide - found.add for found in steps if found is not None))

    @property
    def counts_steps(self) -> bool:
        """Whether a layer relies on the number of steps that come: of a join, or for answers at each step."""
        joins = (sum(size.time for size in node.sizes_in) > 1 for node in self.nodes)
        return self.output_size.time or any(joins)

    @property
    def task(self) -> Task:
        """What the network's end asks of data."""
        classification = self.output.classification
        classes = self.output.names if classification else None
        return Task(classification, self.output_size.time, classes, self._answer_once())

    def _answer_once(self) -> str:
        """What would leave the output without a time axis."""
        node = self.nodes[self.end]
        while node.wires and not hasattr(node.layer, "output_mode"):
            node = self.nodes[node.wires[0].layer]
        if hasattr(node.layer, "output_mode"):
            return f"give {node.entry.title} the `OutputMode` last, or put `- indexing1d: last` behind it"
        return "put `- indexing1d: last` or `- globalAveragePooling1d` where the network is to answer once"

    @cached_property
    def stateful(self) -> tuple[Node, ...]:
        """The nodes that have a state."""
        return tuple(node for node in self.nodes if node.states)

    @cached_property
    def trained(self) -> tuple[bool, ...]:
        """Of each node, whether a gradient goes back through it: it learns, or one before it does."""
        found: list[bool] = []
        for node in self.nodes:
            found.append(node.learns or any(found[wire.layer] for wire in node.wires))
        return tuple(found)

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

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """The kind of number it computes with: float32, or float64 for checks of gradients."""
        dtypes = (array.dtype for arrays in self.weights.values() for array in arrays.values())
        return next(dtypes, np.dtype(np.float32))

    @property
    def output_weights(self) -> dict[str, Array]:
        """The arrays of the output layer."""
        return self.weights[self.graph.nodes[self.graph.end].name]
