"""The kinds of value a property can have: how each is read, worded in messages and written back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from types import MappingProxyType
from typing import Any

from lstmcli.errors import did_you_mean
from lstmcli.spec import json_schema
from lstmcli.spec.json_schema import INFINITE, TEXT, Schema, either, matching
from lstmcli.spec.kind import (
    Kind,
    RefusedError,
    checked,
    read_integer,
    read_items,
    read_number,
    read_number_or_inf,
    read_text,
)
from lstmcli.spec.nodes import Form, Node

DIMENSIONS = 4
"""Of an array that a spec gives, at most: the weights of a two-dimensional convolution have as many."""
_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
_PYTHON = re.compile(r"python:([\w.]+):(\w+)")
_VALUES_FILE = re.compile(r"(.+\.(?:csv|npy))|(.+\.(?:h5|mat)):(.+)", re.IGNORECASE)
_FILE_PATTERN = r"\.([cC][sS][vV]|[nN][pP][yY])$|\.([hH]5|[mM][aA][tT]):."


@dataclass(frozen=True)
class FileValues:
    """Numbers that stand in a file: `weights.csv`, `weights.h5:/path`, `weights.mat:variable`."""

    path: str
    inner: str | None


@dataclass(frozen=True)
class ListValues:
    """Numbers that stand in the spec: a number, a list, or a list of rows."""

    values: Any


@dataclass(frozen=True)
class PythonFunction:
    """`python:module:function`, MATLAB's function handle."""

    module: str
    function: str

    def __str__(self) -> str:
        return f"python:{self.module}:{self.function}"


