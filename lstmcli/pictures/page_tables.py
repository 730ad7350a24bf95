"""Tables of a page: every text in them is escaped, for names of layers and classes may be anything."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from lstmcli.analysis.wording import facts
from lstmcli.data.declaration import DataSection
from lstmcli.graph import Graph
from lstmcli.options import SOLVER_DEFAULTS, TrainingOptions
from lstmcli.pictures.page_style import escaped
from lstmcli.records import Data
from lstmcli.spec.properties import properties_of, shown_properties
from lstmcli.spec_file import Spec

Lines = tuple[str, ...]
LAYER_TITLES = ("", "Name", "Type", "Description", "Inputs", "Activations", "Learnables", "States")
MOST_CLASSES = 50
"""Classes that are counted in the data's table; more would hide it."""


def table(heading: Sequence[str], rows: Iterable[Sequence[Lines]], kind: str = "") -> str:
    """A table of HTML from texts; a cell has lines. kind : the class for its style."""
    titles = "".join(f'<th scope="col">{escaped(title)}</th>' for title in heading)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f'<div class="wide"><table class="{kind}"><thead><tr>{titles}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def layers_table(graph: Graph) -> str:
    """The layers as `analyze` shows them, without columns that no layer has anything for."""
    layers = [{"": (str(place + 1),), **facts(graph, place)} for place in range(len(graph.nodes))]
    titles = [title for title in LAYER_TITLES if any(layer[title] for layer in layers)]
    return table(titles, ([layer[title] for title in titles] for layer in layers), "layers")


def options_table(options: TrainingOptions) -> str:
    """Every option; those that are not MATLAB's default stand out."""
    own: dict[str, Any] = SOLVER_DEFAULTS[options.solver]
    usual = shown_properties(TrainingOptions(solver=options.solver, **own))
    rows = "\n".join(
        f"<div{'' if value == usual.get(word) else ' class=own'}><dt>{escaped(word)}</dt>"
        f"<dd>{escaped(_shown(value))}</dd></div>"
        for word, value in shown_properties(options).items()
    )
    return f'<dl class="options">\n{rows}\n</dl>'


def reading_table(spec: Spec) -> str:
    """What the spec says of its data, apart from what is left to itself."""
    usual = {word: item.default for word, item in properties_of(DataSection).items()}
    said = ((word, value) for word, value in shown_properties(spec.data).items() if value != usual[word])
    rows = "\n".join(
        f"<div><dt>{escaped(word)}</dt><dd>{escaped(_shown(value))}</dd></div>"
        for word, value in (*said, ("seed", spec.seed))
    )
    return f'<dl class="options">\n{rows}\n</dl>'


def data_table(parts: Sequence[tuple[str, Data]]) -> str:
    """Sequences and their lengths in each part of the data."""
    rows = [
        (
            (title,),
            (f"{len(sequences):,}",),
            (_span(sequences.lengths.tolist()),),
            (f"{np.median(sequences.lengths):g}",),
            (f"{int(sequences.lengths.sum()):,}",),
        )
        for title, (sequences, _) in parts
    ]
    return table(("", "Sequences", "Steps", "Median", "All steps"), rows, "numbers")


def classes_table(parts: Sequence[tuple[str, Data]]) -> str:
    """How many targets there are of each class in each part; nothing for responses, or for many classes."""
    names = parts[0][1].targets.names
    if parts[0][1].targets.values.dtype.kind != "i" or len(names) > MOST_CLASSES:
        return ""
    counts = [np.bincount(data.targets.values.ravel(), minlength=len(names)) for _, data in parts]
    rows = [
        ((name,), *((f"{count[k]:,}",) for count in counts if k < len(count))) for k, name in enumerate(names)
    ]
    return table(("Class", *(title for title, _ in parts)), rows, "numbers")


def _cell(lines: Lines) -> str:
    return f"<td>{'<br>'.join(map(escaped, lines))}</td>"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(_shown, value)) if isinstance(value, list | tuple) else str(value)


def _span(lengths: Sequence[int]) -> str:
    low, high = min(lengths), max(lengths)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
