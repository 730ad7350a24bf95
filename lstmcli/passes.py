"""Forward and backward over a graph."""

from typing import Any, NamedTuple

from lstmcli.graph import Graph, Network, Node, States
from lstmcli.kernels.joins import add
from lstmcli.kernels.memory import Memory
from lstmcli.layer_graph import Source
from lstmcli.layers.layer import Mode
from lstmcli.records import Array, Signal, Weights


class Passed(NamedTuple):
    """What a forward pass over the graph returns; `saved`, maybe empty, is for backward alone.

    statistics : in training, new values of some layers' statistics
    """

    output: Signal
    states: States
    saved: tuple[Any, ...]
    statistics: Weights


class Found(NamedTuple):
    """What the layers of a graph gave: all outputs of each, and the rest as in `Passed`."""

    outputs: list[tuple[Signal, ...]]
    states: States
    saved: tuple[Any, ...]
    statistics: Weights


def forward(network: Network, x: Signal, states: States, mode: Mode) -> Passed:
    """Run all layers in order; x has the columns of all input layers."""
    found = run_layers(network, x, states, mode)
    return Passed(found.outputs[network.graph.end][0], found.states, found.saved, found.statistics)


def run_layers(network: Network, x: Signal, states: States, mode: Mode) -> Found:
    """The same of a graph that need not have an end."""
    outputs: list[tuple[Signal, ...]] = []
    after: States = {}
    saved: list[Any] = []
    statistics: Weights = {}
    for node in network.graph.nodes:
        xs = inputs_of(node, outputs, x)
        result = node.layer.forward(network.weights[node.name], xs, states.get(node.name, ()), mode)
        outputs.append(result.outputs)
        if result.state:
            after[node.name] = result.state
        if result.statistics:
            statistics[node.name] = dict(result.statistics)
        if mode.saves:
            saved.append(result.saved)
    return Found(outputs, after, tuple(saved), statistics)


def inputs_of(node: Node, outputs: list[tuple[Signal, ...]], x: Signal) -> tuple[Signal, ...]:
    """What goes into a layer, from the outputs of those before it; x goes into input layers."""
    if node.wires:
        return tuple([outputs[wire.layer][wire.port] for wire in node.wires])
    return (x if node.columns is None else x.with_data(x.data[..., node.columns]),)


def backward(network: Network, passed: Passed, dy: Array, mode: Mode) -> Weights:
    """The gradients of all learnables, given the gradient that the output layer's loss returned."""
    graph = network.graph
    sums = _Sums(mode.memory.part("sums of gradients"))
    sums.add(_start(graph), dy)
    gradients: Weights = {node.name: {} for node in graph.nodes}
    for k in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[k]
        dys = tuple([sums.found.get(Source(k, port)) for port in range(len(node.sizes_out))])
        if not graph.trained[k] or all(d is None for d in dys):
            continue
        need_dx = any(graph.trained[wire.layer] for wire in node.wires)
        result = node.layer.backward(network.weights[node.name], passed.saved[k], dys, need_dx)
        gradients[node.name] = result.gradients
        for wire, dx in zip(node.wires, result.dxs, strict=True):
            if dx is not None:
                sums.add(wire, dx)
    return gradients


class _Sums:
    """The gradients of outputs, each the sum over those that take it."""

    def __init__(self, memory: Memory):
        self.found: dict[Source, Array] = {}
        self._memory = memory

    def add(self, output: Source, dy: Array) -> None:
        """One more that takes this output."""
        before = self.found.get(output)
        if before is None:
            self.found[output] = dy
        else:
            self.found[output] = add((before, dy), self._memory.part(f"{output}"))


def _start(graph: Graph) -> Source:
    """The output that the loss's gradient is that of: the answer, or what goes into the layer before it."""
    (answer,) = graph.nodes[graph.end].wires
    return graph.nodes[answer.layer].wires[0] if graph.output.follows else answer
