"""The `.ts` form of aeon and sktime."""

import gzip

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.data.windows import cut_and_sort
from lstmcli.errors import DataError
from lstmcli.records import Task

CLASSES = Task(classification=True, per_step=False)
CLASS_PER_STEP = Task(classification=True, per_step=True)
RESPONSE = Task(classification=False, per_step=False)
RESPONSE_PER_STEP = Task(classification=False, per_step=True)

LABELLED = """# A comment
@problemName Toy
@timeStamps false
@classLabel true up down
@data
1,2,3:4,5,6:up

7:8: down
"""
TARGETS = "@targetlabel true\n@DATA\n1,2:0.1\n3,4,5:-2e3\n"


def read(path, task=None, **columns):
    return read_sequences([path], DataSection(**columns), task)


def message(path, task=None, **columns):
    with pytest.raises(DataError) as caught:
        read(path, task, **columns)
    return str(caught.value)


@pytest.mark.parametrize("name", ["d.ts", "d.TS", "d.ts.gz"])
@pytest.mark.parametrize("text", [LABELLED, LABELLED.replace("\n", "\r\n"), LABELLED.rstrip()])
def test_class_labels(write, name, text):
    sequences, targets = read(write(name, text), CLASSES)
    assert sequences.ids == ("1", "2")
    assert sequences.channels is None
    assert sequences.offsets.tolist() == [0, 3, 4]
    assert sequences.values.tolist() == [[1, 4], [2, 5], [3, 6], [7, 8]]
    assert sequences.values.dtype == np.float32
    assert sequences.places == ((name, 6), (name, 8))
    assert targets.names == ("down", "up")
    assert targets.values.tolist() == [1, 0]
    assert not targets.per_step


def test_class_label_of_each_step(write):
    _, targets = read(write("d.ts", LABELLED), CLASS_PER_STEP)
    assert targets.values.tolist() == [1, 1, 1, 0]


def test_known_classes(write):
    task = Task(classification=True, per_step=False, classes=("up", "left", "down"))
    _, targets = read(write("d.ts", LABELLED), task)
    assert targets.values.tolist() == [0, 2]


@pytest.mark.parametrize(("responses", "name"), [((), "target"), (("rate",), "rate")])
def test_targets(write, responses, name):
    sequences, targets = read(write("d.ts", TARGETS), RESPONSE, responses=responses)
    assert sequences.values.tolist() == [[1], [2], [3], [4], [5]]
    assert targets.names == (name,)
    assert targets.values.tolist() == [[np.float32(0.1)], [-2000]]


def test_targets_are_not_looked_for_without_task(write):
    sequences, targets = read(write("d.ts", LABELLED.replace("down\n", "?\n")))
    assert sequences.values.shape == (4, 2)
    assert targets is None


def test_a_file_without_labels(write):
    sequences, _ = read(write("d.ts", "@classLabel false\n@data\n1,2:3,4\n"))
    assert sequences.values.tolist() == [[1, 3], [2, 4]]


def test_a_file_in_pieces(write):
    """The first gzip member ends within the header, the second within the data."""
    whole = LABELLED.encode()
    data = b"".join(gzip.compress(part, mtime=0) for part in (whole[:30], whole[30:-10], whole[-10:]))
    sequences, targets = read(write("d.ts", data), CLASSES)
    assert sequences.values.tolist() == [[1, 4], [2, 5], [3, 6], [7, 8]]
    assert sequences.places == (("d.ts", 6), ("d.ts", 8))
    assert targets.values.tolist() == [1, 0]


def test_names_go_on_over_files(write):
    files = [write("a.ts", LABELLED), write("b.ts", LABELLED)]
    sequences, targets = read_sequences(files, DataSection(), CLASSES)
    assert sequences.ids == ("1", "2", "3", "4")
    assert targets.values.tolist() == [1, 0, 1, 0]


