"""What can be wrong with the columns of a long table: names, uses, classes; with the whole message."""

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.errors import DataError
from lstmcli.records import Task

CLASSES = Task(classification=True, per_step=False)
KNOWN = Task(classification=True, per_step=False, classes=("cat", "dog"))
RESPONSE = Task(classification=False, per_step=False)


def place(row: int, column: int, name: str) -> str:
    return f"\n --> d.csv: row {row}, column {column} (`{name}`)"


def test_duplicate_names(message):
    expected = [
        f"error: two columns have the name `x`{place(1, 3, 'x')}",
        f"error: two columns have the name `y`{place(1, 4, 'y')}",
    ]
    assert message("x,y,x, y\n1,2,3,4\n") == "\n\n".join(expected)


def test_column_without_name(message, read):
    expected = (
        "error: a column of numbers has no name\n --> d.csv: row 1, column 1\n"
        "help: give it one, or name the `features`; pandas writes no such column with `index=False`"
    )
    assert message(",x\n0,5\n") == expected
    assert read(",x\n0,5\n", features=("x",))[0].values.tolist() == [[5]]


NO_NAMES = (
    "help: `header: false`, or `--header false`, if it is data; names for the columns if it is a header"
)


@pytest.mark.parametrize(
    "text", ["1.5,2\n3,4\n", "1\n2\n", "0\n5\n", "1,2\n4,5\n", "0,1\n4,5\n", "1,2,4\n4,5,6\n"]
)
def test_numbers_in_place_of_names(message, text):
    expected = f"error: the first row has numbers in place of names\n --> d.csv: row 1\n{NO_NAMES}"
    assert message(text) == expected


ONE_SEQUENCE = "help: `sequence: none`, or `--sequence none`, reads a file as one sequence; "


def test_a_sequence_in_each_row_without_a_header(message):
    expected = "error: the first row has numbers in place of names\n --> d.csv: row 1\n"
    row = ",".join(f"{k}.5" for k in range(21))
    steps = "; if a row is a whole sequence, make a row of each of its steps first"
    assert message(f"{row}\n{row}\n") == f"{expected}{NO_NAMES}{steps}"
    fewer = row.removesuffix(",20.5")
    assert message(f"{fewer}\n{fewer}\n") == f"{expected}{NO_NAMES}"


def test_absent_columns(message):
    text = "sequence,lpc1,lpc2,speaker\n1,2,3,a\n"
    columns = {"sequence": "run", "time": "t", "labels": "Speeker", "features": ("lpc1", "lcp2")}
    known = "help: the columns are `sequence`, `lpc1`, `lpc2`, `speaker`"
    expected = [
        f"error: there is no column `run`\n --> d.csv\n{ONE_SEQUENCE}{known.removeprefix('help: ')}",
        f"error: there is no column `t`\n --> d.csv\n{known}",
        "error: there is no column `Speeker`\n --> d.csv\nhelp: did you mean `speaker`?",
        "error: there is no column `lcp2`\n --> d.csv\nhelp: did you mean `lpc2`?",
    ]
    assert message(text, CLASSES, **columns) == "\n\n".join(expected)


def test_absent_response(message):
    expected = "error: there is no column `x12`\n --> d.csv\nhelp: did you mean `x1`?"
    assert message("x1,y\n1,2\n", RESPONSE, responses=("x12",)) == expected


def test_many_columns_are_not_all_listed(message):
    names = [f"x{k}" for k in range(1, 31)]
    text = ",".join(names) + "\n" + ",".join(["1"] * 30)
    listed = ", ".join(f"`{name}`" for name in names[:20])
    expected = f"error: there is no column `other`\n --> d.csv\nhelp: the columns are {listed}, ..."
    assert message(text, features=("other",)) == expected


def test_targets_that_nothing_names(message):
    expected = (
        "error: no column is given as labels\n --> d.csv\n"
        "help: name it: `data: {labels: COLUMN}` or `--labels COLUMN`"
    )
    assert message("x\n1\n", CLASSES) == expected
    responses = (
        "error: no column is given as responses\n --> d.csv\n"
        "help: name them: `data: {responses: COLUMN}` or `--responses COLUMN`"
    )
    assert message("x\n1\n", RESPONSE) == responses
    other = "; `labels` are for a network that ends in `classification`"
    assert message("x,who\n1,a\n", RESPONSE, labels="who") == responses + other
    other = "; `responses` are for a network that ends in `regression`"
    assert message("x,y\n1,2\n", CLASSES, responses=("y",)) == expected + other


def test_no_features_left(message):
    expected = "error: no column of numbers is left for the features\n --> d.csv"
    assert message("r,x\n1,2\n", RESPONSE, responses=("r", "x")) == expected
    unread = "not read, as their cells are no plain numbers: `x` (`20.5 C`), `who`"
    unread += "; without its unit `x` would be a number"
    assert message("x,who\n20.5 C,b\n") == f"{expected}\nhelp: {unread}"
    assert message("x\n3a\n") == f"{expected}\nhelp: not read, as its cells are no plain numbers: `x` (`3a`)"


