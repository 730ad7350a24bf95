"""What an analysis says of a layer, in MATLAB's form: its inputs, activations and arrays, and totals."""

from math import prod

from lstmcli.graph import Graph, Node
from lstmcli.layer_graph import Source
from lstmcli.layers.layer import MINI_BATCH_SIZE, Role
from lstmcli.layers.word_embedding import WordEmbedding
from lstmcli.records import Size


def facts(graph: Graph, place: int) -> dict[str, tuple[str, ...]]:
    """All there is to say of a layer: the title of a column -> lines of text, or none."""
    node = graph.nodes[place]
    kind, text = node.layer.type_text, node.layer.describe()
    return {
        "Name": (node.name,),
        "Type": (kind,),
        "Description": (text,) if text.casefold() != kind.casefold() else (),
        "Inputs": inputs(graph, place),
        "Activations": activations(node),
        "Learnables": arrays(node, Role.LEARNABLE),
        "States": arrays(node, Role.STATE),
    }


def activations(node: Node) -> tuple[str, ...]:
    """The size at each output: `100(C) x 1(B) x 1(T)`, behind the port's name where there are several."""
    ports = node.layer.output_ports
    if len(ports) < 2:
        return (_formatted(node.size_out),)
    return tuple(
        f"{port} {'1' if port == MINI_BATCH_SIZE else _formatted(size)}"
        for port, size in zip(ports, node.sizes_out, strict=True)
    )


def arrays(node: Node, role: Role) -> tuple[str, ...]:
    """The arrays of this role: `InputWeights 400x12`."""
    return tuple(
        f"{p.name} {'x'.join(map(str, (*p.shape, 1)[: max(2, len(p.shape))]))}" for p in node.parameters(role)
    )


def inputs(graph: Graph, place: int) -> tuple[str, ...]:
    """What goes to each input, `cell: encoder/cell`, unless it is simply the output of the layer before."""
    node = graph.nodes[place]
    if node.wires == (Source(place - 1, 0),):
        return ()
    return tuple(
        f"{port}: {_output(graph, wire)}"
        for port, wire in zip(node.layer.input_ports, node.wires, strict=True)
    )


def total(graph: Graph, role: Role) -> int:
    """How many numbers the arrays of this role have."""
    return sum(prod(p.shape) for node in graph.nodes for p in node.parameters(role))


def total_of_a_word(graph: Graph) -> int:
    """How many more learnables each word of the training data will bring."""
    embeddings = (node.layer for node in graph.nodes if isinstance(node.layer, WordEmbedding))
    return sum(layer.dimension for layer in embeddings if layer.num_words == "auto")


def _formatted(size: Size) -> str:
    """Numbers with MATLAB's letters: spatial, channel, batch, time."""
    axes = [*((length, "S") for length in size.spatial), (size.channels, "C"), (1, "B")]
    if size.time:
        axes.append((1, "T"))
    return " x ".join(f"{length}({letter})" for length, letter in axes)


def _output(graph: Graph, source: Source) -> str:
    """As `inputs` and `connections` name it: the layer, with its port where it has several."""
    layer = graph.nodes[source.layer].layer
    ports = layer.output_ports
    return layer.name if len(ports) == 1 else f"{layer.name}/{ports[source.port]}"
