"""The README's tables of layers and options, made from the declarations.

`python tests/readme_tables.py` writes them into README.md; a test finds out when that was forgotten.
"""

import dataclasses
import inspect
import re
from pathlib import Path

from lstmcli.data.declaration import DataSection
from lstmcli.layers import LAYERS
from lstmcli.options import SOLVER_DEFAULTS, TrainingOptions
from lstmcli.spec.kinds import array
from lstmcli.spec.properties import Property, properties_of

EVERYWHERE = {"Name", "inputs"}
"""Properties of all layers, which the README explains above the tables."""
BySolver = dict[str, dict[str, float]]
README = Path(__file__).parents[1] / "README.md"


def tables() -> dict[str, str]:
    """Marker -> Markdown that stands under it."""
    layers: list[str] = []
    before: dict[str, dict[str, str]] = {}
    for layer in LAYERS:
        summary = " ".join(inspect.getdoc(layer).partition("\n\n")[0].split()).rstrip(".")
        layers.append(f"**`{layer.word}`** — {summary}")
        if layer.arguments:
            layers[-1] += f"; without names: `{', '.join(_words(layer))}`"
        rows = _rows({word: item for word, item in properties_of(layer).items() if word not in EVERYWHERE})
        # The properties of many are another layer's, with some more.
        shared = [word for word, others in before.items() if others.items() <= rows.items()]
        base = max(shared, key=lambda word: len(before[word]), default=None)
        if rows:
            before[layer.word] = rows
        if base is not None:
            rows = {word: row for word, row in rows.items() if word not in before[base]}
            layers.append(f"The properties of `{base}`{', and these:' if rows else '.'}")
        if rows:
            layers.append(_table(rows))
    return {
        "layers": "\n\n".join(layers),
        "options": _table(_rows(properties_of(TrainingOptions), SOLVER_DEFAULTS)),
        "data": _table(_rows(properties_of(DataSection))),
    }


def updated(text: str) -> str:
    """The README with today's tables between its markers."""
    for marker, table in tables().items():
        start, end = re.search(rf"<!-- {marker} -->\n", text), re.search(rf"<!-- /{marker} -->", text)
        assert start is not None, f"README.md has no marker {marker}"
        assert end is not None, f"README.md has no marker {marker}"
        text = text[: start.end()] + table + "\n" + text[end.start() :]
    return text


def _words(layer: type) -> list[str]:
    by_name = {item.name: word for word, item in properties_of(layer).items()}
    return [by_name[name] for name in layer.arguments]


def _rows(properties: dict[str, Property], by_solver: BySolver | None = None) -> dict[str, str]:
    """Word -> its row of the table; by_solver : defaults that each solver has of its own."""
    wordings = {word: item.kind.wording.replace(array.wording, "values") for word, item in properties.items()}
    return {
        word: f"| `{word}` | {wordings[word]} | {_default(item, by_solver or {})} | {item.help} |"
        for word, item in properties.items()
    }


def _table(rows: dict[str, str]) -> str:
    return "\n".join(("| name | value | default | |", "|---|---|---|---|", *rows.values()))


def _default(item: Property, by_solver: BySolver) -> str:
    own = [f"{solver} {d[item.name]:g}" for solver, d in by_solver.items() if item.name in d]
    if own:
        return ", ".join(own)
    if item.default is dataclasses.MISSING:
        return "required"
    if item.default is None or item.default == "":
        return ""
    shown = item.kind.write(item.default)
    return f"`{str(shown).lower() if isinstance(shown, bool) else shown}`"


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
