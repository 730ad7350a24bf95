"""Line breaks within quoted fields of tables of texts, and rows split into fields."""

import csv
import io

import pytest
from data.test_words import LABEL, place, spelt
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.data.cells import ends_open, split_row
from lstmcli.data.declaration import DataSection
from lstmcli.data.line_breaks import join_broken_rows
from lstmcli.data.reading import read_blocks, read_sequences
from lstmcli.data.sources import Lines
from lstmcli.errors import DataError, Place

TEXTS = 'who,text\nu,"The\r\ncat\n\nsat"\nv,"a ""dog"",\nbarks"\n"u\n",So 5" tall\n"v","it\n"\n'
SPELT = [
    *(["the", "cat", "sat"], ["a", '"', "dog", '"', ",", "barks"]),
    *(["so", "5", '"', "tall"], ["it"]),
]
LINES = [2, 6, 8, 10]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [1, 2, 3, 5, 8, 13, 2 << 20])
def test_texts_of_several_lines(write, monkeypatch, block, ends):
    monkeypatch.setattr("lstmcli.data.sources.CHUNK", block)
    write("d.csv", TEXTS.replace("\r\n", "\n").replace("\n", ends))
    sequences, targets = read_sequences(["d.csv"], DataSection(words="text", labels="who"), LABEL)
    assert spelt(sequences) == SPELT
    assert sequences.places == tuple(("d.csv", line) for line in LINES)
    assert [targets.names[k] for k in targets.values] == ["u", "v", "u", "v"]


def test_a_header_and_a_first_row_of_several_lines(read):
    assert spelt(read('"the\ntext",who\na,u\n', words="the text")[0]) == [["a"]]
    assert spelt(read('"a\nb",u\nc,v\n', words="1", header=False)[0]) == [["a", "b"], ["c"]]


def test_faults_are_at_the_line_that_their_row_begins_on(message):
    text = 'text,who\n"a\nb",u\n"\n",v\n"c\n\nd",w,x\n'
    expected = [
        f"error: the value is missing{place(4, 1, 'text')}\nhelp: leave the row out",
        "error: the row has 3 fields, but the table has 2 columns\n --> d.csv: row 6",
    ]
    assert message(text, words="text") == "\n\n".join(expected)


@pytest.mark.parametrize("rest", ["c,u\nd,v\n", 100_000 * "b c\n"], ids=["short", "long"])
def test_a_quoted_text_that_does_not_end(message, rest):
    assert message(f'text,who\na,u\n"{rest}', words="text") == (
        "error: a quoted field does not end on its row\n --> d.csv: row 3\n"
        "help: is a quote missing? only in tables of `words` fields may have line breaks"
    )


def test_a_long_text_beside_a_fault(message):
    long = '"' + 200_000 * "b " + '"'
    expected = "error: the row has 1 field, but the table has 2 columns\n --> d.csv: row 3"
    assert message(f"text,who\n{long},u\nc\n", words="text") == expected


def test_a_row_of_a_pipe_is_there_at_its_end():
    class Pipe(io.BytesIO):
        def read1(self, size=-1):
            return self.readline()

    pipe = Pipe(b'text\n"a\nb"\nc\nd\n')
    blocks = read_blocks(["-"], DataSection(words="text"), None, pipe)
    assert spelt(next(blocks)[0]) == [["a", "b"]]
    assert pipe.tell() < len(pipe.getvalue())


CELLS = st.text(st.sampled_from('ab",;\t \r'), max_size=9)


def reader(lines, delimiter):
    """Python's own."""
    return csv.reader(lines, delimiter=delimiter)


@given(CELLS, st.sampled_from(",;\t"))
def test_a_row_is_split_as_python_splits_it(line, delimiter):
    [fields] = reader([line.replace("\r", "b")], delimiter) if line else [[]]
    if ends_open(line, delimiter):
        # Python's reader leaves the field open, and takes the next line into it.
        first, *_ = reader([line.replace("\r", "b"), "x"], delimiter)
        assert first[-1].endswith("x")
        with pytest.raises(DataError, match="does not end on its row"):
            split_row(line, delimiter, Place("d.csv", 1))
    elif "\r" not in line:
        assert split_row(line, delimiter, Place("d.csv", 1)) == fields
        assert len(list(reader([line, "x"], delimiter))) == 2


@given(st.lists(st.text(st.sampled_from('ab",'), max_size=6), min_size=1), st.integers(1, 4))
def test_rows_are_joined_as_python_joins_them(lines, size):
    """Its reader also counts the lines that it has taken."""
    read = csv.reader(f"{line}\n" for line in lines)
    want, first = [], 1
    for fields in read:
        want.append((first, [field.replace("\n", " ") for field in fields]))
        first = read.line_num + 1
    pieces = [lines[k : k + size] for k in range(0, len(lines), size)]
    blocks = [Lines(k * size + 1, len(piece), "\n".join(piece).encode()) for k, piece in enumerate(pieces)]
    found = []
    for text, numbers in join_broken_rows(blocks, ","):
        found += zip(numbers.tolist(), text.decode().split("\n"), strict=True)
    ends = ends_open(found[-1][1], ",")
    split = [(n, split_row(row, ",", Place("d.csv", n))) for n, row in found[: len(found) - ends]]
    assert split == want[: len(want) - ends]
    assert [n for n, _ in found] == [n for n, _ in want]
