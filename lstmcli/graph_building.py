"""From connected layers to a graph: every size inferred."""

from dataclasses import replace

from lstmcli.errors import Fault, SpecError, counted
from lstmcli.graph import Graph, Node
from lstmcli.layer_array import Entry
from lstmcli.layer_graph import LayerGraph, Source, sort, wire
from lstmcli.layers.layer import SizeError, Sizes
from lstmcli.layers.sequence_input import SequenceInput
from lstmcli.layers.word_embedding import WordEmbedding
from lstmcli.records import Size, Steps


def build_graph(layers: LayerGraph) -> Graph:
    """Connect the layers and infer every size.

    Raises SpecError with all faults of connection, or else of size, each naming the layers at both ends.
    """
    wires = wire(layers)
    order = sort(layers.entries, wires)
    places = {number: place for place, number in enumerate(order)}
    faults: list[Fault] = []
    unsure: set[int] = set()
    nodes: list[Node] = []
    columns = _columns(layers.entries)
    for number in order:
        entry = layers.entries[number]
        own = tuple(Source(places[source.layer], source.port) for source in wires[number])
        sizes = tuple(nodes[source.layer].sizes_out[source.port] for source in own)
        before = places.get(number - 1)
        follows = any(source.layer in unsure for source in own)
        try:
            sizes_out = entry.layer.propagate(sizes)
        except SizeError as error:
            # What is wrong behind a size that is a guess may be right when that is mended.
            if not follows:
                faults.append(_size_fault(entry, nodes, own, before, error))
            expected = _expected(entry, sizes)
            if expected is None:
                break
            follows = follows or bool(sizes[0].spatial) or sizes[0].folded
            sizes_out = expected
        if follows:
            unsure.add(len(nodes))
        nodes.append(Node(number, entry, own, sizes, sizes_out, columns.get(number)))
    graph = Graph(tuple(nodes))
    if not faults:
        faults.extend((*_step_faults(graph), *_word_faults(graph)))
    if faults:
        raise SpecError(faults)
    return graph


def show_size(size: Size) -> str:
    """A size in words: `9 channels`, `24-by-24 images of 20 channels without a time axis`."""
    text = counted(size.channels, "channel")
    if size.spatial:
        text = f"{'-by-'.join(map(str, size.spatial))} images of {text}"
    if size.folded:
        return f"{text}, folded"
    return text if size.time else f"{text} without a time axis"


def show_steps(steps: Steps) -> str:
    """The length of sequences that had T steps: `T`, `T - 4`, `floor((T + 1) / 2)`."""
    sign = "+" if steps.add > 0 else "-"
    moved = f"T {sign} {abs(steps.add)}" if steps.add else "T"
    if steps.divide == 1:
        return moved
    return f"floor(({moved}) / {steps.divide})" if steps.add else f"floor(T / {steps.divide})"


def _columns(entries: tuple[Entry, ...]) -> dict[int, slice]:
    """Of each of several input layers, the columns that it takes."""
    inputs = {k: entry.layer for k, entry in enumerate(entries) if isinstance(entry.layer, SequenceInput)}
    found, first = {}, 0
    for number, layer in inputs.items():
        found[number] = slice(first, first + layer.columns)
        first += layer.columns
    return found if len(inputs) > 1 else {}


