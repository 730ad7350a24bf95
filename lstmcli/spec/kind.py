"""What a kind of value is, and how a node becomes a text, a number or a list before a kind judges it."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lstmcli.spec.json_schema import Schema
from lstmcli.spec.nodes import Form, Node

_NUMBER = re.compile(r"[+-]?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INFINITE = re.compile(r"\+?\.?inf(inity)?", re.IGNORECASE)


class RefusedError(ValueError):
    """The node is not of the kind.

    help : what would be right, beyond the kind's wording; node : the item of a list that is wrong
    """

    def __init__(self, help: str | None = None, node: Node | None = None):
        super().__init__(help)
        self.help, self.node = help, node


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    wording : completes "must be ..."
    read : node to value; raises RefusedError
    bad : YAML texts that it refuses, for the tests
    schema : what it takes, for editors, as far as they can know
    write : value to what the YAML writer shows
    several : whether it takes a list; a flag of it may be repeated, each time with one more value
    paths : whether texts among its values name files or folders
    """

    wording: str
    read: Callable[[Node], Any]
    bad: tuple[str, ...]
    schema: Schema
    write: Callable[[Any], Any] = lambda value: value
    several: bool = False
    paths: bool = False


def read_text(node: Node) -> str:
    """The text of a scalar that is not empty."""
    if node.form is not Form.SCALAR or node.empty:
        raise RefusedError
    return node.text


def read_number(node: Node) -> float:
    """A finite number without quotes."""
    text = read_text(node).strip()
    if not node.quoted and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if "," in text and _NUMBER.fullmatch(text.replace(",", ".")):
        raise RefusedError("decimals are written with a point")
    raise RefusedError


def read_number_or_inf(node: Node) -> float:
    """A finite number or infinity, without quotes."""
    if not node.quoted and _INFINITE.fullmatch(node.text.strip()):
        return float("inf")
    return read_number(node)


def read_integer(node: Node) -> int:
    """A whole number that a double holds exactly; `1e3` is one."""
    value = read_number(node)
    if not value.is_integer():
        raise RefusedError
    if abs(value) > 2**53:
        raise RefusedError(f"numbers go up to {2**53}")
    return int(value)


def checked(read: Callable[[Node], Any], condition: Callable[[Any], bool]) -> Callable[[Node], Any]:
    """A reader that refuses values for which a condition does not hold."""

    def reader(node: Node) -> Any:
        value = read(node)
        if not condition(value):
            raise RefusedError
        return value

    return reader


def read_items(read: Callable[[Node], Any], nodes: tuple[Node, ...]) -> tuple[Any, ...]:
    """What `read` makes of each node; an error names the item."""
    values = []
    for node in nodes:
        try:
            values.append(read(node))
        except RefusedError as refused:
            raise RefusedError(refused.help, refused.node or node) from None
    return tuple(values)
