"""Files of words and their vectors: the forms they have, and their faults by line."""

import numpy as np
import pytest

from lstmcli.data.word_vectors import read_word_vectors
from lstmcli.errors import DataError


@pytest.fixture
def vectors(write):
    """Word -> vector of a file given as text."""

    def read(text, words="a b c", dimension=2, name="w.vec"):
        places, values = read_word_vectors(write(name, text), words.split(), dimension)
        assert (values.dtype, values.shape) == (np.float32, (len(places), dimension))
        return {words.split()[place]: row.tolist() for place, row in zip(places, values, strict=True)}

    return read


def fault(vectors, *given, **changes):
    with pytest.raises(DataError) as caught:
        vectors(*given, **changes)
    return str(caught.value)


BOTH = {"c": [1, 2], "a": [-0.5, 0.125]}


@pytest.mark.parametrize(
    "text",
    [
        "c 1 2\na -.5 125e-3\n",
        "2 2\nc 1 2\na -.5 125e-3\n",
        "2 2\r\nc 1 2 \r\na -.5 125e-3 \r\n",
        "c\t1\t2\na\t-.5\t125e-3",
        "c  1   2\na -.5 125e-3  \n",
        "x y\nc 1 2\na -.5 125e-3\n".replace("x y", "x 7 7"),
        "c 1 2\n. . . 5 6\na -.5 125e-3\nc 3 4\n",
        "\ufeffc 1 2\na -.5 125e-3\n",
    ],
    ids=["plain", "headed", "word2vec", "tabs", "blanks", "unused", "blank in a word", "marked"],
)
def test_forms(vectors, text):
    assert vectors(text) == BOTH


def test_compressed(vectors):
    assert vectors("c 1 2\na -.5 125e-3\n", name="w.vec.gz") == BOTH


def test_words_in_any_alphabet(vectors):
    assert vectors("ärger 1 2\n你好 3 4\n", words="你好 Ärger ärger") == {"你好": [3, 4], "ärger": [1, 2]}


def test_no_word_is_found(vectors):
    assert vectors("A 1 2\n") == {}


def test_one_number_a_word(vectors):
    assert vectors("a 1\nb\t2\n", dimension=1) == {"a": [1], "b": [2]}


def test_lines_over_the_ends_of_blocks(vectors, monkeypatch):
    monkeypatch.setattr("lstmcli.data.sources.CHUNK", 5)
    assert vectors("2 2\nc 1 2\na -.5 125e-3\n") == BOTH
    assert fault(vectors, "2 2\nc 1 2\na -.5 x\n").endswith("w.vec: row 3")


def test_another_dimension(vectors):
    expected = "error: the vectors have 3 numbers, not 2\n --> w.vec: row 1\nhelp: set `Dimension` to 3"
    assert fault(vectors, "a 1 2 3\n") == expected
    assert fault(vectors, "1 3\na 1 2 3\n") == expected
    assert fault(vectors, "a\n") == "error: the vectors have 0 numbers, not 2\n --> w.vec: row 1"


def test_lines_without_all_numbers(vectors):
    help = "a line is a word and its numbers, with blanks between; get the file again if it is cut short"
    expected = f"error: the line has 1 number, not 2\n --> w.vec: row 2\nhelp: {help}"
    assert fault(vectors, "x 1 2\ny 1\n") == expected
    expected = f"error: the line has 0 numbers, not 2\n --> w.vec: row 2\nhelp: {help}"
    assert fault(vectors, "1 2\n\nx 1 2\n") == expected


def test_what_is_no_number(vectors):
    expected = [
        "error: `x` is not a number\n --> w.vec: row 2",
        "error: `inf` is not a finite number\n --> w.vec: row 3",
        "error: `1e39` is too large for single precision\n --> w.vec: row 4",
    ]
    assert fault(vectors, "z 1 2\na x 1\nb 2 inf\nc 1e39 0\n") == "\n\n".join(expected)


def test_what_is_not_wanted_is_no_fault(vectors):
    assert vectors("x y z\na 1 2\n") == {"a": [1, 2]}


@pytest.mark.parametrize(("promised", "count"), [(3, 2), (1, 2)])
def test_a_file_that_has_not_what_it_says(vectors, promised, count):
    expected = (
        f"error: the file says that it has {promised} vectors, but it has {count}\n --> w.vec: row 1\n"
        "help: get it again: it may be cut short"
    )
    assert fault(vectors, f"{promised} 2\nx 1 2\na 1 2\n") == expected


def test_what_is_no_file_of_words(vectors):
    assert fault(vectors, "") == "error: the file is empty\n --> w.vec"
    assert "is not text" in fault(vectors, b"a \0\0\0\n")
    assert "not UTF-8" in fault(vectors, b"a 1 2\n\xff\xfe 1 2\n")
    with pytest.raises(DataError, match="there is no such file"):
        read_word_vectors("absent.vec", ["a"], 2)
