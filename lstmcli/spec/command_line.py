"""Flags as if they stood in a spec: one line of text, the command line, with a node for every value."""

from collections.abc import Mapping, Sequence

from lstmcli.errors import Mark
from lstmcli.spec.nodes import Form, Node

Flags = Mapping[str, Sequence[str]]
"""MATLAB's or the section's word -> the values given on the command line, in its order."""

COMMAND_LINE = "command line"
"""What messages call the place of a flag."""


def flag_nodes(*groups: Flags) -> list[dict[str, tuple[Node, Node]]]:
    """Each group's words with their key and value; several values are a list."""
    given = [(word, value) for flags in groups for word, values in flags.items() for value in values]
    line = " ".join(f"--{word} {value}" for word, value in given)
    column = 1
    pairs: list[dict[str, tuple[Node, Node]]] = []
    for flags in groups:
        pairs.append({})
        for word, values in flags.items():
            key = Node(Form.SCALAR, Mark(COMMAND_LINE, 1, column, len(word) + 2, line), text=word)
            nodes = []
            for value in values:
                column += len(word) + 3
                mark = Mark(COMMAND_LINE, 1, column, len(value), line)
                nodes.append(Node(Form.SCALAR, mark, text=value))
                column += len(value) + 1
            several = Node(Form.LIST, nodes[0].mark, items=tuple(nodes))
            pairs[-1][word] = key, nodes[0] if len(nodes) == 1 else several
    return pairs
