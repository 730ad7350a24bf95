"""Files of words and their vectors, as word2vec, fastText and GloVe write them in text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstmcli.data.cells import number_fault
from lstmcli.data.parse import parse_numbers
from lstmcli.data.sources import Lines, line_blocks
from lstmcli.errors import MOST_FAULTS, DataError, Fault, Place, counted

Line = tuple[int, bytes]
"""Its number, and its numbers."""
LINE = "a line is a word and its numbers, with blanks between; get the file again if it is cut short"


def read_word_vectors(
    path: str, words: Sequence[str], dimension: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The words that the file has, by their places among `words`, and their vectors: int64[n], float32[n, D].

    A line is a word and its D numbers, with blanks between. The first line may say how many vectors there
    are, and D. Of a word that comes twice the first vector counts; case counts.
    Raises DataError naming the line if there are other than D numbers, or, where a word is wanted, no finite
    numbers; or if vectors are missing.
    """
    wanted = {word.encode(): place for place, word in enumerate(words)}
    places: list[int] = []
    vectors: list[NDArray[np.float32]] = []
    promised, count = None, 0
    for block in line_blocks(path, None):
        if count == 0 and promised is None:
            promised, block = _begin(block, path, dimension)
        found = []
        lines = block.text.split(b"\n") if block.total else []
        for row, line in enumerate(lines, block.first):
            word, numbers = _split(line, dimension, path, row)
            place = wanted.pop(word, None)
            if place is not None:
                places.append(place)
                found.append((row, numbers))
        count += block.total
        if found:
            vectors.append(_parse(found, path).reshape(-1, dimension))
    if promised is not None and count != promised:
        message = f"the file says that it has {promised} vectors, but it has {count}"
        raise DataError(Fault(message, Place(path, 1), "get it again: it may be cut short"))
    none = np.empty((0, dimension), np.float32)
    return np.array(places, np.int64), np.concatenate(vectors) if vectors else none


def _begin(block: Lines, path: str, dimension: int) -> tuple[int | None, Lines]:
    """How many vectors the first line says that there are, if it does, and the lines with vectors."""
    first, _, rest = block.text.partition(b"\n")
    fields = first.split()
    heads = len(fields) == 2 and all(field.isdigit() for field in fields)
    found = int(fields[1]) if heads else len(fields) - 1
    if found != dimension:
        message = f"the vectors have {counted(found, 'number')}, not {dimension}"
        raise DataError(Fault(message, Place(path, 1), f"set `Dimension` to {found}" if found > 0 else None))
    if not heads:
        return None, block
    return int(fields[0]), Lines(block.first + 1, block.total - 1, rest)


def _split(line: bytes, dimension: int, path: str, row: int) -> tuple[bytes, bytes]:
    """A word and its numbers."""
    line = line.rstrip()
    word, _, numbers = line.partition(b" ")
    if not numbers or numbers.startswith(b" ") or numbers.count(b" ") != dimension - 1:
        # Blanks are tabs, or several, or part of the word: what GloVe has as `. . .` is no word of a text.
        fields = line.rsplit(None, dimension)
        if len(fields) <= dimension:
            count = max(0, len(fields) - 1)
            message = f"the line has {counted(count, 'number')}, not {dimension}"
            raise DataError(Fault(message, Place(path, row), LINE))
        word, numbers = fields[0], b" ".join(fields[1:])
    return word, numbers


def _parse(lines: list[Line], path: str) -> NDArray[np.float32]:
    text = b"\n".join(numbers for _, numbers in lines).replace(b" ", b"\n").decode()
    values = parse_numbers(text)
    if values is not None:
        return values
    faults = []
    for row, numbers in lines:
        cells = numbers.decode().split(" ")
        found = (number_fault(cell, Place(path, row), ",") for cell in cells)
        faults += [fault for fault in found if fault is not None]
        if len(faults) > MOST_FAULTS:
            break
    raise DataError(faults)
