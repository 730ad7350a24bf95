"""The kind of value that gives words their vectors: numbers, or a file that says whose vector is which."""

import re
from dataclasses import replace

from lstmcli.spec.json_schema import either, matching
from lstmcli.spec.kinds import FileValues, ListValues, array
from lstmcli.spec.nodes import Form, Node

_VECTORS_FILE = re.compile(r".+\.(?:vec|txt)(?:\.gz)?", re.IGNORECASE)


class WordVectors(FileValues):
    """A file of words and their vectors in text, as word2vec, fastText and GloVe write it."""


def _read(node: Node) -> ListValues | FileValues:
    if node.form is Form.SCALAR and _VECTORS_FILE.fullmatch(node.text):
        return WordVectors(node.text, None)
    value: ListValues | FileValues = array.read(node)
    return value


word_values = replace(
    array,
    wording=f"{array.wording}, or words with their vectors (.vec, .txt)",
    read=_read,
    schema=either(array.schema, matching(r"\.([vV][eE][cC]|[tT][xX][tT])(\.[gG][zZ])?$")),
    bad=(*(text for text in array.bad if text != "weights.txt"), "weights.bin"),
)
