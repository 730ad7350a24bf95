"""The kinds of value a property can have: how each is read, worded in messages and written back."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lstmcli.errors import did_you_mean
from lstmcli.spec.nodes import Form, Node

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
_PYTHON = re.compile(r"python:([\w.]+):(\w+)")
_VALUES_FILE = re.compile(r"(.+\.(?:csv|npy))|(.+\.(?:h5|mat)):(.+)", re.IGNORECASE)


class RefusedError(ValueError):
    """The node is not of the kind; `help` is what would be right, beyond the kind's wording."""

    def __init__(self, help: str | None = None):
        super().__init__(help)
        self.help = help


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    wording : completes "must be ..."
    read : node to value; raises RefusedError
    bad : YAML texts that it refuses, for the tests
    write : value to what the YAML writer shows
    """

    wording: str
    read: Callable[[Node], Any]
    bad: tuple[str, ...]
    write: Callable[[Any], Any] = lambda value: value


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


def _scalar(node: Node) -> str:
    if node.form is not Form.SCALAR or node.empty:
        raise RefusedError
    return node.text


def _number(node: Node, *, infinite: bool = False) -> float:
    text = _scalar(node).strip()
    if not node.quoted and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if infinite and re.fullmatch(r"\+?\.?inf(inity)?", text, re.IGNORECASE):
        return float("inf")
    if "," in text and _NUMBER.fullmatch(text.replace(",", ".")):
        raise RefusedError("decimals are written with a point")
    raise RefusedError


def _integer(node: Node) -> int:
    value = _number(node)
    if value != int(value):
        raise RefusedError
    if abs(value) > 2**53:
        raise RefusedError(f"numbers go up to {2**53}")
    return int(value)


def _where(read: Callable[[Node], Any], condition: Callable[[Any], bool]) -> Callable[[Node], Any]:
    def checked(node: Node) -> Any:
        value = read(node)
        if not condition(value):
            raise RefusedError
        return value

    return checked


def _infinite_number(node: Node) -> float:
    return _number(node, infinite=True)


def _show_number(value: float) -> float | int | str:
    if value == float("inf"):
        return "Inf"
    return int(value) if value == int(value) and abs(value) < 1e15 else value


_NOT_NUMBERS = ("many", '"3"', "[]", "{a: 1}", "1_000")


def _number_kind(wording: str, condition: Callable[[float], bool], *bad: str, infinite: bool = False) -> Kind:
    read = _infinite_number if infinite else _number
    return Kind(wording, _where(read, condition), (*_NOT_NUMBERS, "NaN", *bad), _show_number)


nonnegative_integer = Kind(
    "an integer of at least 0", _where(_integer, lambda n: n >= 0), (*_NOT_NUMBERS, "-1", "1.5")
)
positive_integer = Kind(
    "a positive integer", _where(_integer, lambda n: n > 0), (*_NOT_NUMBERS, "0", "-1", "1.5")
)
number = _number_kind("a number", lambda x: True, "Inf")
nonnegative = _number_kind("a number of at least 0", lambda x: x >= 0, "-1", "Inf")
positive = _number_kind("a positive number", lambda x: x > 0, "0", "-1", "Inf")
positive_or_inf = _number_kind("a positive number or Inf", lambda x: x > 0, "0", "-Inf", infinite=True)
fraction = _number_kind("a number from 0 to 1", lambda x: 0 <= x <= 1, "-0.1", "1.1")
fraction_below_one = _number_kind("a number of at least 0 and below 1", lambda x: 0 <= x < 1, "-0.1", "1")


def _patience(node: Node) -> float:
    value = _infinite_number(node)
    if value < 1 or (value != float("inf") and value != int(value)):
        raise RefusedError
    return value


positive_integer_or_inf = Kind(
    "a positive integer or Inf", _patience, (*_NOT_NUMBERS, "0", "2.5", "-Inf"), _show_number
)


def _boolean(node: Node) -> bool:
    text = _scalar(node).lower()
    if node.quoted or text not in _TRUE + _FALSE:
        raise RefusedError
    return text in _TRUE


boolean = Kind("true or false", _boolean, ("maybe", "2", "[]"))
text = Kind("a text", _scalar, ("[a]", "{a: 1}", "~"))


def _name(node: Node) -> str:
    value = _scalar(node)
    if "/" in value or value != value.strip() or not value.isprintable() or value == "." * len(value):
        raise RefusedError("a `/` separates a layer from its port" if "/" in value else None)
    return value


layer_name = Kind("a name without `/`", _name, ("a/b", "[a]", "~", '""', '" a"'))


def one_of(*words: str) -> Kind:
    """One of MATLAB's enumerated words, matched without regard to case."""
    by_lower = {word.lower(): word for word in words}

    def read(node: Node) -> str:
        value = _scalar(node)
        if value.lower() not in by_lower:
            raise RefusedError(did_you_mean(value, words))
        return by_lower[value.lower()]

    listed = (
        f"`{words[0]}`" if len(words) == 1 else ", ".join(f"`{w}`" for w in words[:-1]) + f" or `{words[-1]}`"
    )
    return Kind(listed, read, ("nonsense", "[]", "~"))


