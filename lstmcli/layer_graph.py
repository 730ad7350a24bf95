"""Which output goes to which input: the layers of a spec with their `inputs` and `connections`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from lstmcli.errors import Fault, Mark, SpecError, counted
from lstmcli.layer_array import Entry
from lstmcli.layer_ports import Ports
from lstmcli.layers.layer import MINI_BATCH_SIZE
from lstmcli.layers.output_layer import OutputLayer
from lstmcli.spec.nodes import Form, Node


class Connection(NamedTuple):
    """A line of `connections`, as connectLayers takes it: `layer` or `layer/port` at both ends."""

    source: str
    destination: str
    source_mark: Mark
    destination_mark: Mark


@dataclass(frozen=True)
class LayerGraph:
    """MATLAB's layerGraph: layers, each connected to the one before it or its `inputs`; and connections."""

    entries: tuple[Entry, ...]
    connections: tuple[Connection, ...] = ()


class Source(NamedTuple):
    """An output: the number of its layer, and of its port."""

    layer: int
    port: int


Wires = tuple[Source, ...]
"""Where each input of a layer comes from."""


def read_connections(node: Node | None, faults: list[Fault]) -> tuple[Connection, ...]:
    """The pairs under `connections:`; what is wrong goes into `faults`."""
    if node is None or node.empty:
        return ()
    help = "write `- [fold/miniBatchSize, unfold/miniBatchSize]`: a source and a destination"
    if node.form is not Form.LIST:
        faults.append(Fault("`connections` must be a list of pairs", node.mark, help))
        return ()
    found = []
    for item in node.items:
        ends = [end.text for end in item.items if end.form is Form.SCALAR and not end.empty]
        if item.form is not Form.LIST or len(ends) != 2 or len(item.items) != 2:
            faults.append(Fault(f"a connection must be a pair of layers, got {item.show()}", item.mark, help))
        else:
            found.append(Connection(ends[0], ends[1], item.items[0].mark, item.items[1].mark))
    return tuple(found)


def wire(graph: LayerGraph) -> tuple[Wires, ...]:
    """The source of every input of every layer.

    Raises SpecError with all that is wrong: layers and ports that are not there, inputs without a source
    or with two, layers whose output nobody takes, circles, ends that are missing.
    """
    wiring = _Wiring(graph.entries)
    for number in range(len(graph.entries)):
        wiring.connect_inputs(number)
    for connection in graph.connections:
        wiring.connect(connection)
    wiring.check()
    if wiring.faults:
        raise SpecError(wiring.faults)
    wires = tuple(tuple(found.values()) for found in wiring.found)
    sort(graph.entries, wires)
    return wires


def sort(entries: tuple[Entry, ...], wires: tuple[Wires, ...]) -> list[int]:
    """The layers' numbers, each behind those it takes from, else in the order of the spec.

    Raises SpecError where layers wait for one another.
    """
    order: list[int] = []
    waiting = list(range(len(entries)))
    while waiting:
        ready = next((k for k in waiting if all(s.layer in order for s in wires[k])), None)
        if ready is None:
            raise SpecError([_circle(entries, wires, set(waiting))])
        order.append(ready)
        waiting.remove(ready)
    return order


def _circle(entries: tuple[Entry, ...], wires: tuple[Wires, ...], waiting: set[int]) -> Fault:
    path = [min(waiting)]
    while path[-1] not in path[:-1]:
        path.append(next(source.layer for source in wires[path[-1]] if source.layer in waiting))
    circle = path[path.index(path[-1]) :]
    first, *others = (entries[k].title for k in circle)
    message = f"{first} takes the output of " + ", which takes that of ".join(others)
    return Fault(message, entries[circle[0]].mark, "connect them without going round in a circle")