def test_horizon_needs_no_targets(write):
    whole = read(write("d.ts", "@data\n1,2,3:4,5,6\n"), RESPONSE_PER_STEP, horizon=1)
    sequences, targets = cut_and_sort(whole, DataSection(horizon=1), RESPONSE_PER_STEP)
    assert sequences.values.tolist() == [[1, 4], [2, 5]]
    assert targets.values.tolist() == [[2, 5], [3, 6]]
    assert targets.names == ("1", "2")


def test_window_takes_the_label_of_its_sequence(write):
    whole = read(write("d.ts", LABELLED), CLASSES, window=1, stride=2)
    sequences, targets = cut_and_sort(whole, DataSection(window=1, stride=2), CLASSES)
    assert sequences.ids == ("1/1", "1/2", "2/1")
    assert targets.values.tolist() == [1, 1, 0]


FILL = "\n --> d.ts: row {}\nhelp: fill it in or leave its row out first"
FILL += ", as `interpolate` and `dropna` of pandas do"
FAULTS = [
    (
        LABELLED.replace("5", "?"),
        CLASSES,
        f"the value is missing (`?`): channel 2, step 2{FILL.format(6)}",
        None,
    ),
    (
        LABELLED.replace("5", "NaN"),
        CLASSES,
        f"the value is missing (`NaN`): channel 2, step 2{FILL.format(6)}",
        None,
    ),
    (LABELLED.replace("5,", ","), CLASSES, f"the value is missing: channel 2, step 2{FILL.format(6)}", None),
    (LABELLED.replace("7", "x"), CLASSES, "`x` is not a number: channel 1, step 1", 8),
    (LABELLED.replace("7", "inf"), CLASSES, "`inf` is not a finite number: channel 1, step 1", 8),
    (LABELLED.replace("5,", ""), CLASSES, "channel 2 has 2 values, channel 1 has 3", 6),
    (LABELLED.replace("8:", ""), CLASSES, "the case has 1 channel, the first case has 2", 8),
    (LABELLED.replace("7:8: down", "7:8:"), CLASSES, "the value is missing", 8),
    (
        LABELLED.replace("1,2,3:4,5,6:up", "1"),
        CLASSES,
        "the case has no class at its end\n --> d.ts: row 6\nhelp: it is written after a last `:`",
        None,
    ),
    (
        LABELLED.replace("Stamps false", "Stamps true"),
        None,
        "time stamps in a `.ts` file are not supported",
        3,
    ),
    (LABELLED.replace("@data", "@dat"), CLASSES, "there is no line `@data`\n --> d.ts", None),
    ("@data\n", None, "there is no case after `@data`\n --> d.ts", None),
    ("", None, "the file is empty\n --> d.ts", None),
    (TARGETS.replace("0.1", "low"), RESPONSE, "`low` is not a number", 3),
    (TARGETS.replace("0.1", "nan"), RESPONSE, f"the value is missing (`nan`){FILL.format(3)}", None),
    (
        TARGETS,
        CLASSES,
        "the file has no class labels\n --> d.ts\nhelp: it needs a line `@classLabel true`",
        None,
    ),
    (
        LABELLED,
        RESPONSE,
        "the file has no numeric targets\n --> d.ts\nhelp: it needs a line `@targetLabel true`",
        None,
    ),
    (
        LABELLED,
        Task(classification=True, per_step=False, classes=("up", "left")),
        "unknown class `down`\n --> d.ts: row 8\nhelp: the classes are `up`, `left`",
        None,
    ),
]


@pytest.mark.parametrize(("text", "task", "expected", "row"), FAULTS)
def test_faults(write, text, task, expected, row):
    where = f"\n --> d.ts: row {row}" if row else ""
    assert message(write("d.ts", text), task) == f"error: {expected}{where}"


def test_more_than_one_response(write):
    expected = "error: a `.ts` file has one target, not 2\n --> d.ts"
    assert message(write("d.ts", TARGETS), RESPONSE, responses=("a", "b")) == expected


def test_several_faults_in_one_run(write):
    text = "@data\n" + "x,?\n" * 8
    assert message(write("d.ts", text)).count("error:") == 10