def _show_number(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


NOT_NUMBERS = ("many", '"3"', "[]", "{a: 1}", "1_000")


def _number_kind(
    wording: str, condition: Callable[[float], bool], schema: Schema, *bad: str, infinite: bool = False
) -> Kind:
    read = read_number_or_inf if infinite else read_number
    return Kind(wording, checked(read, condition), (*NOT_NUMBERS, "NaN", *bad), schema, _show_number)


def _integer_kind(wording: str, least: int, *bad: str) -> Kind:
    read = checked(read_integer, lambda n: n >= least)
    return Kind(wording, read, (*NOT_NUMBERS, *bad), json_schema.integer(least))


_numbers, _POSITIVE = json_schema.number, json_schema.number(exclusiveMinimum=0)
nonnegative_integer = _integer_kind("an integer of at least 0", 0, "-1", "1.5")
positive_integer = _integer_kind("a positive integer", 1, "0", "-1", "1.5")
at_least_two = _integer_kind("an integer of at least 2", 2, "1", "-2", "2.5")
number = _number_kind("a number", lambda x: True, _numbers(), "Inf")
nonnegative = _number_kind("a number of at least 0", lambda x: x >= 0, _numbers(minimum=0), "-1", "Inf")
positive = _number_kind("a positive number", lambda x: x > 0, _POSITIVE, "0", "-1", "Inf")
positive_or_inf = _number_kind(
    "a positive number or Inf", lambda x: x > 0, either(_POSITIVE, INFINITE), "0", "-Inf", infinite=True
)
fraction = _number_kind(
    "a number from 0 to 1", lambda x: 0 <= x <= 1, _numbers(minimum=0, maximum=1), "-0.1", "1.1"
)
_below_one = _numbers(minimum=0, exclusiveMaximum=1)
fraction_below_one = _number_kind(
    "a number of at least 0 and below 1", lambda x: 0 <= x < 1, _below_one, "-0.1", "1"
)
_count_or_inf = either(json_schema.integer(1), INFINITE)
positive_integer_or_inf = _number_kind(
    "a positive integer or Inf",
    lambda n: n >= 1 and (n == inf or n.is_integer()),
    _count_or_inf,
    *("0", "2.5", "-Inf"),
    infinite=True,
)


def _boolean(node: Node) -> bool:
    text = read_text(node).lower()
    if node.quoted or text not in _TRUE + _FALSE:
        raise RefusedError
    return text in _TRUE


boolean = Kind("true or false", _boolean, ("maybe", "2", "[]"), json_schema.switch(_TRUE + _FALSE))
text = Kind("a text", read_text, ("[a]", "{a: 1}", "~"), TEXT)
path = replace(text, wording="a path", paths=True)


def _name(node: Node) -> str:
    value = read_text(node)
    if "/" in value or value != value.strip() or not value.isprintable() or value == "." * len(value):
        raise RefusedError("a `/` separates a layer from its port" if "/" in value else None)
    return value


layer_name = Kind(
    "a name without `/`",
    _name,
    ("a/b", "[a]", "~", '""', '" a"'),
    {**TEXT, "pattern": r"^[^/\s]([^/]*[^/\s])?$"},
)


def one_of(*words: str, foreign: Mapping[str, str] = MappingProxyType({})) -> Kind:
    """One of MATLAB's enumerated words, matched without regard to case.

    foreign : words that MATLAB has and we do not, with the reason
    """
    by_lower = {word.lower(): word for word in words}
    reasons = {word.lower(): why for word, why in foreign.items()}

    def read(node: Node) -> str:
        value = read_text(node)
        if value.lower() not in by_lower:
            raise RefusedError(reasons.get(value.lower()) or did_you_mean(value, words))
        return by_lower[value.lower()]

    listed = (
        f"`{words[0]}`" if len(words) == 1 else ", ".join(f"`{w}`" for w in words[:-1]) + f" or `{words[-1]}`"
    )
    return Kind(listed, read, ("nonsense", "[]", "~"), json_schema.word(*words))


def word_or(word: str, kind: Kind) -> Kind:
    """`auto`, `none`, `longest` ... or a value of another kind."""

    def read(node: Node) -> Any:
        if node.form is Form.SCALAR and not node.empty and node.text.lower() == word.lower():
            return word
        return kind.read(node)

    def write(value: Any) -> Any:
        return value if value == word else kind.write(value)

    schema = either(json_schema.word(word), kind.schema)
    return replace(kind, wording=f"`{word}` or {kind.wording}", read=read, schema=schema, write=write)


def list_of(kind: Kind, wording: str) -> Kind:
    """A list of at least one value, all of one kind; a single value is a list of one."""

    def read(node: Node) -> tuple[Any, ...]:
        items = node.items if node.form is Form.LIST else (node,)
        if not items:
            raise RefusedError
        return read_items(kind.read, items)

    bad = ("[]", "{a: 1}", *(f"[{value}]" for value in kind.bad if value not in ("[]", "~")))

    def write(values: tuple[Any, ...]) -> list[Any]:
        return [kind.write(value) for value in values]

    schema = either(kind.schema, json_schema.items(kind.schema))
    return Kind(wording, read, bad, schema, write, several=True, paths=kind.paths)


def _factor(node: Node) -> float | tuple[float, ...]:
    if node.form is Form.LIST and node.items:
        return read_items(nonnegative.read, node.items)
    return float(nonnegative.read(node))


def _show_factor(value: float | tuple[float, ...]) -> Any:
    return [_show_number(x) for x in value] if isinstance(value, tuple) else _show_number(value)


factor = Kind(
    "a number of at least 0, or a list of one for each gate",
    _factor,
    ("many", "-1", "[]", "[-1, 1, 1, 1]", "{a: 1}"),
    either(nonnegative.schema, json_schema.items(nonnegative.schema)),
    _show_factor,
)


def _values(node: Node) -> ListValues | FileValues:
    if node.form is Form.SCALAR and not node.empty:
        match = _VALUES_FILE.fullmatch(node.text)
        if match:
            return FileValues(match[1] or match[2], match[3])
    return ListValues(_nested(node, DIMENSIONS))


def _nested(node: Node, levels: int) -> Any:
    if node.form is Form.LIST and levels > 0:
        return read_items(lambda item: _nested(item, levels - 1), node.items)
    return read_number(node)


def _nested_schema(levels: int) -> Schema:
    inner = either(_numbers(), _nested_schema(levels - 1)) if levels > 1 else _numbers()
    return json_schema.items(inner, least=0)


array = Kind(
    "a list of numbers, a list of rows, or a file (.csv, .npy, .h5:/path, .mat:variable)",
    _values,
    ("many", "[a]", "[NaN]", "[[[[[1]]]]]", "{a: 1}", "weights.txt", "weights.h5"),
    either(_numbers(), _nested_schema(DIMENSIONS), matching(_FILE_PATTERN)),
)


def initializer(*words: str) -> Kind:
    """One of MATLAB's initializers, or a Python function."""
    named = one_of(*words)

    def read(node: Node) -> str | PythonFunction:
        match = _PYTHON.fullmatch(node.text)
        return PythonFunction(match[1], match[2]) if match else str(named.read(node))

    return Kind(
        f"{named.wording.replace(' or ', ', ')} or `python:module:function`",
        read,
        ("nonsense", "[]"),
        either(named.schema, matching(f"^{_PYTHON.pattern}$")),
        str,
    )