def _size_fault(
    entry: Entry, nodes: list[Node], wires: tuple[Source, ...], before: int | None, error: SizeError
) -> Fault:
    wire = wires[error.port]
    source, size = nodes[wire.layer], nodes[wire.layer].sizes_out[wire.port]
    ports, own = source.layer.output_ports, entry.layer.input_ports
    giver = source.entry.title if len(ports) == 1 else f"`{ports[wire.port]}` of {source.entry.title}"
    taker = entry.title if len(own) == 1 else f"`{own[error.port]}` of {entry.title}"
    place = " before it" if error.port == 0 and entry.layer.inputs is None and wire.layer == before else ""
    over = f" over {show_steps(size.steps)} time steps" if error.for_time and size.steps is not None else ""
    message = f"{taker} {error}, but {giver}{place} gives {show_size(size)}{over}"
    name, wanted = _wanted_size(entry, size)
    if wanted != size and not _refuses(entry, wanted, wires, nodes):
        return Fault(message, entry.marks[name], error.help)
    if error.for_time and error.help is None:
        lacks, has = (wires[0], f", or put `- indexing1d: last` behind {giver}") if size.time else (wire, "")
        return Fault(message, entry.mark, _help_for_time(nodes, lacks, entry) + has)
    return Fault(message, entry.mark, error.help)


def _help_for_time(nodes: list[Node], wire: Source, entry: Entry) -> str:
    """What would keep the time axis that a layer needs and this output does not have."""
    node = nodes[wire.layer]
    while node.wires and node.sizes_in[0].steps is None:
        node = nodes[node.wires[0].layer]
    mode = getattr(node.layer, "output_mode", None)
    if mode == "sequence":
        return f"take `{node.name}/{node.layer.output_ports[0]}`, which has one"
    if mode is not None:
        return f"give {node.entry.title} the `OutputMode` sequence"
    return f"{node.entry.title} takes the time axis away: drop it, or put it behind {entry.title}"


def _wanted_size(entry: Entry, size: Size) -> tuple[str, Size]:
    """The size with as many channels as the layer's InputSize or NumChannels says, and which it has."""
    name = "input_size" if hasattr(entry.layer, "input_size") else "num_channels"
    wanted = getattr(entry.layer, name, "auto")
    return name, replace(size, channels=wanted) if isinstance(wanted, int) else size


def _refuses(entry: Entry, first: Size, wires: tuple[Source, ...], nodes: list[Node]) -> bool:
    others = (nodes[source.layer].sizes_out[source.port] for source in wires[1:])
    try:
        entry.layer.propagate((first, *others))
    except SizeError:
        return True
    return False


def _expected(entry: Entry, sizes: Sizes) -> Sizes | None:
    """What the layer would give for inputs that it takes, so that the layers behind it are looked at, too."""
    first = replace(_wanted_size(entry, sizes[0])[1], steps=Steps(), spatial=(), folded=False)
    try:
        return entry.layer.propagate((first, *sizes[1:]))
    except SizeError:
        return None


def _step_faults(graph: Graph) -> list[Fault]:
    """Where the network answers at each step, there has to be an answer for each step of the data."""
    steps = graph.output_size.steps
    if steps is None or steps == Steps():
        return []
    node = graph.nodes[graph.end]
    while node.sizes_in[0].steps == steps:
        node = graph.nodes[node.wires[0].layer]
    end, entry = graph.nodes[graph.end].entry, node.entry
    message = (
        f"{end.title} needs an answer for each of T time steps, but {entry.title} gives {show_steps(steps)}"
    )
    help = "keep all steps with `Stride: 1` and `Padding: same`, or answer once behind it: with global "
    help += "pooling, `indexing1d: last` or `OutputMode: last`"
    return [Fault(message, entry.mark, help)]


def _word_faults(graph: Graph) -> list[Fault]:
    """Where numbers of words do not come from the data as they stand there."""
    faults = []
    for node in graph.nodes:
        if isinstance(node.layer, WordEmbedding):
            source = graph.nodes[node.wires[0].layer]
            if not isinstance(source.layer, SequenceInput):
                message = f"{node.entry.title} takes numbers of words, but {source.entry.title} gives others"
                faults.append(Fault(message, node.entry.mark, "put it right behind the input layer"))
            elif source.layer.normalization != "none":
                message = (
                    f"{source.entry.title} normalizes the numbers of words that {node.entry.title} takes"
                )
                faults.append(
                    Fault(message, source.entry.marks["normalization"], "leave out `Normalization`")
                )
    return faults
