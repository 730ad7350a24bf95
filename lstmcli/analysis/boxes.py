"""A layer as a box of a drawing: its lines of text, the ports on its sides, and how much room they need."""

from dataclasses import dataclass
from itertools import accumulate
from math import ceil

from lstmcli.analysis.wording import activations, arrays
from lstmcli.errors import cells
from lstmcli.graph import Node
from lstmcli.layers.layer import Role

LETTERS = {"name": 14, "type": 12, "size": 12, "port": 11}
"""Their size in each kind of text, in pixels."""
ADVANCE = 0.62
"""The width of a letter of the usual fonts of fixed width, as a share of its size; none is wider."""
LEADING, PADDING, LEAST_WIDTH = 6, 14, 120


@dataclass(frozen=True)
class Box:
    """A layer's box. Ports are those of its sides, and have names where there are several of them.

    lines : kind of text, text, and how far the middle of its line is below the top
    inputs, outputs : name and place of each port, from -1/2, the left side, to 1/2, the right one
    note : what else there is to say
    """

    lines: tuple[tuple[str, str, float], ...]
    inputs: tuple[tuple[str, float], ...]
    outputs: tuple[tuple[str, float], ...]
    width: int
    height: int
    learns: bool
    note: str


def box_of(node: Node) -> Box:
    """The box of a layer with its name, its type and its activations."""
    sizes = (("size", text) for text in activations(node))
    texts = [("name", node.name), ("type", node.layer.type_text), *sizes]
    inputs, outputs = (_named(ports) for ports in (node.layer.input_ports, node.layer.output_ports))
    sides = (len(names) * _slot(names) for names in (inputs, outputs))
    width = max(LEAST_WIDTH, *sides, *(_width(kind, text) + 2 * PADDING for kind, text in texts))
    strip = LETTERS["port"] + LEADING
    top = PADDING // 2 + (strip if any(inputs) else 0)
    heights = [LETTERS[kind] + LEADING for kind, _ in texts]
    middles = [top + below - height / 2 for below, height in zip(accumulate(heights), heights, strict=True)]
    note = [node.layer.describe(), *arrays(node, Role.LEARNABLE), *arrays(node, Role.STATE)]
    return Box(
        tuple((*text, middle) for text, middle in zip(texts, middles, strict=True)),
        _placed(inputs, width),
        _placed(outputs, width),
        width,
        top + sum(heights) + (strip if any(outputs) else 0) + PADDING // 2,
        node.learns,
        "\n".join(note),
    )


def _named(ports: tuple[str, ...]) -> tuple[str, ...]:
    """The names to show: of a port alone none."""
    return ports if len(ports) > 1 else tuple("" for _ in ports)


def _width(kind: str, text: str) -> int:
    """An even number, so that middles are whole ones."""
    return 2 * ceil(cells(text) * LETTERS[kind] * ADVANCE / 2)


def _slot(names: tuple[str, ...]) -> int:
    """How much of a side each port has: the same, so that lines between like sides are straight."""
    return max((_width("port", name) + PADDING for name in names), default=0)


def _placed(names: tuple[str, ...], width: int) -> tuple[tuple[str, float], ...]:
    """Each port in the middle of its slot, all of them in the middle of a side of this width."""
    slot = _slot(names) / width
    return tuple((name, (k - (len(names) - 1) / 2) * slot) for k, name in enumerate(names))
