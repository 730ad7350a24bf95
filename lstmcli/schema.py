"""A spec as a JSON schema, from the declarations: what editors complete, explain and underline.

MATLAB matches names in any case: editors offer its spelling and accept every other. What depends on other
lines (sizes, names of layers, a solver's own options) is not in it.
"""

import inspect
from collections.abc import Sequence
from typing import Any

from lstmcli.data.declaration import DataSection
from lstmcli.layers import LAYERS
from lstmcli.layers.layer import Layer
from lstmcli.options import TrainingOptions
from lstmcli.spec.json_schema import Schema, either, in_any_case, items
from lstmcli.spec.kinds import nonnegative_integer, text
from lstmcli.spec.properties import Property, properties_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SUFFIX = "Layer"
"""What may follow the word of a layer."""


def spec_schema() -> dict[str, Any]:
    """The schema of a whole spec."""
    sections = {
        "options": ("The properties of MATLAB's trainingOptions.", TrainingOptions),
        "data": ("Where data is and how its columns are read.", DataSection),
    }
    return {
        "$schema": DIALECT,
        "title": "lstmcli spec",
        "type": "object",
        "required": ["layers"],
        "additionalProperties": False,
        "properties": {
            "layers": {"description": "The layers in their order.", **items({"$ref": _place("layer")})},
            "connections": {
                "description": "Pairs of a source and a destination: [layer/port, layer/port].",
                **either(items(items(text.schema, 2, 2), least=0), {"type": "null"}),
            },
            **{
                name: {"description": help, **either({"$ref": _place(name)}, {"type": "null"})}
                for name, (help, _) in sections.items()
            },
            "seed": {
                "description": "The random seed, MATLAB's rng.",
                **nonnegative_integer.schema,
                "default": 0,
            },
        },
        "$defs": {
            "layer": _any_layer(),
            **{layer.word: _layer(layer) for layer in LAYERS},
            **{
                name: _object({word: _property(item) for word, item in properties_of(kind).items()}, name)
                for name, (_, kind) in sections.items()
            },
        },
    }


def _any_layer() -> Schema:
    """An item of `layers:`: a word alone, or a mapping that begins with one."""
    alone = [layer for layer in LAYERS if not _required(layer)]
    # One branch for each layer, chosen by its word, so that editors say what is wrong in that layer.
    chosen = [{"if": _has(_words(layer), SUFFIX), "then": {"$ref": _place(layer.word)}} for layer in LAYERS]
    words = {layer.word: {"description": _summary(layer)} for layer in LAYERS}
    return {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": either(
            {"enum": [layer.word for layer in alone]},
            {"pattern": in_any_case([word for layer in alone for word in _words(layer)], SUFFIX)},
        ),
        "else": {
            "if": _has([word for layer in LAYERS for word in _words(layer)], SUFFIX),
            "then": {"allOf": chosen},
            "else": {"minProperties": 1, "properties": words, "additionalProperties": False},
        },
    }


def _layer(layer: type[Layer]) -> Schema:
    """A mapping that begins with this layer: its arguments; properties may stand beside it, too."""
    properties = {word: _property(item) for word, item in properties_of(layer).items()}
    named = _object(
        {word: {"$ref": f"{_place(layer.word)}/properties/{word}"} for word in properties}, layer.word
    )
    by_name = {item.name: item for item in properties_of(layer).values()}
    positional = [by_name[name].kind.schema for name in layer.arguments]
    several = {"type": "array", "prefixItems": positional, "minItems": 1, "maxItems": len(positional)}
    forms = either(named, *positional[:1], *([several] if positional else []), {"type": "null"})
    whole = _object({layer.word: {"description": _summary(layer), **forms}, **properties}, layer.word)
    spelt = in_any_case(_words(layer), SUFFIX)
    whole["patternProperties"][_but(layer.word, spelt)] = {
        "$ref": f"{_place(layer.word)}/properties/{layer.word}"
    }
    if _required(layer):
        # Properties beside the layer may be those that are missing in it.
        whole |= {"if": {"maxProperties": 1}, "then": {"patternProperties": {spelt: _complete(layer)}}}
    return whole


def _complete(layer: type[Layer]) -> Schema:
    """Arguments of a layer that has all it needs."""
    required = _required(layer)
    last = max((k for k, name in enumerate(layer.arguments, 1) if name in required.values()), default=0)
    types = ["object", "array"] + (["string", "number", "boolean"] if last <= 1 else [])
    return {
        "type": types,
        "if": {"type": "object"},
        "then": {"allOf": [either({"required": [word]}, _has([word])) for word in required]},
        "else": {"minItems": last},
    }


def _object(properties: dict[str, Any], name: str) -> dict[str, Any]:
    """A mapping with these properties in any case and no others, whose own place is `$defs/name`."""
    other = {
        _but(word, in_any_case([word])): {"$ref": f"{_place(name)}/properties/{word}"} for word in properties
    }
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": other,
        "additionalProperties": False,
    }


def _property(item: Property) -> Schema:
    schema = {
        "description": f"{item.help[:1].upper()}{item.help[1:]}: {item.kind.wording}.",
        **item.kind.schema,
    }
    if item.required or item.default in (None, ""):
        return schema
    default = item.kind.write(item.default)
    # JSON has no infinity.
    return {**schema, "default": "Inf" if default == float("inf") else default}


def _has(words: Sequence[str], end: str = "") -> Schema:
    """A mapping that has one of some names, in any case."""
    return {"type": "object", "not": {"propertyNames": {"not": {"pattern": in_any_case(words, end)}}}}


def _but(word: str, pattern: str) -> str:
    """A pattern without the one spelling that has a place of its own."""
    return f"^(?!{word}$){pattern.removeprefix('^')}"


def _place(name: str) -> str:
    return f"#/$defs/{name}"


def _words(layer: type[Layer]) -> tuple[str, ...]:
    return (layer.word, *layer.aliases)


def _required(layer: type[Layer]) -> dict[str, str]:
    """The properties that must be given: word -> Python name."""
    return {word: item.name for word, item in properties_of(layer).items() if item.required}


def _summary(layer: type[Layer]) -> str:
    return " ".join((inspect.getdoc(layer) or "").partition("\n\n")[0].split())
