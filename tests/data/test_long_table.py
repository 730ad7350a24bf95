"""Long tables: sequences, features, targets, delimiters, compression, several files."""

import gzip
import io

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_blocks, read_sequences
from lstmcli.records import Task

CLASSES = Task(classification=True, per_step=False)
CLASS_PER_STEP = Task(classification=True, per_step=True)
RESPONSE = Task(classification=False, per_step=False)
RESPONSE_PER_STEP = Task(classification=False, per_step=True)

TABLE = "sequence,x,y,who\na,1,2,m\na,3,4,m\nb,5,6,k\n"


def test_consecutive_rows_with_one_name_are_a_sequence(read):
    sequences, targets = read("sequence,x\nb,1\nb,2\na,3\nb,4\n")
    assert sequences.ids == ("b", "a", "b")
    assert sequences.offsets.tolist() == [0, 2, 3, 4]
    assert sequences.offsets.dtype == np.int64
    assert sequences.values.tolist() == [[1], [2], [3], [4]]
    assert sequences.values.dtype == np.float32
    assert sequences.places == (("d.csv", 2), ("d.csv", 4), ("d.csv", 5))
    assert targets is None


def test_without_sequence_column_all_rows_are_one_sequence(read):
    sequences, _ = read("x,y\n1,2\n3,4\n")
    assert sequences.ids == ("1",)
    assert sequences.channels == ("x", "y")
    assert sequences.values.tolist() == [[1, 2], [3, 4]]


def test_names_of_sequences_are_texts_as_written(read):
    assert read("sequence,x\n007,1\n7,2\non,3\nNA,4\n")[0].ids == ("007", "7", "on", "NA")


def test_another_sequence_column(read):
    sequences, _ = read("run,sequence,x\na,1,2\na,2,3\nb,2,4\n", sequence="run")
    assert sequences.ids == ("a", "b")
    assert sequences.channels == ("sequence", "x")


def test_default_features_are_the_other_numeric_columns(read):
    text = "sequence,note,x,t,who,y,z\n1,hello,1.5,9,m,2,3\n1,4,2.5,10,m,4,5\n"
    sequences, _ = read(text, CLASSES, labels="who", time="t")
    assert sequences.channels == ("x", "y", "z")
    assert sequences.values.tolist() == [[1.5, 2, 3], [2.5, 4, 5]]
    assert sequences.times.tolist() == ["9", "10"]


def test_columns_named_for_something_else_are_no_features_without_task(read):
    sequences, targets = read("sequence,who,r,x,t\n1,5,6,7,8\n", labels="who", responses=("r",), time="t")
    assert sequences.channels == ("x",)
    assert targets is None


def test_targets_need_not_be_there_without_task(read):
    sequences, _ = read("sequence,x\n1,2\n", labels="who", responses=("r",))
    assert sequences.channels == ("x",)


def test_features_in_the_order_given(read):
    sequences, _ = read("a,b,c\n1,2,3\n", features=("c", "a"))
    assert sequences.channels == ("c", "a")
    assert sequences.values.tolist() == [[3, 1]]


def test_first_missing_values_decide_nothing(read):
    text = "x,note\n1,\n2,NA\n3,good\n4,5\n"
    assert read(text)[0].channels == ("x",)


def test_column_without_any_value_is_no_feature(read):
    assert read("x,empty\n1,\n2,\n")[0].channels == ("x",)


def test_label_of_a_sequence(read):
    sequences, targets = read(TABLE, CLASSES, labels="who")
    assert targets.names == ("k", "m")
    assert targets.values.tolist() == [1, 0]
    assert targets.values.dtype == np.int32
    assert not targets.per_step
    assert sequences.channels == ("x", "y")


def test_label_of_a_step(read):
    _, targets = read("x,who\n1,m\n2,k\n3,m\n", CLASS_PER_STEP, labels="who")
    assert targets.values.tolist() == [1, 0, 1]
    assert targets.per_step


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["10", "9", "-1"], ("-1", "9", "10")),
        (["10", "9", "b"], ("10", "9", "b")),
        (["007", "7", "on"], ("007", "7", "on")),
        (["7", "007", "1e0"], ("1e0", "007", "7")),
        (["off", "on", "No"], ("No", "off", "on")),
    ],
)
def test_order_of_classes(read, labels, names):
    rows = "".join(f"{n},{n},{label}\n" for n, label in enumerate(labels))
    _, targets = read("sequence,x,who\n" + rows, CLASSES, labels="who")
    assert targets.names == names
    assert [names[number] for number in targets.values] == labels


def test_known_classes_keep_their_order(read):
    task = Task(classification=True, per_step=False, classes=("m", "z", "k"))
    _, targets = read(TABLE, task, labels="who")
    assert targets.names == ("m", "z", "k")
    assert targets.values.tolist() == [0, 2]


def test_response_of_a_sequence(read):
    text = "sequence,x,r,q\na,1,0.5,1\na,2,0.5,1\nb,3,0.25,2\n"
    sequences, targets = read(text, RESPONSE, responses=("q", "r"))
    assert targets.names == ("q", "r")
    assert targets.values.tolist() == [[1, 0.5], [2, 0.25]]
    assert targets.values.dtype == np.float32
    assert sequences.channels == ("x",)


def test_response_of_a_step(read):
    _, targets = read("x,r\n1,2\n3,4\n", RESPONSE_PER_STEP, responses=("r",))
    assert targets.values.tolist() == [[2], [4]]
    assert targets.per_step


