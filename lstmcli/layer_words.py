"""The words that name layers, and what to write instead of one that does not, or of values it cannot take."""

import re
from collections.abc import Sequence

from lstmcli.errors import did_you_mean
from lstmcli.layers import LAYERS
from lstmcli.layers.absent import ABSENT
from lstmcli.layers.layer import Layer
from lstmcli.spec.kind import RefusedError
from lstmcli.spec.nodes import Node
from lstmcli.spec.properties import Property, properties_of

WORDS: dict[str, type[Layer]] = {}
for _layer in LAYERS:
    for _word in (_layer.word, *_layer.aliases):
        WORDS[_word.lower()] = WORDS[_word.lower() + "layer"] = _layer

_ABSENT = {word.lower(): help for word, help in ABSENT.items()}
_CALL = re.compile(r"(\w+)\s*\((.*)\)[\s,;.]*", re.DOTALL)
_ARGUMENT = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[^,"'\[\]{}])+)\s*(?:,|$)""")
_ASSIGNED = re.compile(r"(\w+)\s*=\s*(.+)", re.DOTALL)
_PLAIN = re.compile(r"[\w.+-][\w.+ -]*|python:[\w.:]+|\[[\w.+, -]+\]")


def unknown_layer_help(word: str) -> str:
    """What to write instead of a word that names no layer: MATLAB's call of one, a layer that is not here,
    or another word.
    """
    call = _CALL.fullmatch(word)
    named = (call[1] if call else word).lower()
    stem = named.removesuffix("layer")
    if stem in _ABSENT:
        return _ABSENT[stem]
    if call and named in WORDS:
        layer, arguments = WORDS[named], _arguments(call[2])
        if arguments == []:
            return f"write `- {layer.word}`"
        return f"write `- {as_written(layer, arguments or [])}`"
    known = (word for kind in LAYERS for word in (kind.word, *kind.aliases))
    return did_you_mean(stem, known) or 'README.md lists all layers, under "Layers"'


def too_many_help(layer: type[Layer], items: Sequence[Node]) -> str:
    """What to write instead of more values without a name than a layer takes."""
    texts = [item.text or f"[{', '.join(part.text for part in item.items)}]" for item in items]
    own = [item for item in properties_of(layer).values() if item.name not in ("name", "inputs")]
    if len(items) == 1 and not layer.arguments:
        fitting = next((item for item in own if _takes(item, items[0])), None)
        if fitting is not None and _PLAIN.fullmatch(texts[0]):
            return f"write `{layer.word}: {{{fitting.word}: {texts[0]}}}`"
    if not own:
        return f"write `- {layer.word}`"
    return f"write `{as_written(layer, texts)}`"


def as_written(layer: type[Layer], arguments: Sequence[str]) -> str:
    """The arguments of MATLAB's function as a spec has them: `lstm: {NumHiddenUnits: 100, OutputMode: last}`.

    Values without a name come first, then names and values; a general form if they are otherwise.
    """
    words = {word.lower(): word for word in properties_of(layer)}
    by_name = {item.name: word for word, item in properties_of(layer).items()}
    positional = [by_name[name] for name in layer.arguments]
    count = next((k for k, text in enumerate(arguments) if text.lower() in words), len(arguments))
    given, rest = arguments[:count], arguments[count:]
    pairs = dict(zip(positional, given, strict=False))
    for word, value in zip(rest[::2], rest[1::2], strict=False):
        pairs[words.get(word.lower(), "")] = value
    whole = pairs and len(pairs) == len(given) + len(rest) / 2 and "" not in pairs
    if not whole or not all(_PLAIN.fullmatch(value) for value in pairs.values()):
        return f"{layer.word}: {{Property: value}}"
    if not rest:
        return f"{layer.word}: {given[0] if count == 1 else '[' + ', '.join(given) + ']'}"
    shown = ", ".join(f"{word}: {value}" for word, value in pairs.items())
    return f"{layer.word}: {{{shown}}}"


def _takes(item: Property, node: Node) -> bool:
    try:
        item.kind.read(node)
    except RefusedError:
        return False
    return True


def _arguments(text: str) -> list[str] | None:
    """The arguments of a call, without MATLAB's quotes, and vectors with commas; None if they are unclear."""
    found, at = [], 0
    while at < len(text):
        match = _ARGUMENT.match(text, at)
        if match is None:
            return None
        assigned = _ASSIGNED.fullmatch(match[1])
        found += [_value(part) for part in (assigned.groups() if assigned else (match[1],))]
        at = match.end()
    return found


def _value(text: str) -> str:
    text = text.strip()
    if text.startswith(('"', "'")):
        return text[1:-1]
    if text.startswith("["):
        return "[" + ", ".join(text[1:-1].replace(",", " ").split()) + "]"
    return text
