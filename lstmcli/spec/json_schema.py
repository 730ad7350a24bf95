"""Kinds of value as editors know them, in the words of JSON Schema."""

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""Any single value: a name may be a number, or look like `true`."""
INFINITE: Schema = {"type": "string", "pattern": r"^\+?\.?[iI][nN][fF]([iI][nN][iI][tT][yY])?$"}


def integer(least: int) -> Schema:
    """A whole number of at least this."""
    return {"type": "integer", "minimum": least}


def number(**limits: float) -> Schema:
    """A number; limits : such as `minimum` and `exclusiveMaximum`."""
    return {"type": "number", **limits}


def either(*schemas: Schema) -> Schema:
    """One of several kinds."""
    return {"anyOf": list(schemas)}


def word(*words: str) -> Schema:
    """One of some words in any case; editors offer MATLAB's spelling."""
    spelt: list[Schema] = [{"enum": list(words)}]
    if any(character.isalpha() for text in words for character in text):
        spelt.append({"type": "string", "pattern": in_any_case(words)})
    return either(*spelt)


def switch(words: Sequence[str]) -> Schema:
    """True or false, 0 or 1, or one of these words."""
    return either({"type": "boolean"}, {**integer(0), "maximum": 1}, matching(in_any_case(words)))


def words_of(schema: Schema) -> tuple[str, ...]:
    """The words that a kind takes, in MATLAB's spelling."""
    if schema.get("type") == "boolean":
        return ("true", "false")
    words = [text for text in schema.get("enum", ()) if isinstance(text, str)]
    return (*words, *(text for part in schema.get("anyOf", ()) for text in words_of(part)))


def items(schema: Schema, least: int = 1, most: int | None = None) -> Schema:
    """A list of values of one kind."""
    limits = {"minItems": least} | ({} if most is None else {"maxItems": most})
    return {"type": "array", "items": schema, **limits}


def matching(pattern: str) -> Schema:
    """A text of a form."""
    return {"type": "string", "pattern": pattern}


def in_any_case(words: Sequence[str], end: str = "") -> str:
    """A pattern of words in any case, as the patterns of JSON Schema have no flag for that.

    end : what may follow them
    """
    spelt = "|".join(map(_in_any_case, words))
    return f"^({spelt})({_in_any_case(end)})?$" if end else f"^({spelt})$"


def _in_any_case(text: str) -> str:
    return "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else rf"\{c}" if c in ".+" else c for c in text)
