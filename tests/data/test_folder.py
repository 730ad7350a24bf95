"""Folders: one sequence a file, labels from a table, from sub-folders, or inside."""

import pytest

from lstmcli.data import sources
from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_blocks, read_sequences
from lstmcli.errors import DataError
from lstmcli.records import Task

CLASSES = Task(classification=True, per_step=False)
CLASS_PER_STEP = Task(classification=True, per_step=True)
RESPONSE = Task(classification=False, per_step=False)


@pytest.fixture
def folder(write):
    """A function that fills the folder `d`."""

    def fill(files: dict[str, str]) -> str:
        for name, content in files.items():
            write(f"d/{name}", content)
        return "d"

    return fill


def read(path, task=None, **columns):
    return read_sequences([path], DataSection(**columns), task)


def message(path, task=None, **columns):
    with pytest.raises(DataError) as caught:
        read(path, task, **columns)
    return str(caught.value)


FILES = {"b.csv": "x,y\n1,2\n3,4\n", "a.csv.gz": "x,y\n5,6\n", "c.CSV": "x,y\n7,8\n"}


def test_each_file_is_a_sequence(folder):
    path = folder(FILES | {"notes.txt": "no table", ".hidden.csv": "z\n"})
    sequences, targets = read(path)
    assert sequences.ids == ("a", "b", "c")
    assert sequences.offsets.tolist() == [0, 1, 3, 4]
    assert sequences.channels == ("x", "y")
    assert sequences.values.tolist() == [[5, 6], [1, 2], [3, 4], [7, 8]]
    assert sequences.places == (("d/a.csv.gz", 2), ("d/b.csv", 2), ("d/c.CSV", 2))
    assert targets is None


def test_a_sequence_column_inside_is_no_feature(folder):
    sequences, _ = read(folder({"a.csv": "sequence,x\n1,1\n1,2\n", "b.csv": "sequence,x\n1,3\n"}))
    assert sequences.ids == ("a", "b")
    assert sequences.values.tolist() == [[1], [2], [3]]


def changes(path: str, row: int, name: str) -> str:
    message = f"a file of a folder is one sequence, but column `{name}` changes"
    return f"error: {message}\n --> {path}: row {row}, column 1 (`{name}`)"


def test_long_tables_in_a_folder(folder):
    long = "trial,x\n1,1\n1,2\n2,3\n3,4\n"
    path = folder({"a.csv": long, "b.csv": long.replace("2,3", "1,3"), "c.csv": "trial,x\n1,a\n"})
    help = (
        "help: name the files themselves (`d/*.csv`) to read them as long tables; "
        "`sequence: none`, or `--sequence none`, reads a file as one sequence"
    )
    expected = [
        changes("d/a.csv", 4, "trial"),
        f"{changes('d/b.csv', 5, 'trial')}\n{help}",
        "error: `a` is not a number\n --> d/c.csv: row 2, column 2 (`x`)",
    ]
    assert message(path, sequence="trial") == "\n\n".join(expected)
    assert read(path, sequence="none", features=("trial",))[0].ids == ("a", "b", "c")


