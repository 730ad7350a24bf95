"""The kinds of value that say how large something is, in one dimension or two: sizes and padding."""

from typing import Any

from lstmcli.spec import json_schema
from lstmcli.spec.json_schema import Schema, either
from lstmcli.spec.kind import Kind, RefusedError, read_items
from lstmcli.spec.kinds import NOT_NUMBERS, nonnegative_integer, number, one_of, positive_integer, word_or
from lstmcli.spec.nodes import Form, Node


def _input_size(node: Node) -> tuple[int, ...]:
    if node.form is not Form.LIST:
        return (positive_integer.read(node),)
    if len(node.items) not in (1, 3):
        raise RefusedError
    return read_items(positive_integer.read, node.items)


def _list(least: int, most: int) -> Schema:
    return json_schema.items(positive_integer.schema, least, most)


input_size = Kind(
    "a positive integer, or a list of height, width and channels",
    _input_size,
    (*NOT_NUMBERS, "0", "-1", "1.5", "[2, 3]", "[2, 3, 0]"),
    either(positive_integer.schema, _list(1, 1), _list(3, 3)),
    lambda sizes: list(sizes) if len(sizes) > 1 else sizes[0],
    several=True,
)


def _pair(node: Node) -> tuple[int, ...]:
    if node.form is not Form.LIST:
        return (positive_integer.read(node),) * 2
    if len(node.items) != 2:
        raise RefusedError
    return read_items(positive_integer.read, node.items)


def _shortest(numbers: tuple[int, ...]) -> Any:
    """One number where all are the same."""
    return list(numbers) if len(set(numbers)) > 1 else numbers[0]


height_and_width = Kind(
    "a positive integer, or a list of height and width",
    _pair,
    (*NOT_NUMBERS, "0", "-1", "1.5", "[2]", "[2, 3, 4]", "[2, 0]"),
    either(positive_integer.schema, _list(2, 2)),
    _shortest,
    several=True,
)


def padding(sides: int, *words: str) -> Kind:
    """Numbers of padding, one for all sides or one for each of 2 or 4, or a word of MATLAB's.

    Two numbers for four sides are those of the height and of the width. Sides are in MATLAB's order: before
    and after, or top, bottom, left, right.
    """
    named = one_of(*words)

    def read(node: Node) -> Any:
        if node.form is Form.LIST:
            numbers = read_items(nonnegative_integer.read, node.items)
            if len(numbers) == 2 < sides:
                numbers = (numbers[0],) * 2 + (numbers[1],) * 2
            if len(numbers) != sides:
                raise RefusedError
            return numbers
        try:
            return (nonnegative_integer.read(node),) * sides
        except RefusedError:
            return named.read(node)

    def write(value: Any) -> Any:
        return value if isinstance(value, str) else _shortest(value)

    lists = "a list of two" if sides == 2 else "a list of two or four"
    wording = f"an integer of at least 0, {lists}{',' if len(words) > 1 else ' or'} {named.wording}"
    bad = ("nonsense", "-1", "1.5", "[]", "[1, 2, 3]", "[1, -2]", "{a: 1}")
    several = (json_schema.items(nonnegative_integer.schema, count, count) for count in sorted({2, sides}))
    return Kind(wording, read, bad, either(nonnegative_integer.schema, *several, named.schema), write)


_edges = one_of("replicate", "symmetric-include-edge", "symmetric-exclude-edge")


def _padding_value(node: Node) -> float | str:
    try:
        return float(number.read(node))
    except RefusedError:
        return str(_edges.read(node))


padding_value = Kind(
    f"a number, {_edges.wording}",
    _padding_value,
    ("nonsense", "[0]", "NaN", "Inf", '"0"', "{a: 1}"),
    either(number.schema, _edges.schema),
    lambda value: value if isinstance(value, str) else number.write(value),
)


def _zero(node: Node) -> int:
    if number.read(node) != 0:
        raise RefusedError
    return 0


mean_or_zero = word_or("mean", Kind("0", _zero, (*NOT_NUMBERS, "1", "NaN"), {"const": 0}))
