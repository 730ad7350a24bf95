"""YAML text to a tree of nodes, each with its place in the text.

Scalars stay as the user wrote them: whoever reads a node decides whether `010`, `on` or `1e-3` is
a number, a switch or a word, so YAML 1.1's guesses (8, true, text) never reach anyone.
"""

import re
from collections.abc import Iterator

import yaml
from yaml.reader import ReaderError

from lstmcli.errors import Fault, Mark, SpecError
from lstmcli.spec.nodes import Form, Node

MAX_REPEATED = 100_000
"""Aliases can unfold a small text into an endless tree: this many nodes may stand for written ones."""

SYNTAX_HELP = {
    r"'\t'": "indent with spaces, not tabs",
    "mapping values": "write `{Name: value}`, and quotes around a text with a colon",
    "expected <block end>": "what belongs to one list or mapping begins in one column",
    "expected ',' or": "a bracket is not closed, or a comma is missing",
    "found unexpected end of stream": "a quote is not closed",
}
"""A part of PyYAML's message -> what would be right."""

SURROGATE = re.compile("[\ud800-\udfff]")
PLAIN_TAGS = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


def read_tree(text: str, file: str, faults: list[Fault]) -> Node:
    """The tree of one YAML document; an alias is the node that it names.

    A key given twice and a tag are added to `faults`. A text that is not YAML raises SpecError.
    """
    lines = text.splitlines() or [""]
    documents = _compose(text, file, lines)
    if len(documents) > 1:
        mark = _mark(documents[1], file, lines)
        raise SpecError(Fault("a second document in one file", mark, "remove everything from `---` on"))
    if not documents:
        raise SpecError(Fault(f"`{file}` is empty", None, "a spec has at least `layers:` with a list"))
    return _Builder(file, lines, faults).node(documents[0])


def _compose(text: str, file: str, lines: list[str]) -> list[yaml.Node]:
    try:
        loader = yaml.BaseLoader(text)
    except ReaderError as error:
        raise SpecError(_character_fault(error, text, file)) from None
    documents: list[yaml.Node] = []
    try:
        while loader.check_node() and (document := loader.get_node()) is not None:
            documents.append(document)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark
        if error.context_mark is not None and (at is None or at.index >= len(text)):
            at = error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
    except RecursionError:
        at, message = loader.get_mark(), "lists or mappings are nested too deep"
    except (ValueError, OverflowError):
        # PyYAML takes any number in "\U..." for a character's.
        at, message = loader.get_mark(), "found a number out of range"
    else:
        return documents
    line, column = (at.line, at.column) if at else (0, 0)
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    help = next((help for part, help in SYNTAX_HELP.items() if part in message), None)
    raise SpecError(Fault(f"not YAML: {message}", Mark(file, line + 1, column + 1, 1, lines[line]), help))


class _Builder:
    """Turns PyYAML's nodes into ours, each once however many aliases name it."""

    def __init__(self, file: str, lines: list[str], faults: list[Fault]):
        self.file, self.lines, self.faults = file, lines, faults
        self.built: dict[int, tuple[Node, int] | None] = {}
        self.unfolded = self.repeated = 0

    def node(self, source: yaml.Node) -> Node:
        mark = _mark(source, self.file, self.lines)
        if id(source) in self.built:
            return self._again(id(source), mark)
        self.built[id(source)] = None
        before = self.unfolded
        self.unfolded += 1
        if source.tag not in PLAIN_TAGS:
            tag = source.tag.replace("tag:yaml.org,2002:", "!!")
            self.faults.append(Fault(f"a spec has no tags, got `{tag}`", mark, "write the plain value"))
        if isinstance(source, yaml.ScalarNode):
            if SURROGATE.search(source.value):
                self.faults.append(Fault("half a character: U+D800 to U+DFFF mean nothing alone", mark))
            node = Node(Form.SCALAR, mark, text=source.value, quoted=source.style is not None)
        elif isinstance(source, yaml.SequenceNode):
            node = Node(Form.LIST, mark, items=tuple(self.node(item) for item in source.value))
        else:
            assert isinstance(source, yaml.MappingNode)
            node = Node(Form.MAPPING, mark, pairs=tuple(self._pairs(source)))
        self.built[id(source)] = node, self.unfolded - before
        return node

    def _again(self, source: int, mark: Mark) -> Node:
        known = self.built[source]
        if known is None:
            raise SpecError(Fault("an alias (`*name`) stands inside of what it names", mark))
        node, size = known
        self.unfolded += size
        self.repeated += size
        if self.repeated > MAX_REPEATED:
            raise SpecError(Fault("aliases (`*name`) unfold to more than a spec can hold", mark))
        return node

    def _pairs(self, source: yaml.MappingNode) -> Iterator[tuple[Node, Node]]:
        first: dict[str, Mark] = {}
        for source_key, source_value in source.value:
            key, value = self.node(source_key), self.node(source_value)
            if key.form is not Form.SCALAR:
                self.faults.append(Fault(f"a name must be one word, got {key.show()}", key.mark))
            elif key.text.lower() in first:
                line = first[key.text.lower()].line
                message = f"`{key.text}` is given twice, first in line {line}"
                self.faults.append(Fault(message, key.mark, "keep one of the two"))
            else:
                first[key.text.lower()] = key.mark
                yield key, value


def _mark(source: yaml.Node, file: str, lines: list[str]) -> Mark:
    start, end = source.start_mark, source.end_mark
    line = lines[start.line] if start.line < len(lines) else ""
    if end.line == start.line:
        length = end.column - start.column
    elif isinstance(source, yaml.ScalarNode):
        length = len(line) - start.column
    else:
        length = 1
    return Mark(file, start.line + 1, start.column + 1, max(1, length), line)


def _character_fault(error: ReaderError, text: str, file: str) -> Fault:
    """A character that no YAML text may have, shown as a question mark."""
    before = text[: error.position].split("\n")
    source = before[-1] + "\N{REPLACEMENT CHARACTER}" + text[error.position + 1 :].split("\n")[0]
    mark = Mark(file, len(before), len(before[-1]) + 1, 1, source.rstrip("\r"))
    code = f"U+{ord(text[error.position]):04X}"
    return Fault(f"not YAML: found the character {code}, which no text has", mark, "is it a text in UTF-8?")