def test_a_response_may_be_a_feature_by_name(read):
    sequences, targets = read("x\n1\n2\n", RESPONSE_PER_STEP, features=("x",), responses=("x",))
    assert sequences.values.tolist() == targets.values.tolist() == [[1], [2]]


def test_without_header_columns_have_numbers(read):
    text = "1.5,a,2\n3,a,4\n5,b,6\n"
    sequences, targets = read(text, CLASSES, header=False, sequence="2", labels="2", features=("3", "1"))
    assert sequences.channels == ("3", "1")
    assert sequences.values.tolist() == [[2, 1.5], [4, 3], [6, 5]]
    assert sequences.places == (("d.csv", 1), ("d.csv", 3))
    assert targets.names == ("a", "b")


def test_one_row_without_header(read):
    assert read("1,2", header=False)[0].values.tolist() == [[1, 2]]


def test_names_that_count_the_columns_are_a_header(read):
    assert read("0,1,2\n5,6,7\n0,1,2\n")[0].values.tolist() == [[5, 6, 7], [0, 1, 2]]
    assert read("1,2,3\n5,6,7\n")[0].channels == ("1", "2", "3")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(read, delimiter):
    rows = [["sequence", '"a,b;c\td"', "x"], ["1", '"p,q;r\t""s"', "2"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    sequences, targets = read(text, CLASSES, labels="a,b;c\td")
    assert sequences.values.tolist() == [[2]]
    assert targets.names == ('p,q;r\t"s',)


def test_a_delimiter_in_names_only_is_none(read):
    assert read("a;b;c,d\n1,2\n")[0].channels == ("a;b;c", "d")


@pytest.mark.parametrize(
    "text",
    [
        TABLE.rstrip("\n"),
        TABLE + "\n\r\n",
        TABLE.replace("\n", "\r\n"),
        TABLE.replace("\n", "\r\n").rstrip(),
        "\ufeff" + TABLE,
        TABLE.replace(",", ", ").replace(", m", ",m").replace(", k", ",k"),
        gzip.compress(TABLE.encode(), mtime=0),
        gzip.compress(TABLE[:9].encode(), mtime=0) + gzip.compress(TABLE[9:].encode(), mtime=0) + b"\0" * 512,
        gzip.compress(("\ufeff" + TABLE).encode(), mtime=0),
    ],
)
def test_one_table_written_in_many_ways(read, text):
    sequences, targets = read(text, CLASSES, labels="who")
    assert sequences.channels == ("x", "y")
    assert sequences.ids == ("a", "b")
    assert sequences.values.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert targets.values.tolist() == [1, 0]


def test_comment_lines_are_rows(read):
    assert read("sequence,x\n#1,2\n")[0].ids == ("#1",)


def test_numbers_are_rounded_correctly(read):
    # Halfway between two float32 but for the last digit, which a detour over float64 loses.
    text = "1.00000017881393432617187499"
    assert read(f"x\n{text}\n")[0].values[0, 0] == np.float32(1.00000011920928955078125)


def test_accepted_numbers(read):
    cells = ["1", "+1", "-1.", ".5", "1e3", "1E-3", " 2 ", '"3"', "007", "1e-50", "-0"]
    values = read("x\n" + "\n".join(cells))[0].values[:, 0]
    assert values.tolist() == [1, 1, -1, 0.5, 1000, np.float32(1e-3), 2, 3, 7, 0, 0]
    assert np.signbit(values[-1])


def test_several_files_are_one_long_table(write):
    files = [write("a.csv", "sequence,x\n1,1\n2,2\n"), write("b.csv.gz", "sequence;x\n2;3\n3;4\n")]
    sequences, _ = read_sequences(files, DataSection(), None)
    assert sequences.ids == ("1", "2", "3")
    assert sequences.offsets.tolist() == [0, 1, 3, 4]
    assert sequences.places == (("a.csv", 2), ("a.csv", 3), ("b.csv.gz", 3))


def test_gzip_is_known_by_its_bytes(write):
    write("a.csv.gz", "x\n1\n")
    with open("a.csv.gz", "rb") as file:
        name = write("a.csv", file.read())
    assert read_sequences([name], DataSection(), None)[0].values.tolist() == [[1]]


def test_header_repeated_by_cat_is_left_out():
    text = b"sequence,x\n1,1\nsequence,x\n1,2\n\xef\xbb\xbfsequence,x\r\n2,3\nsequence,x\n"
    sequences, _ = read_sequences(["-"], DataSection(), None, io.BytesIO(text))
    assert sequences.ids == ("1", "2")
    assert sequences.values.tolist() == [[1], [2], [3]]
    assert sequences.places == (("stdin", 2), ("stdin", 6))


def test_header_repeated_before_the_first_row():
    sequences, _ = read_sequences(["-"], DataSection(), None, io.BytesIO(b"sequence,x\nsequence,x\n1,1"))
    assert sequences.values.tolist() == [[1]]
    assert sequences.places == (("stdin", 3),)


def test_classes_of_blocks_are_brought_together(write):
    files = [
        write("a.csv", "sequence,x,who\n1,1,z\n2,2,b\n"),
        write("b.csv", "sequence,x,who\n3,3,a\n4,3,z\n"),
    ]
    blocks = list(read_blocks(files, DataSection(labels="who"), CLASSES))
    assert [targets.names for _, targets in blocks] != [("a", "b", "z")] * len(blocks)
    _, targets = read_sequences(files, DataSection(labels="who"), CLASSES)
    assert targets.names == ("a", "b", "z")
    assert targets.values.tolist() == [2, 1, 0, 2]