def test_columns_of_two_kinds(message):
    expected = "error: column `t` is given as time and as features\n --> d.csv"
    assert message("t,x\n1,2\n", time="t", features=("t", "x")) == expected


def test_unknown_classes(message):
    text = "sequence,x,who\n1,1,dog\n2,1,dgo\n2,1,dgo\n3,1,bird\n"
    expected = [
        f"error: unknown class `dgo`{place(3, 3, 'who')}\n"
        "help: did you mean `dog`? the classes are `cat`, `dog`",
        f"error: unknown class `bird`{place(5, 3, 'who')}\nhelp: the classes are `cat`, `dog`",
    ]
    assert message(text, KNOWN, labels="who") == "\n\n".join(expected)


LAST = "help: `OutputMode: last` takes one {0} a sequence, `OutputMode: sequence` one a step"


def test_label_that_changes(message):
    text = "sequence,x,who\n1,1,a\n1,2,a\n1,3,b\n1,4,a\n2,5,b\n3,6,a\n3,7,b\n"
    expected = [
        f"error: the label changes within sequence `1`{place(4, 3, 'who')}",
        f"error: the label changes within sequence `3`{place(8, 3, 'who')}\n{LAST.format('label')}",
    ]
    assert message(text, CLASSES, labels="who") == "\n\n".join(expected)


def test_response_that_changes(message):
    text = "x,r,q\n1,2,3\n2,2,4\n"
    column = "sequences are told apart by a column: `sequence: COLUMN`, or `--sequence COLUMN`"
    where = place(3, 3, "q")
    expected = f"error: the response changes within sequence `1`{where}\n{LAST.format('response')}; {column}"
    assert message(text, RESPONSE, responses=("r", "q")) == expected


@pytest.mark.parametrize(
    ("task", "columns", "what", "rows"),
    [
        (CLASSES, {"labels": "r"}, "label", ["1", "2"]),
        (RESPONSE, {"responses": ("r",)}, "response", ["1", "2"]),
    ],
)
def test_change_at_the_end_of_a_file(write, task, columns, what, rows):
    files = [write(f"{k}.csv", f"sequence,x,r\n7,0,{row}\n") for k, row in enumerate(rows)]
    with pytest.raises(DataError) as caught:
        read_sequences(files, DataSection(**columns), task)
    where = "\n --> 1.csv: row 2, column 3 (`r`)\n"
    assert str(caught.value) == f"error: the {what} changes within sequence `7`{where}{LAST.format(what)}"


def test_label_unchanged_at_the_end_of_a_file(write):
    files = [write("0.csv", "sequence,x,r\n6,0,b\n7,0,a\n"), write("1.csv", "sequence,x,r\n7,0,a\n")]
    _, targets = read_sequences(files, DataSection(labels="r"), CLASSES)
    assert [targets.names[k] for k in targets.values] == ["b", "a"]


def test_other_columns_in_a_second_file(write):
    files = [write("a.csv", "sequence,x\n1,1\n"), write("b.csv", "sequence,y\n1,1\n")]
    with pytest.raises(DataError) as caught:
        read_sequences(files, DataSection(), None)
    help = "help: there: sequence, x; here: sequence, y"
    expected = f"error: the columns are not those of a.csv\n --> b.csv: row 1\n{help}"
    assert str(caught.value) == expected


def test_numbers_twice_in_place_of_names(message):
    expected = f"error: two columns have the name `1`{place(1, 3, '1')}\n{NO_NAMES}"
    assert message("a,1,1\nb,1,2\n") == expected


NAMES = (
    "error: the first row has names in place of numbers\n --> d.csv: row 1\n"
    "help: leave it out, or use `header: true` or `--header true` and these names for the columns"
)


@pytest.mark.parametrize("features", [("1", "2"), None])
def test_names_in_place_of_numbers(message, features):
    assert message("x,y,who\n1,2,a\n", CLASSES, header=False, labels="3", features=features) == NAMES


def test_names_of_responses_in_place_of_numbers(message):
    columns = {"sequence": "1", "features": ("2",), "responses": ("3",)}
    assert message("run,x,y\n1,2,3\n", RESPONSE, header=False, **columns) == NAMES


def test_one_text_among_numbers_is_no_header(message):
    expected = f"error: `y` is not a number{place(1, 2, '2')}"
    assert message("1,y\n3,4\n", header=False, features=("1", "2")) == expected


def test_several_columns_in_one_name(message):
    help = "help: several columns are a list, `{0}: [x, y]`, or flags, `--{0} x --{0} y`"
    for word, given in (("features", "x,y"), ("features", "x, y"), ("responses", "x,y")):
        columns = {"features": ("z",), "responses": ("z",), word: (given,)}
        expected = f"error: there is no column `{given}`\n --> d.csv\n{help.format(word)}"
        assert message("x,y,z\n1,2,3\n", RESPONSE, **columns) == expected
    assert "several" not in message("x,y\n1,2\n", features=("x,q",))
