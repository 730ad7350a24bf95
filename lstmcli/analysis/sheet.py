"""Where all is in the drawing of a network: boxes in rows, and the ways of arrows between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lstmcli.analysis.boxes import Box, box_of
from lstmcli.analysis.layering import Layering, Link, arrange
from lstmcli.analysis.placement import place
from lstmcli.graph import Graph

MARGIN = 24
BESIDE, BELOW = 28, 44
"""Room between boxes."""
SLOPE = 10
"""For each so many pixels that an arrow goes to the side there is one more for it to go down."""


class Run(NamedTuple):
    """A part of an arrow that goes straight down, from the bottom of a box or past a row."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    """Boxes with the middle of their upper sides, and each arrow as its runs, the last of them a point.

    No arrow crosses a box: it goes sideways only between rows.
    """

    boxes: tuple[tuple[Box, float, float], ...]
    arrows: tuple[tuple[Run, ...], ...]
    width: float
    height: float


def lay_out(graph: Graph) -> Sheet:
    """The drawing of a network, from top to bottom."""
    boxes = [box_of(node) for node in graph.nodes]
    links = [
        Link(wire.layer, number, boxes[wire.layer].outputs[wire.port][1], boxes[number].inputs[port][1])
        for number, node in enumerate(graph.nodes)
        for port, wire in enumerate(node.wires)
    ]
    layering = arrange(len(boxes), links)
    at = [MARGIN + x for x in place(layering, [box.width for box in boxes], BESIDE)]
    rows = _rows(layering, boxes, at)
    row_of = {point: number for number, row in enumerate(layering.rows) for point in row}
    placed = tuple((box, at[k], rows[row_of[k]][0]) for k, box in enumerate(boxes))
    right = max(*at, *(x + box.width / 2 for box, x, _ in placed))

    def way(link: Link, path: Sequence[int]) -> tuple[Run, ...]:
        source, x, top = placed[link.source]
        leaves = Run(x + link.leaves * source.width, top + source.height, rows[row_of[link.source]][1])
        target, x, top = placed[link.target]
        passes = (Run(at[bend], *rows[row_of[bend]]) for bend in path[1:-1])
        return leaves, *passes, Run(x + link.enters * target.width, top, top)

    arrows = tuple(way(*pair) for pair in zip(links, layering.paths, strict=True))
    return Sheet(placed, arrows, right + MARGIN, rows[-1][1] + MARGIN)


def _rows(layering: Layering, boxes: Sequence[Box], at: Sequence[float]) -> list[tuple[float, float]]:
    """Top and bottom of each row."""
    found: list[tuple[float, float]] = []
    top = float(MARGIN)
    for row, links in zip(layering.rows, (*layering.segments, ()), strict=True):
        bottom = top + max(boxes[point].height for point in row if point < layering.boxes)
        found.append((top, bottom))
        farthest = max((abs(at[link.source] - at[link.target]) for link in links), default=0.0)
        top = bottom + BELOW + farthest // SLOPE
    return found
