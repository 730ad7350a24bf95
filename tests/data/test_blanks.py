"""Blanks around names, labels and times are no part of them, as they are no part of numbers."""

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.records import Task

CLASSES = Task(classification=True, per_step=False)
CLASS_PER_STEP = Task(classification=True, per_step=True)
KNOWN = Task(classification=True, per_step=False, classes=("cat", "dog"))


def test_labels(read):
    text = 'sequence,x,who\n1,1,a\n2,1, a\n3,1,"a "\n4,1,\t b \n5,1,b\n6,1,a b\n'
    _, targets = read(text, CLASSES, labels="who")
    assert targets.names == ("a", "a b", "b")
    assert targets.values.tolist() == [0, 0, 0, 2, 2, 1]


def test_known_classes(read):
    _, targets = read("x,who\n1, dog\n", KNOWN, labels="who")
    assert targets.values.tolist() == [1]


def test_labels_that_differ_by_blanks_do_not_change(read):
    _, targets = read("x,who\n1,a\n2, a\n", CLASSES, labels="who")
    assert targets.values.tolist() == [0]


def test_names_that_differ_by_blanks_are_one_sequence(read):
    sequences, _ = read("sequence,x\n1,1\n1 ,2\n 1,3\n2,4\n")
    assert sequences.ids == ("1", "2")
    assert sequences.lengths.tolist() == [3, 1]


def test_times(read):
    sequences, _ = read("t,x\n 09:00 ,1\n09:00,2\n\t10 h,3\n", time="t")
    assert sequences.times.tolist() == ["09:00", "09:00", "10 h"]


def test_other_blanks_are_kept(read):
    assert read("sequence,x\n\u00a0a,1\n")[0].ids == ("\u00a0a",)


@pytest.mark.parametrize("cell", ["", " ", "\t", '" "'])
def test_nothing_but_blanks_is_missing(message, cell):
    expected = "error: the value is missing\n --> d.csv: row 3, column 1 (`sequence`)"
    assert message(f"sequence,x\n1,1\n{cell},2\n") == expected


def test_missing_labels_with_blanks(message):
    expected = "error: the value is missing (`NA`)\n --> d.csv: row 3, column 2 (`who`)"
    assert message("x,who\n1,a\n2, NA \n", CLASS_PER_STEP, labels="who") == expected


def test_table_of_labels(write):
    for name in ("a", "b", "c"):
        write(f"d/{name}.csv", "x\n1\n")
    write("d/labels.csv", "file, label\na.csv , u\nb,u \n c,v\n")
    _, targets = read_sequences(["d"], DataSection(), CLASSES)
    assert targets.names == ("u", "v")
    assert targets.values.tolist() == [0, 0, 1]


def test_sub_folders(write):
    for name in ("up", "up ", " down"):
        write(f"d/{name}/1.csv", "x\n1\n")
    sequences, targets = read_sequences(["d"], DataSection(), CLASSES)
    assert sequences.ids == (" down/1", "up/1", "up /1")
    assert targets.names == ("down", "up")
    assert targets.values.tolist() == [0, 1, 1]