def test_a_sequence_that_changes_from_block_to_block(folder, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK", 13)
    path = folder({"u/a.csv": "sequence,x\n" + "1,1\n" * 20 + "2,1\n" * 20})
    assert message(path).startswith(changes("d/u/a.csv", 22, "sequence") + "\nhelp: ")
    assert "(`d/u/*.csv`)" in message(path)


@pytest.mark.parametrize(
    "labels", ["file,label\na,u\nb.csv,v\nc,u\nz,w\n", "label;file\r\nu;a.csv.gz\r\nv;b\r\nu;c"]
)
def test_labels_from_a_table(folder, labels):
    path = folder(FILES | {"labels.csv": labels})
    _, targets = read(path, CLASSES)
    assert [targets.names[k] for k in targets.values] == ["u", "v", "u"]
    assert read(path)[1] is None


def test_labels_from_a_named_column_of_the_table(folder):
    path = folder(FILES | {"labels.csv": "file,who,label\na,u,1\nb,v,1\nc,u,1\n"})
    _, targets = read(path, CLASSES, labels="who")
    assert [targets.names[k] for k in targets.values] == ["u", "v", "u"]


def test_known_classes(folder):
    path = folder(FILES | {"labels.csv": "file,label\na,u\nb,v\nc,u\n"})
    task = Task(classification=True, per_step=False, classes=("w", "v", "u"))
    _, targets = read(path, task)
    assert targets.names == ("w", "v", "u")
    assert targets.values.tolist() == [2, 1, 2]


def test_labels_from_sub_folders(folder):
    path = folder({"up/1.csv": "x\n1\n", "down/1.csv": "x\n2\n", "up/2.csv": "x\n3\n"})
    sequences, targets = read(path, CLASSES)
    assert sequences.ids == ("down/1", "up/1", "up/2")
    assert targets.names == ("down", "up")
    assert targets.values.tolist() == [0, 1, 1]
    assert read(path)[0].ids == ("down/1", "up/1", "up/2")


def test_a_label_for_each_file_is_none_for_each_step(write):
    write("d/up/1.csv", "x\n1\n")
    write("e/1.csv", "x\n1\n")
    write("e/labels.csv", "file,label\n1,u\n")
    task = Task(classification=True, per_step=True, answer_once="answer once")
    for folder, place in (("d", "d"), ("e", "e/labels.csv")):
        assert message(folder, task) == (
            "error: there is one label for each file, but the network answers at each time step\n"
            f" --> {place}\nhelp: answer once"
        )


def test_labels_inside_files_in_sub_folders(folder):
    path = folder({"u/1.csv": "x,s\n1,p\n2,q\n", "v/1.csv": "x,s\n2,q\n"})
    _, targets = read(path, CLASS_PER_STEP, labels="s")
    assert [targets.names[k] for k in targets.values] == ["p", "q", "q"]


def test_labels_inside(folder):
    path = folder({"a.csv": "x,s\n1,p\n2,p\n", "b.csv": "x,s\n2,q\n", "labels.csv": "file,other\na,u\n"})
    _, targets = read(path, CLASSES, labels="s")
    assert [targets.names[k] for k in targets.values] == ["p", "q"]


def test_responses_inside(folder):
    _, targets = read(folder({"a.csv": "x,r\n1,5\n2,5\n", "b.csv": "x,r\n2,6\n"}), RESPONSE, responses=("r",))
    assert targets.values.tolist() == [[5], [6]]


def test_sequences_come_file_by_file(folder):
    blocks = read_blocks([folder(FILES)], DataSection(), None)
    assert [sequences.ids for sequences, _ in blocks] == [("a",), ("b",), ("c",)]


def test_several_folders(write):
    for name in ("p", "q"):
        write(f"{name}/a.csv", "x\n1\n")
        write(f"{name}/labels.csv", f"file,label\na,{name}\n")
    sequences, targets = read_sequences(["p", "q/"], DataSection(), CLASSES)
    assert sequences.ids == ("p/a", "q/a")
    assert targets.names == ("p", "q")


def test_no_table(folder):
    assert (
        message(folder({"notes.txt": "x"})) == "error: there is no CSV or `.npy` file in this folder\n --> d"
    )
    assert (
        message(folder({"labels.csv": "file,label\n"}))
        == "error: there is no CSV or `.npy` file in this folder\n --> d"
    )


def test_one_name_twice(folder):
    path = folder({"a.csv": "x\n1\n", "a.csv.gz": "x\n1\n"})
    assert message(path) == "error: two files have the name `a`: a.csv and a.csv.gz\n --> d"


def test_no_labels(folder):
    expected = (
        "error: no column is given as labels\n --> d/a.csv.gz\n"
        "help: name it: `data: {labels: COLUMN}` or `--labels COLUMN`"
    )
    assert message(folder(FILES), CLASSES) == expected


def test_faults_of_all_files(folder):
    path = folder(
        {"a.csv": "x\n1\n", "b.csv": "x\nu\n", "c.csv": "y\n1\n", "d.csv": "x\n", "e.csv": "x\nv\n"}
    )
    expected = [
        "error: `u` is not a number\n --> d/b.csv: row 2, column 1 (`x`)",
        "error: the columns are not those of d/a.csv\n --> d/c.csv: row 1\nhelp: there: x; here: y",
        "error: the table has a header and no rows\n --> d/d.csv",
        "error: `v` is not a number\n --> d/e.csv: row 2, column 1 (`x`)",
    ]
    assert message(path) == "\n\n".join(expected)


def test_ten_faults_of_many_files(folder):
    path = folder({f"{k:02}.csv": "x\n1\nu\n" for k in range(20)})
    assert message(path).count("error:") == 10
    assert message(path).endswith("\n --> d/09.csv: row 3, column 1 (`x`)\n\n... and more")


def test_a_fault_of_all_files_is_said_once(folder):
    expected = "error: there is no column `z`\n --> d/a.csv.gz\nhelp: the columns are `x`, `y`"
    assert message(folder(FILES), features=("z",)) == expected


def test_faults_of_labels(folder):
    text = "file,label\na,u\nb\n\nc,\nb,v\nb,w\n"
    expected = [
        "error: the row has 1 field, but the table has 2 columns\n --> d/labels.csv: row 3",
        "error: the row is empty\n --> d/labels.csv: row 4",
        "error: the value is missing\n --> d/labels.csv: row 5, column 2 (`label`)",
        "error: `b` has two labels, `v` and `w`\n --> d/labels.csv: row 7, column 2 (`label`)",
    ]
    assert message(folder(FILES | {"labels.csv": text}), CLASSES) == "\n\n".join(expected)


def test_quoted_line_end_in_labels(folder):
    expected = "error: a quoted field does not end on its row\n --> d/labels.csv: row 2\nhelp: is a quote "
    expected += "missing? only in tables of `words` fields may have line breaks"
    assert message(folder(FILES | {"labels.csv": 'file,label\na,"u\n'}), CLASSES) == expected


def test_files_without_label_and_unknown_classes(folder):
    path = folder(FILES | {"labels.csv": "file,label\na,u\nc,v\n"})
    task = Task(classification=True, per_step=False, classes=("u", "w"))
    expected = [
        "error: the file has no label\n --> d/b.csv",
        "error: unknown class `v`\n --> d/labels.csv: row 3, column 2 (`label`)\n"
        "help: the classes are `u`, `w`",
    ]
    assert message(path, task) == "\n\n".join(expected)


COLUMNS = "help: labels.csv has a column `file` with names of files and a column `label`"


def test_labels_without_the_columns_of_labels(folder):
    expected = [
        "error: there is no column `file`\n --> d/labels.csv",
        f"error: there is no column `label`\n --> d/labels.csv\n{COLUMNS}",
    ]
    assert message(folder(FILES | {"labels.csv": "files,who\na,u\n"}), CLASSES) == "\n\n".join(expected)


def test_labels_without_the_column_of_files(folder):
    path = folder(FILES | {"labels.csv": "name,who\na,u\n"})
    expected = f"error: there is no column `file`\n --> d/labels.csv\n{COLUMNS.replace('`label`', '`who`')}"
    assert message(path, CLASSES, labels="who") == expected


def test_labels_without_names_of_columns(folder):
    expected = f"error: the first row has numbers in place of names\n --> d/labels.csv: row 1\n{COLUMNS}"
    assert message(folder(FILES | {"labels.csv": "1,2\n2,1\n"}), CLASSES) == expected
