"""What a layer of a network gives: one of its outputs, or the gates and states of a recurrent one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from lstmcli.errors import Fault, Mark
from lstmcli.graph import Graph, Network, States
from lstmcli.kernels.memory import Memory
from lstmcli.layer_ports import Ports
from lstmcli.layers.images import to_columns
from lstmcli.layers.layer import MINI_BATCH_SIZE, Mode
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.layers.recurrent import Recurrent
from lstmcli.minibatches import mini_batches, split
from lstmcli.options import TrainingOptions
from lstmcli.passes import inputs_of, run_layers
from lstmcli.prediction import Prediction, signal_of
from lstmcli.records import Array, MiniBatch, Sequences, Signal, Size, Steps


@dataclass(frozen=True)
class Probe:
    """What is looked at, in a network that ends where it is.

    graph : the layers up to the one that is looked at; port : the number of its output, or None for its gates
    """

    graph: Graph
    port: int | None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Those of the numbers of a step: `lstm_1`, `conv_<row>_<column>_<channel>`, `i_1` of a gate."""
        layer, size = self.graph.nodes[-1].layer, self.size
        if isinstance(layer, OutputLayer) and layer.names is not None:
            return layer.names
        if self.port is None:
            return tuple(f"{letter}_{unit}" for letter in self.kinds for unit in range(1, self.units + 1))
        stem = f"{layer.name}_{layer.output_ports[self.port]}" if self.port else layer.name
        # The rows of an image are counted first.
        sides = [range(1, side + 1) for side in (size.channels, *reversed(size.spatial))]
        return tuple("_".join((stem, *map(str, reversed(place)))) for place in product(*sides))

    @property
    def size(self) -> Size:
        """The size of what is looked at."""
        node = self.graph.nodes[-1]
        if self.port is not None:
            return node.sizes_out[self.port]
        return replace(node.sizes_in[0], channels=len(self.kinds) * self.units)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The letters of gates and states, each of all units; nothing of an output."""
        layer = self.graph.nodes[-1].layer
        return layer.inside if self.port is None and isinstance(layer, Recurrent) else ()

    @property
    def units(self) -> int:
        """Hidden units, or channels; of images all numbers."""
        layer = self.graph.nodes[-1].layer
        if self.port is None and isinstance(layer, Recurrent):
            return layer.directions * layer.num_hidden_units
        return self.size.elements

    @property
    def per_step(self) -> bool:
        """Whether there is something at each step; of folded sequences, too."""
        return self.size.steps is not None

    @property
    def keeps_steps(self) -> bool:
        """Whether its steps are those of the data."""
        return self.size.steps == Steps()


def find_probe(graph: Graph, text: str, gates: bool) -> Probe | Fault:
    """The output that `layer` or `layer/port` names, or the layer's gates; else what is wrong with it."""
    if text.lower() == graph.nodes[graph.end].name.lower():
        number, port = graph.end, 0
    else:
        faults: list[Fault] = []
        mark = Mark("", 1, 1, len(text), text)
        found = Ports(tuple(node.entry for node in graph.nodes), faults).output(text, mark, "LAYER")
        if found is None:
            # A trained layer gets no new ports.
            states = faults[0].help is not None and "HasState" in faults[0].help
            help = "`--gates` gives the states of each step" if states else faults[0].help
            return replace(faults[0], where=None, help=help)
        number, port = found
    node = graph.nodes[number]
    if gates and (not isinstance(node.layer, Recurrent) or "/" in text):
        recurrent = [f"`{other.name}`" for other in graph.nodes if isinstance(other.layer, Recurrent)]
        help = f"the layers with gates are {', '.join(recurrent)}" if recurrent else "leave out `--gates`"
        return Fault(f"`{text}` has no gates", None, help)
    if not gates and node.layer.output_ports[port : port + 1] == (MINI_BATCH_SIZE,):
        return Fault(f"`{text}` has no numbers: it tells an unfolding how the frames lie")
    return Probe(Graph(graph.nodes[: number + 1]), None if gates else port)


def activations(
    network: Network, probe: Probe, sequences: Sequences, options: TrainingOptions, memory: Memory
) -> Iterator[Prediction]:
    """What the layer gives to every sequence in order, each as soon as its mini-batch is done.

    Of images a step is a column, as MATLAB has them in memory. Padding is taken off again: where it is data,
    a sequence keeps as many of the layer's steps as it has by itself, from the side that is not padded.
    memory : of earlier activations with the same weights
    """
    for batch in mini_batches(sequences, None, np.arange(len(sequences)), options):
        found = _of_batch(network, probe, batch, options, memory)
        for row, values in zip(batch.rows.tolist(), found, strict=True):
            cut = int(sequences.lengths[row]) - len(values) if probe.keeps_steps else 0
            yield Prediction(row, values, cut if options.sequence_padding_direction == "left" else 0)


def _of_batch(
    network: Network, probe: Probe, batch: MiniBatch, options: TrainingOptions, memory: Memory
) -> list[Array]:
    """Of each observation: float[S, n], or float[n] without a time axis."""
    graph, weights, steps = probe.graph, network.weights, probe.size.steps
    states, parts = graph.initial_states(weights, len(batch.rows)), list[list[Array]]()
    once: Array | None = None
    for piece in split(batch, options.sequence_length):
        x = signal_of(piece, options.mask_padding, network.dtype)
        y, after = _run(network, probe, x, states, memory)
        states = graph.carried(after, weights)
        columns = y.with_data(to_columns(y.data, memory.part("columns")))
        if steps is not None:
            parts.append(_real_steps(columns, steps, piece, options))
        elif once is None or not options.mask_padding:
            once = columns.data.copy()
        else:
            # The answer to a sequence comes after its last real step.
            real = piece.start < piece.stop
            once[real] = columns.data[real]
    return [np.concatenate(own) for own in zip(*parts, strict=True)] if once is None else list(once)


def _run(network: Network, probe: Probe, x: Signal, states: States, memory: Memory) -> tuple[Signal, States]:
    """What is looked at, and the states after the steps of x."""
    *before, node = probe.graph.nodes
    plain = Mode(saves=False, memory=memory)
    found = run_layers(Network(Graph(tuple(before)), network.weights), x, states, plain)
    weights, xs = network.weights[node.name], inputs_of(node, found.outputs, x)
    mode = replace(plain, saves=probe.port is None)
    result = node.layer.forward(weights, xs, states.get(node.name, ()), mode)
    after = {**found.states, node.name: result.state}
    if probe.port is None:
        assert isinstance(node.layer, Recurrent)
        inside = node.layer.look_inside(result.saved)
        return xs[0].with_data(np.concatenate(inside, axis=-1)), after
    y = result.outputs[probe.port]
    if isinstance(node.layer, OutputLayer):
        y = y.with_data(node.layer.restore(weights, y.data))
    return y, after


def _real_steps(y: Signal, steps: Steps, piece: MiniBatch, options: TrainingOptions) -> list[Array]:
    """Of each observation a copy of the steps that are none of padding."""
    first, last = y.start, y.stop
    if not options.mask_padding:
        counts = np.array([steps.of(int(length)) if length else 0 for length in piece.stop - piece.start])
        left = options.sequence_padding_direction == "left"
        first = len(y.data) - counts if left else 0 * counts
        last = first + counts
    return [y.data[a:b, n].copy() for n, (a, b) in enumerate(zip(first, last, strict=True))]