@dataclass
class _Wiring:
    """Layers on their way to being connected."""

    entries: tuple[Entry, ...]
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ports = Ports(self.entries, self.faults)
        self.found: list[dict[str, Source]] = [{} for _ in self.entries]

    def connect_inputs(self, number: int) -> None:
        """By the layer's `inputs`, or to the layer before it."""
        entry = self.entries[number]
        if entry.layer.inputs is None:
            before = self.entries[number - 1].layer if number else None
            if before is not None and before.output_ports and entry.layer.input_ports:
                self.found[number][entry.layer.input_ports[0]] = Source(number - 1, 0)
            return
        mark, ports = entry.marks["inputs"], entry.layer.input_ports
        if len(entry.layer.inputs) > len(ports):
            takes = counted(len(ports), "input") if ports else "no input"
            self.faults.append(Fault(f"{entry.title} takes {takes}, got {len(entry.layer.inputs)}", mark))
            return
        marks = entry.items.get("inputs", (mark,))
        for port, text, mark in zip(ports, entry.layer.inputs, marks, strict=False):
            self._join(self._source(text, mark, f"`inputs` of {entry.title}"), number, port, mark)

    def connect(self, connection: Connection) -> None:
        """By a line of `connections`."""
        owner, mark = "the connection", connection.destination_mark
        source = self._source(connection.source, connection.source_mark, owner)
        end = self.ports.input(connection.destination, mark, owner)
        if end is not None:
            self._join(source, *end, mark)

    def check(self) -> None:
        """Note what is missing, and what is left over."""
        taken = {source.layer for found in self.found for source in found.values()}
        ends = [entry for entry in self.entries if isinstance(entry.layer, OutputLayer)]
        last = self.entries[-1]
        # What is connected wrongly is missing elsewhere: that is no second mistake.
        looks = not self.faults and len(ends) <= 1
        if not ends:
            message = f"the last layer must be an output layer, not {last.title}"
            help = "end with `- softmax` and `- classification`, or `- regression`"
            self.faults.append(Fault(message, last.mark, help))
            taken.add(len(self.entries) - 1)
        for entry in ends[1:]:
            message = f"a network has one output layer, but {entry.title} stands beside {ends[0].title}"
            self.faults.append(Fault(message, entry.mark))
        for number, entry in enumerate(self.entries):
            found = self.found[number]
            # Whoever reads its inputs wants them in the order of the ports.
            self.found[number] = {port: found[port] for port in entry.layer.input_ports if port in found}
            missing = [port for port in entry.layer.input_ports if port not in found]
            if missing and number == 0:
                message = f"the first layer must be an input layer, not {entry.title}"
                help = "start with `- sequenceInput: 12`, the number of channels"
                self.faults.append(Fault(message, entry.mark, help))
            elif looks:
                self._note_missing(number, missing)
            if isinstance(entry.layer, OutputLayer):
                self._check_follows(entry, entry.layer, found.values())
            elif looks and number not in taken and not missing:
                message = f"no layer takes the output of {entry.title}"
                self.faults.append(Fault(message, entry.mark, "connect it, or leave the layer out"))

    def _note_missing(self, number: int, ports: list[str]) -> None:
        entry, before = self.entries[number], self.entries[number - 1]
        for port in ports:
            end = f"`{port}` of {entry.title}" if len(entry.layer.input_ports) > 1 else entry.title
            message = f"no output goes to {end}"
            if not before.layer.output_ports:
                message += f", for {before.title} before it ends the network"
            pair = f"[{self._giver(number, port)}, {entry.layer.name}/{port}]"
            help = f"give it `inputs`, or connect it: `connections: [{pair}]`"
            self.faults.append(Fault(message, entry.mark, help))

    def _giver(self, number: int, port: str) -> str:
        """An output that could go to this port of a layer: the nearest before it with a port of this name."""
        for entry in reversed(self.entries[:number]):
            if port in entry.layer.output_ports:
                return f"{entry.layer.name}/{port}"
        return "layer"

    def _check_follows(self, entry: Entry, layer: OutputLayer, sources: Iterable[Source]) -> None:
        for source in sources:
            before = self.entries[source.layer]
            if layer.follows and before.layer.word != layer.follows:
                message = (
                    f"{entry.title} must follow a {layer.follows} layer, but {before.title} stands before it"
                )
                self.faults.append(Fault(message, entry.mark, f"put `- {layer.follows}` before it"))

    def _join(self, source: Source | None, number: int, port: str, mark: Mark) -> None:
        entry = self.entries[number]
        if source is None:
            return
        end, other = f"`{port}` of {entry.title}", self.found[number].get(port)
        if other is not None:
            message = f"two outputs go to {end}: {self._output(other)} and {self._output(source)}"
            self.faults.append(Fault(message, mark, "keep one of the two; `addition` adds several"))
        elif (self._port(source) == MINI_BATCH_SIZE) != (port == MINI_BATCH_SIZE):
            message = f"{end} cannot take {self._output(source)}"
            help = f"`{MINI_BATCH_SIZE}` of a sequenceFolding goes to that of a sequenceUnfolding alone"
            self.faults.append(Fault(message, mark, help))
        else:
            self.found[number][port] = source

    def _port(self, source: Source) -> str:
        return self.entries[source.layer].layer.output_ports[source.port]

    def _output(self, source: Source) -> str:
        entry = self.entries[source.layer]
        return (
            entry.title if len(entry.layer.output_ports) == 1 else f"`{self._port(source)}` of {entry.title}"
        )

    def _source(self, text: str, mark: Mark, owner: str) -> Source | None:
        found = self.ports.output(text, mark, owner)
        return Source(*found) if found else None
