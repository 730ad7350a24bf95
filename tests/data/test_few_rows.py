"""A few rows are parsed and written as many are, byte for byte."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmcli.data import parse, writing
from lstmcli.data.layout import Layout
from lstmcli.data.parse import FEW, Texts, parse_block
from lstmcli.data.writing import csv_rows
from lstmcli.errors import DataError

LAYOUT = Layout(names=("s", "a", "b", "l"), features=(1, 2), responses=(2,), sequence=0, labels=3)
NUMBERS = [
    "1",
    "+1",
    "-1.5",
    ".5",
    "5.",
    "1e3",
    "1E-3",
    "1e-50",
    repr(2.0**-150 * (1 + 2**-40)),
    "7.006492321624085354618e-46",
    "7.0064923216240853547e-46",
    "1.000000059604644775390625",
    "1.00000005960464477539062500001",
    "-1.000000178813934326171874999",
    "1e38",
    "3.4028235e38",
    "3.5e38",
    "1e999",
    " 2",
    "3\t",
]
ODD = [
    "",
    "NA",
    "nan",
    "NaN",
    "inf",
    "-Infinity",
    "0x10",
    "1_000",
    "1,5",
    "1.5f",
    "1d3",
    "--1",
    "e5",
    "٣",
    '"4"',
]
TEXTS = ["x", " y ", "", "NA", '"q"', '"a;b"', "é", "x"]


def outcome(text, rows):
    """What comes of a block: values and texts, or the faults."""
    try:
        block = parse_block(text.encode(), rows, LAYOUT, ";", "f")
    except DataError as error:
        return str(error)
    named = {c: [t.texts[n] for n in t.numbers] for c, t in block.texts.items()}
    return block.features.tobytes(), block.responses.tobytes(), named


@given(
    st.lists(
        st.tuples(*map(st.sampled_from, (TEXTS, NUMBERS + ODD, NUMBERS, TEXTS))), min_size=1, max_size=FEW
    )
)
def test_any_cells(rows):
    text, numbers = "\n".join(";".join(row) for row in rows), np.arange(7, 7 + len(rows))
    few = outcome(text, numbers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "FEW", 0)
        assert outcome(text, numbers) == few


@pytest.mark.parametrize("cell", [*NUMBERS, *ODD])
def test_one_odd_number_among_sound_ones(cell, monkeypatch):
    text, numbers = f"a;1;2;x\nb;{cell};{cell};y\nc;3;4;z", np.arange(3)
    few = outcome(text, numbers)
    monkeypatch.setattr(parse, "FEW", 0)
    assert outcome(text, numbers) == few


@pytest.mark.parametrize("cell", TEXTS)
@pytest.mark.parametrize("column", [0, 3])
def test_one_odd_text_among_sound_ones(cell, column, monkeypatch):
    row = ["b", "1", "2", "y"]
    row[column] = cell
    text, numbers = f"a;1;2;x\n{';'.join(row)}\nc;3;4;z", np.arange(3)
    few = outcome(text, numbers)
    monkeypatch.setattr(parse, "FEW", 0)
    assert outcome(text, numbers) == few


@pytest.mark.parametrize("text", ["a;1;2", "a;1;2;x;", "", 'a;1;2;"x', "a;1;2;x\r"])
def test_odd_rows(text, monkeypatch):
    few = outcome(text, np.array([3]))
    monkeypatch.setattr(parse, "FEW", 0)
    assert outcome(text, np.array([3])) == few


def test_few_sound_rows_need_no_reader(monkeypatch):
    monkeypatch.setattr(parse, "parse_table", None)
    features, responses, named = outcome("a;1;2.5;x\nb;-3;4;y\na;0;1e2;x", np.arange(3))
    assert np.frombuffer(features, np.float32).tolist() == [1, 2.5, -3, 4, 0, 100]
    assert np.frombuffer(responses, np.float32).tolist() == [2.5, 4, 100]
    assert named == {0: ["a", "b", "a"], 3: ["x", "y", "x"]}


@given(
    st.lists(st.floats(width=32), min_size=1, max_size=FEW),
    st.lists(st.text(max_size=4), min_size=1, max_size=3),
)
def test_rows_are_written_as_many_are(numbers, texts):
    values = np.array(numbers, np.float32)
    names = Texts(np.arange(len(values), dtype=np.int32) % len(texts), tuple(texts))
    few = csv_rows([names, values, -values])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "FEW", 0)
        assert csv_rows([names, values, -values]) == few
    assert csv_rows([names]) == [row.rsplit(",", 2)[0] for row in few]


def test_a_number_just_beyond_halfway_is_rounded_once():
    features, _, _ = outcome("x;1.00000005960464477539062500001;1.000000059604644775390625;y", np.arange(1))
    assert np.frombuffer(features, np.float32).tolist() == [np.nextafter(np.float32(1), np.float32(2)), 1]


@given(st.lists(st.floats(width=64, allow_nan=False, allow_infinity=False), min_size=1, max_size=FEW))
def test_any_number_is_parsed_to_the_nearest(numbers):
    text = "\n".join(f"x;{number!r};{number:.9g};y" for number in numbers)
    few = outcome(text, np.arange(len(numbers)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "FEW", 0)
        assert outcome(text, np.arange(len(numbers))) == few


@pytest.mark.parametrize("value", [1e-4, 9.9e-5, 1.5e-5, 1.234e-7, 999999.9, 1e6, 1234567, 1e15, 1e16, -0.0])
def test_each_size_of_numbers_is_written_as_among_many(value, monkeypatch):
    values = np.array([value, np.nextafter(np.float32(value), np.float32(0))], np.float32)
    few = csv_rows([values])
    monkeypatch.setattr(writing, "FEW", 0)
    assert csv_rows([values]) == few


def test_a_few_plain_numbers_are_written_without_arrow(monkeypatch):
    names = Texts(np.zeros(3, np.int32), ("x",))
    monkeypatch.setattr(writing, "pa", None)
    assert csv_rows([names, np.array([1, -0.25, 2e-4], np.float32)]) == ["x,1", "x,-0.25", "x,0.0002"]
