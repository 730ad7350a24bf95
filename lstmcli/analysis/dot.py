"""A network in Graphviz's language."""

from collections.abc import Iterator

from lstmcli.analysis.wording import activations
from lstmcli.graph import Graph

STYLE = (
    '  node [shape=box, style=rounded, fontname="monospace", fontsize=12];',
    '  edge [fontname="monospace", fontsize=10, arrowsize=0.8];',
)


def draw_dot(graph: Graph) -> str:
    """A digraph for Graphviz's dot: a node for each layer, an edge for each connection."""
    return "\n".join(["digraph {", *STYLE, *_body(graph), "}"])


def _body(graph: Graph) -> Iterator[str]:
    for node in graph.nodes:
        text = "\n".join([node.name, node.layer.type_text, *activations(node)])
        yield f"  {_quoted(node.name)} [label={_quoted(text)}];"
    for node in graph.nodes:
        for port, wire in zip(node.layer.input_ports, node.wires, strict=True):
            source = graph.nodes[wire.layer]
            ends = {
                "taillabel": source.layer.output_ports[wire.port]
                if len(source.layer.output_ports) > 1
                else "",
                "headlabel": port if len(node.layer.input_ports) > 1 else "",
            }
            labels = ", ".join(f"{end}={_quoted(name)}" for end, name in ends.items() if name)
            yield f"  {_quoted(source.name)} -> {_quoted(node.name)}{f' [{labels}]' if labels else ''};"


def _quoted(text: str) -> str:
    r"""A text in dot's quotes, in which `\` begins an escape and `\n` is a new line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
