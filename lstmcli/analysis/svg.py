"""A network as a drawing in SVG."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from lstmcli.analysis.boxes import LETTERS, Box
from lstmcli.analysis.sheet import Run, lay_out
from lstmcli.analysis.wording import total
from lstmcli.graph import Graph
from lstmcli.layers.layer import Role

HEAD = 8
"""Length and width of an arrow's head."""
INSIDE = 10
"""From the side of a box to the middle of its ports' names."""
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
SHAPE = {
    "text": f"font-family: {FONT}; text-anchor: middle; white-space: pre",
    ".name": "font-weight: bold",
    ".line": "fill: none; stroke-width: 1.5",
}
LIGHT = {
    ".paper": "fill: #ffffff",
    ".box": "fill: #f6f8fa; stroke: #818b98",
    ".learns .box": "fill: #ddf4ff; stroke: #0969da",
    "text": "fill: #1f2328",
    ".type": "fill: #59636e",
    ".port": "fill: #59636e",
    ".line": "stroke: #59636e",
    ".head": "fill: #59636e",
}
DARK = {
    ".paper": "fill: #0d1117",
    ".box": "fill: #151b23; stroke: #656c76",
    ".learns .box": "fill: #0c2d4f; stroke: #4493f8",
    "text": "fill: #f0f6fc",
    ".type": "fill: #9198a1",
    ".port": "fill: #9198a1",
    ".line": "stroke: #9198a1",
    ".head": "fill: #9198a1",
}


def draw_svg(graph: Graph) -> str:
    """The drawing: a box for each layer, an arrow for each connection. The same graph gives the same text."""
    sheet = lay_out(graph)
    width, height = _number(sheet.width), _number(sheet.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="network" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">',
        f"<title>{len(graph.nodes)} layers, {total(graph, Role.LEARNABLE)} learnables</title>",
        *_style(),
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *map(_drawn_arrow, sheet.arrows),
        *(line for placed in sheet.boxes for line in _drawn_box(*placed)),
        "</svg>",
    ]
    return "\n".join(lines)


def _drawn_arrow(runs: Sequence[Run]) -> str:
    """Straight down along its runs, in curves from one to the next."""
    *before, end = runs
    way = [f"M{_number(runs[0].x)} {_number(runs[0].top)}"]
    for run, after in pairwise([*before, Run(end.x, end.top - HEAD, end.top - HEAD)]):
        if run.bottom > run.top:
            way.append(f"V{_number(run.bottom)}")
        x, y, middle = map(_number, (after.x, after.top, (run.bottom + after.top) / 2))
        way.append(f"V{y}" if x == _number(run.x) else f"C{_number(run.x)} {middle} {x} {middle} {x} {y}")
    head = f"M{_number(end.x)} {_number(end.top)}l-{HEAD // 2}-{HEAD}h{HEAD}z"
    return f'<g class="arrow"><path class="line" d="{"".join(way)}"/><path class="head" d="{head}"/></g>'


def _drawn_box(box: Box, x: float, y: float) -> Iterator[str]:
    yield f'<g class="layer{" learns" if box.learns else ""}"><title>{escape(box.note)}</title>'
    yield (
        f'<rect class="box" x="{_number(x - box.width / 2)}" y="{_number(y)}" '
        f'width="{_number(box.width)}" height="{_number(box.height)}" rx="6"/>'
    )
    for kind, text, middle in box.lines:
        yield _text(kind, x, y + middle, text)
    for ports, middle in ((box.inputs, INSIDE), (box.outputs, box.height - INSIDE)):
        for name, share in ports:
            if name:
                yield _text("port", x + share * box.width, y + middle, name)
    yield "</g>"


def _text(kind: str, x: float, middle: float, text: str) -> str:
    y = middle + round(0.35 * LETTERS[kind])
    return f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}">{escape(text)}</text>'


def _style() -> Iterator[str]:
    """Colours for light and for dark surroundings; who knows no such question sees the light ones."""
    letters = {f".{kind}": f"font-size: {size}px" for kind, size in LETTERS.items()}
    yield "<style>"
    for rules in (SHAPE, letters, LIGHT):
        yield from _rules(rules)
    yield "@media (prefers-color-scheme: dark) {"
    yield from _rules(DARK)
    yield "}"
    yield "</style>"


def _rules(rules: dict[str, str]) -> Iterator[str]:
    """Rules for this drawing alone, should it become a part of a page."""
    return (f".network {chosen} {{ {properties} }}" for chosen, properties in rules.items())


def _number(x: float) -> str:
    """Tenths of a pixel."""
    return f"{x:.1f}".removesuffix(".0")