def word_or(word: str, kind: Kind) -> Kind:
    """`auto`, `none`, `longest` ... or a value of another kind."""

    def read(node: Node) -> Any:
        if node.form is Form.SCALAR and not node.empty and node.text.lower() == word.lower():
            return word
        return kind.read(node)

    return Kind(
        f"`{word}` or {kind.wording}",
        read,
        kind.bad,
        lambda value: value if value == word else kind.write(value),
    )


def list_of(kind: Kind, wording: str) -> Kind:
    """A list of at least one value, all of one kind; a single value is a list of one."""

    def read(node: Node) -> tuple[Any, ...]:
        items = node.items if node.form is Form.LIST else (node,)
        if not items:
            raise RefusedError
        return tuple(kind.read(item) for item in items)

    bad = ("[]", "{a: 1}", *(f"[{value}]" for value in kind.bad if value not in ("[]", "~")))
    return Kind(wording, read, bad, lambda values: [kind.write(value) for value in values])


def _factor(node: Node) -> float | tuple[float, ...]:
    if node.form is Form.LIST and node.items:
        return tuple(nonnegative.read(item) for item in node.items)
    return float(nonnegative.read(node))


def _show_factor(value: float | tuple[float, ...]) -> Any:
    return [_show_number(x) for x in value] if isinstance(value, tuple) else _show_number(value)


factor = Kind(
    "a number of at least 0, or a list of one for each gate",
    _factor,
    ("many", "-1", "[]", "[-1, 1, 1, 1]", "{a: 1}"),
    _show_factor,
)


def _values(node: Node) -> ListValues | FileValues:
    if node.form is Form.SCALAR and not node.empty:
        match = _VALUES_FILE.fullmatch(node.text)
        if match:
            return FileValues(match[1] or match[2], match[3])
    return ListValues(_nested(node, 2))


def _nested(node: Node, levels: int) -> Any:
    if node.form is Form.LIST and levels > 0:
        return tuple(_nested(item, levels - 1) for item in node.items)
    return _number(node)


array = Kind(
    "a list of numbers, a list of rows, or a file (.csv, .npy, .h5:/path, .mat:variable)",
    _values,
    ("many", "[a]", "[NaN]", "[[[1]]]", "{a: 1}", "weights.txt", "weights.h5"),
)


def initializer(*words: str) -> Kind:
    """One of MATLAB's initializers, or a Python function."""
    named = one_of(*words)

    def read(node: Node) -> str | PythonFunction:
        match = _PYTHON.fullmatch(node.text)
        return PythonFunction(match[1], match[2]) if match else str(named.read(node))

    return Kind(
        f"{named.wording.replace(' or ', ', ')} or `python:module:function`", read, ("nonsense", "[]"), str
    )
