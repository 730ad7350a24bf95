"""Room 4, the network: from the nodes under `layers:` to checked layers with names, and back to words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from lstmcli.errors import Fault, Mark, counted
from lstmcli.layer_words import WORDS, too_many_help, unknown_layer_help
from lstmcli.layers.layer import Layer
from lstmcli.spec.kinds import FileValues, ListValues
from lstmcli.spec.nodes import Form, Node
from lstmcli.spec.properties import properties_of, read_properties, shown_properties


@dataclass(frozen=True)
class Entry:
    """A layer and where it stands.

    mark : of its word; marks : of its properties, by Python name; items : of what is in their lists
    """

    layer: Layer
    mark: Mark
    marks: dict[str, Mark]
    items: dict[str, tuple[Mark, ...]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """How messages call it: lstm `lstm_1`."""
        return f"{self.layer.word} `{self.layer.name}`"


def read_layer_array(node: Node | None, top: Mark, faults: list[Fault]) -> tuple[Entry, ...]:
    """The layers under `layers:`; what is wrong goes into `faults`."""
    if node is None or node.form is not Form.LIST or not node.items:
        message = "`layers` must be a list of layers" if node is not None else "a spec needs `layers`"
        faults.append(
            Fault(message, node.mark if node is not None else top, "start with `- sequenceInput: 12`")
        )
        return ()
    found = [_read_layer(item, faults) for item in node.items]
    entries = [entry for entry in found if entry is not None]
    named = name_automatically(entry.layer for entry in entries)
    entries = [replace(entry, layer=layer) for entry, layer in zip(entries, named, strict=True)]
    _check_names(entries, faults)
    return tuple(entries)


def name_automatically(layers: Iterable[Layer]) -> list[Layer]:
    """Names for the nameless, as MATLAB gives them: `lstm`, or `lstm_1`, `lstm_2` where there are several.

    A name that another layer has is passed over.
    """
    layers = list(layers)
    nameless = Counter(layer.stem for layer in layers if not layer.name)
    taken = {layer.name for layer in layers}
    named = []
    for layer in layers:
        if not layer.name:
            stem = layer.stem
            free = (f"{stem}_{k}" for k in count(1) if f"{stem}_{k}" not in taken)
            layer = replace(layer, name=next(free) if nameless[stem] > 1 or stem in taken else stem)
            taken.add(layer.name)
        named.append(layer)
    return named


def shown_layers(layers: Iterable[Layer]) -> list[dict[str, dict[str, Any]]]:
    """The layers as a list for the YAML writer: every property, but values that live in the model file."""
    shown = []
    for layer in layers:
        words = properties_of(type(layer))
        values = {
            word: value
            for word, value in shown_properties(layer).items()
            if not isinstance(getattr(layer, words[word].name), ListValues | FileValues)
        }
        shown.append({layer.word: values})
    return shown


def _read_layer(node: Node, faults: list[Fault]) -> Entry | None:
    """One item: a word; {word: value}; {word: [values]}; {word: {Property: value}}."""
    if node.form is Form.SCALAR and not node.empty:
        key, value, beside = node, None, list[tuple[Node, Node]]()
    elif node.form is Form.MAPPING and node.pairs:
        (key, value), *beside = node.pairs
    else:
        faults.append(Fault(f"a layer must be named, got {node.show()}", node.mark, "write `- lstm: 100`"))
        return None
    layer = WORDS.get(key.text.lower())
    if layer is None:
        faults.append(Fault(f"`{key.text}` is not a layer", key.mark, unknown_layer_help(key.text)))
        return None
    pairs = _pairs(layer, value, faults)
    if pairs is None:
        return None
    reading = read_properties(layer, [*pairs, *beside], layer.word, key.mark, faults, layer.foreign)
    if not reading.whole:
        return None
    made = layer(**reading.values)
    for problem in made.check():
        faults.append(Fault(problem.message, reading.marks[problem.name], problem.help))
    return Entry(made, key.mark, reading.marks, reading.items)


def _pairs(layer: type[Layer], value: Node | None, faults: list[Fault]) -> list[tuple[Node, Node]] | None:
    """The layer's value as properties: positional arguments get the names they have in MATLAB."""
    if value is None or value.empty:
        return []
    if value.form is Form.MAPPING:
        return list(value.pairs)
    items = value.items if value.form is Form.LIST else (value,)
    words = [word for word, item in properties_of(layer).items() if item.name in layer.arguments]
    words.sort(key=lambda word: layer.arguments.index(properties_of(layer)[word].name))
    if len(words) == 1 and len(items) > 1 and properties_of(layer)[words[0]].kind.several:
        items = (value,)
    if len(items) > len(words):
        takes = f"takes {', '.join(words)} without a name" if words else "takes nothing without a name"
        got = counted(len(items), "value")
        faults.append(Fault(f"{layer.word} {takes}, got {got}", value.mark, too_many_help(layer, items)))
        return None
    return [(Node(Form.SCALAR, item.mark, text=word), item) for word, item in zip(words, items, strict=False)]


def _check_names(entries: list[Entry], faults: list[Fault]) -> None:
    first: dict[str, Entry] = {}
    for entry in entries:
        name = entry.layer.name
        if name in first:
            mark = entry.marks.get("name", entry.mark)
            line = first[name].mark.line
            message = f"two layers have the name `{name}`, the first in line {line}"
            faults.append(Fault(message, mark, "give one of them another `Name`"))
        first.setdefault(name, entry)
