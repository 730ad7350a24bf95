"""Random tables written in every way that is read, and in pieces of any size, give the same arrays."""

import csv
import gzip
import io
import os
import tempfile
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.data.cells import MISSING, number_fault
from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_blocks, read_sequences
from lstmcli.errors import DataError, Place
from lstmcli.records import Task

finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
# Names and labels may hold anything that a text table can: delimiters, quotes, spaces, any script.
words = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
    .map(lambda word: word.strip(" "))
    .filter(lambda word: word not in MISSING)
)
blanks = st.text(" \t", max_size=2)
sizes = st.lists(st.integers(1, 40), min_size=1, max_size=20)


class Pieces(io.BytesIO):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data: bytes, sizes: list[int]):
        super().__init__(data)
        self.sizes = sizes
        self.reads = 0

    def read1(self, size: int = -1) -> bytes:
        self.reads += 1
        return super().read1(self.sizes[self.reads % len(self.sizes)])


@st.composite
def tables(draw):
    """Sequences: (name, label, rows of times and values)."""
    channels = draw(st.integers(1, 3))
    row = st.tuples(words, *[finite] * channels)
    sequence = st.tuples(words, words, st.lists(row, min_size=1, max_size=4))
    sequences = draw(st.lists(sequence, min_size=1, max_size=5))
    names = [name for name, _, _ in sequences]
    distinct = all(a != b for a, b in pairwise(names))
    return channels, sequences if distinct else sequences[:1]


def write(channels, sequences, delimiter, line_end, final, mark, blanks=""):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(["sequence", "t", *[f"c{k}" for k in range(channels)], "who"])
    for name, label, rows in sequences:
        for time, *values in rows:
            numbers = [np.format_float_scientific(np.float32(v)) for v in values]
            texts = [blanks + text + blanks for text in (name, time, label)]
            writer.writerow([*texts[:2], *numbers, texts[2]])
    text = out.getvalue() if final else out.getvalue().removesuffix(line_end)
    return (mark + text).encode()


@given(
    tables(),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["", "\ufeff"]),
    st.booleans(),
    blanks,
    sizes,
)
def test_round_trip(table, delimiter, line_end, final, mark, packed, blanks, sizes):
    channels, expected = table
    data = write(channels, expected, delimiter, line_end, final, mark, blanks)
    if packed:
        data = gzip.compress(data, mtime=0)
    columns = DataSection(labels="who", time="t")
    task = Task(classification=True, per_step=False)
    sequences, targets = read_sequences(["-"], columns, task, Pieces(data, sizes))

    assert sequences.ids == tuple(name for name, _, _ in expected)
    assert sequences.lengths.tolist() == [len(rows) for _, _, rows in expected]
    values = np.array([row[1:] for _, _, rows in expected for row in rows], np.float32)
    assert sequences.values.tobytes() == values.tobytes()
    assert sequences.times.tolist() == [row[0] for _, _, rows in expected for row in rows]
    assert [targets.names[number] for number in targets.values] == [label for _, label, _ in expected]
    assert set(targets.names) == {label for _, label, _ in expected}
    first_rows = 2 + np.cumsum([0] + [len(rows) for _, _, rows in expected])[:-1]
    assert sequences.places == tuple(("stdin", int(row)) for row in first_rows)

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table")
        with open(path, "wb") as file:
            file.write(data)
        whole, whole_targets = read_sequences([path], columns, task)
    assert whole.values.tobytes() == sequences.values.tobytes()
    assert whole.offsets.tolist() == sequences.offsets.tolist()
    assert whole_targets.names == targets.names
    assert whole_targets.values.tolist() == targets.values.tolist()


@given(tables(), sizes)
def test_no_sequence_waits_longer_than_for_the_next_row(table, sizes):
    channels, expected = table
    data = write(channels, expected, ",", "\n", True, "")
    ends = 1 + np.cumsum([len(rows) for _, _, rows in expected])
    seen = 0

    class Watched(Pieces):
        def read1(self, size: int = -1) -> bytes:
            complete_lines = data[: self.tell()].count(b"\n")
            assert seen == np.count_nonzero(ends < complete_lines)
            return super().read1(size)

    for sequences, _ in read_blocks(["-"], DataSection(time="t", labels="who"), None, Watched(data, sizes)):
        seen += len(sequences)
    assert seen == len(expected)


@given(st.text("+-.0123456789eE_xinfaNA \t\u0661\u00a0", max_size=8))
def test_what_is_refused_is_explained(cell):
    """The parser and the words for its refusals agree on what a number is."""
    text = io.BytesIO(f"x,y\n1,1\n{cell},1\n".encode())
    fault = number_fault(cell, Place("stdin", 3, 1, "x"), ",")
    if fault is None:
        sequences, _ = read_sequences(["-"], DataSection(), None, text)
        assert sequences.values[1, 0] == np.float32(cell)
    else:
        with pytest.raises(DataError) as caught:
            read_sequences(["-"], DataSection(), None, text)
        assert caught.value.faults == [fault]
