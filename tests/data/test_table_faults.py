"""What can be wrong with the cells, rows and files of a long table, with the whole message."""

import gzip
import io
import os

import pytest

from lstmcli.data import parse
from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.errors import DataError
from lstmcli.records import Task

CLASSES = Task(classification=True, per_step=False)
RESPONSE = Task(classification=False, per_step=False)


def place(row: int, column: int, name: str) -> str:
    return f"\n --> d.csv: row {row}, column {column} (`{name}`)"


def pieces(content: bytes, count: int) -> io.BytesIO:
    """A pipe that gives so many bytes at once."""

    class Pipe(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            return super().read1(count)

    return Pipe(content)


FILL = "\nhelp: fill it in or leave its row out first, as `interpolate` and `dropna` of pandas do"
CELLS = {
    "abc": "`abc` is not a number",
    "0x10": "`0x10` is not a number",
    "1_000": "`1_000` is not a number",
    "1 2": "`1 2` is not a number",
    "1e": "`1e` is not a number",
    "1d5": "`1d5` is not a number",
    "nan(1)": "`nan(1)` is not a number",
    "\u0661": "`\u0661` is not a number",
    "x" * 50: f"`{'x' * 37}...` is not a number",
    "Inf": "`Inf` is not a finite number",
    "-infinity": "`-infinity` is not a finite number",
    "3.5e38": "`3.5e38` is too large for single precision",
    "-1e400": "`-1e400` is too large for single precision",
}


@pytest.mark.parametrize("cell", CELLS)
def test_cells_that_are_no_numbers(message, cell):
    assert message(f"sequence,x,y\n1,1,2\n1,3,{cell}\n") == f"error: {CELLS[cell]}{place(3, 3, 'y')}"


@pytest.mark.parametrize("cell", ["", "NA", " NaN ", "null", "?"])
def test_cells_that_are_missing(message, cell):
    shown = f" (`{cell.strip()}`)" if cell else ""
    expected = f"error: the value is missing{shown}{place(3, 3, 'y')}{FILL}"
    assert message(f"sequence,x,y\n1,1,2\n1,3,{cell}\n") == expected


def test_largest_numbers(read, message):
    # Half a unit in the last place above the largest float32 rounds to infinity, anything below does not.
    assert read("x\n340282356779733661637539395458142568447\n")[0].values[0, 0] < float("inf")
    text = "340282356779733661637539395458142568448"
    assert message(f"x\n1\n{text}\n").startswith(f"error: `{text}` is too large for single precision")


def test_infinite_first_value(message):
    assert message("x\nInf\n1\n") == f"error: `Inf` is not a finite number{place(2, 1, 'x')}"


POINT = "write numbers with a decimal point: `{}`"
MARKS = "write numbers without marks of thousands: `{}`"
EITHER = "write `{}` if its comma is decimal, or `{}` if it marks thousands"
OTHERWISE = [
    (";", "20,00", POINT.format("20.00")),
    ("\t", "-,5e3", POINT.format("-.5e3")),
    (",", "1,5", POINT.format("1.5")),
    (";", "1,234", POINT.format("1.234")),
    (",", "1,234", EITHER.format("1.234", "1234")),
    (",", "0,234", POINT.format("0.234")),
    (",", "1,234.5", MARKS.format("1234.5")),
    (",", "-12,345,678", MARKS.format("-12345678")),
    (",", "1 234", MARKS.format("1234")),
    (";", "1\u202f234\u202f567,25", MARKS.format("1234567.25")),
    (",", "1'234.5", MARKS.format("1234.5")),
    (";", "1.234,5", MARKS.format("1234.5")),
]
"""Delimiter, a number as others write it, and how it is written here."""
TEXTS = (
    *("2024-01-05", "12:30:00", "7a", "run-3", "1.2.3", "1.234.567", "20.5 C", "12%", "$3.50", "030 123"),
    *(
        "1 2",
        "12 34",
        "1,23,456",
        "1,2,3",
        "1,234,56",
        "12345,678.5",
        "1 234,567 890",
        "192.168.0.1",
        "05/01/2024",
    ),
)


@pytest.mark.parametrize(("delimiter", "cell", "help"), OTHERWISE)
def test_numbers_that_others_write_otherwise(message, delimiter, cell, help):
    quoted = f'"{cell}"' if delimiter in cell else cell
    text = "\n".join(
        delimiter.join(row) for row in (("sequence", "x", "y"), ("1", quoted, "2"), ("1", quoted, "3"))
    )
    fault = f"error: `{cell}` is not a number{place(2, 2, 'x')}\nhelp: {help}"
    assert message(text, features=("x", "y")).startswith(fault)
    # Where nobody names the features the column would be left out without a word.
    assert message(text) == f"{fault}; if it is text, name the `features`"


@pytest.mark.parametrize("cell", TEXTS)
def test_texts_with_digits_are_left_out(read, message, cell):
    text = f'x,y\n1,"{cell}"\n2,"{cell}"\n'
    sequences, _ = read(text)
    assert (sequences.channels, sequences.unread) == (("x",), (("y", cell),))
    expected = f"error: `{cell}` is not a number{place(2, 2, 'y')}"
    assert message(text, features=("x", "y")).partition("\n\n")[0] == expected


def test_columns_with_a_use_may_have_any_text(read):
    text = "when;x;kind\n0,5;1;1,5\n1,0;2;1,5\n"
    sequences, targets = read(text, CLASSES, time="when", labels="kind")
    assert (sequences.times.tolist(), targets.names) == (["0,5", "1,0"], ("1,5",))
    assert sequences.unread == ()
    assert read(text, features=("x",))[0].unread == ()


def test_unread_columns_of_several_files(write):
    files = [
        write(f"{k}.csv", f"sequence,kind,x,empty,note\n{k},a{k},1,,\n{k},a{k},2,,late\n") for k in (1, 2)
    ]
    sequences, _ = read_sequences(files, DataSection(), None)
    assert sequences.unread == (("kind", "a1"), ("empty", ""), ("note", ""))
    assert sequences.values.tolist() == [[1], [2], [1], [2]]


def test_missing_first_value_of_a_numeric_column(message):
    assert message("x,y\n1,\n2,\n3,4\n") == f"error: the value is missing{place(2, 2, 'y')}{FILL}"


def test_nothing_but_missing_values(message):
    first, last = (f"error: the value is missing{where}" for where in (place(2, 1, "x"), place(2, 2, "y")))
    assert message("x,y\n,NA\n,\n") == f"{first}\n\n{last}{FILL}"


def test_missing_value_of_a_named_text_feature(message):
    assert message("x,y\n1,a\n", features=("y",)) == f"error: `a` is not a number{place(2, 2, 'y')}"


def test_missing_sequence_time_and_label(message):
    text = "sequence,t,who,x\n1,1,a,2\n,,,3\nNA,NA,NA,4\n"
    expected = [
        f"error: the value is missing{place(3, 1, 'sequence')}",
        f"error: the value is missing{place(3, 2, 't')}\n"
        "help: fill it in, or read without times: `time: none`, and `features` without that column",
        f"error: the value is missing{place(3, 3, 'who')}",
        f"error: the value is missing (`NA`){place(4, 3, 'who')}",
    ]
    assert message(text, CLASSES, labels="who", time="t") == "\n\n".join(expected)


@pytest.mark.parametrize("odd", ["n/a", "-", "warming up", "bar"])
def test_a_text_in_a_column_of_numbers_is_a_fault_from_the_first_row_on(message, odd):
    assert message(f"x,y\n1,{odd}\n2,3\n3,4\n") == f"error: `{odd}` is not a number{place(2, 2, 'y')}"
    assert message(f"x,y\n1,3\n2,{odd}\n3,4\n") == f"error: `{odd}` is not a number{place(3, 2, 'y')}"


def test_a_column_with_few_numbers_is_text(read):
    sequences, _ = read("x,room\n1,12a\n2,13\n3,\n4,7b\n", None)
    assert (sequences.channels, sequences.unread) == (("x",), (("room", "12a"),))


def test_response_that_is_no_number(message):
    assert (
        message("x,r\n1,2\n2,b\n", RESPONSE, responses=("r",))
        == f"error: `b` is not a number{place(3, 2, 'r')}"
    )


def test_ragged_rows(message):
    text = "x,y\n1,2\n3\n4,5,6\n\n7,8\n"
    expected = [
        "error: the row has 1 field, but the table has 2 columns\n --> d.csv: row 3",
        "error: the row has 3 fields, but the table has 2 columns\n --> d.csv: row 4",
        "error: the row is empty\n --> d.csv: row 5",
    ]
    assert message(text) == "\n\n".join(expected)


def test_ragged_first_row(message):
    assert message("x\n1,2\n") == "error: the row has 2 fields, but the table has 1 column\n --> d.csv: row 2"


def test_empty_row_of_a_single_column(message):
    assert message("x\n1\n\n2\n") == "error: the row is empty\n --> d.csv: row 3"


def test_empty_lines_before_the_header(message):
    assert message("\nx\n1\n") == "error: the row is empty\n --> d.csv: row 1"


OPEN = "is a quote missing? only in tables of `words` fields may have line breaks"


def quoted_line_end(row):
    return [
        f"error: a quoted field does not end on its row\n --> d.csv: row {row}\nhelp: {OPEN}",
        f"error: the row has 1 field, but the table has 2 columns\n --> d.csv: row {row + 1}",
    ]


def test_quoted_line_end(message):
    assert message('x,who\n1,"a\nb"\n') == quoted_line_end(2)[0]
    assert message('x,who\n1,"a\nb"\n', features=("x",)) == "\n\n".join(quoted_line_end(2))
    assert message('x,who\n1,a\n1,"a\nb"\n') == "\n\n".join(quoted_line_end(3))


def test_carriage_returns_as_line_ends(message):
    expected = "error: the row contains a bare carriage return\n --> d.csv: row 1"
    assert message("x,y\r1,2\r") == expected
    expected = "error: the row contains a bare carriage return\n --> d.csv: row 3"
    assert message("x,y\n1,2\n3,4\r5,6\n") == expected


RETURNED = "error: the row contains a bare carriage return\n --> d.csv: row {}"


def test_doubled_carriage_returns(message):
    assert message("x,y\r\r\n1,2\r\r\n") == RETURNED.format(1)
    expected = f"{RETURNED.format(3)}\n\n{RETURNED.format(4)}"
    assert message("x,y\n1,2\n3,4\r\r\n5,6\r\r\n7,8\n") == expected
    assert message("x,y\n1,2\r\r\n3,4\n") == RETURNED.format(2)


def test_a_block_refused_for_no_known_reason_is_a_fault(monkeypatch, message):
    monkeypatch.setattr(parse, "parse_table", lambda *_: None)
    many = message("x\n" + (parse.FEW + 1) * "1\n")
    assert many == "error: the rows from here on cannot be read\n --> d.csv: row 2"


@pytest.mark.parametrize(("count", "more"), [(10, False), (11, True), (20, True)])
def test_ten_faults_in_one_run(message, count, more):
    shown = message("x\n1\n" + "a\n" * count)
    assert shown.count("error:") == 10
    assert shown.endswith(f"{place(12, 1, 'x')}\n\n... and more") == more


@pytest.mark.parametrize("text", ["", "\n", "\r\n\r\n", gzip.compress(b"", mtime=0), "\ufeff"])
def test_empty_file(message, text):
    assert message(text) == "error: the file is empty\n --> d.csv"


@pytest.mark.parametrize("text", ["x,y", "x,y\n", "x,y\r\n\r\n", "x,y\nx,y\n"])
def test_header_only(message, text):
    assert message(text) == "error: the table has a header and no rows\n --> d.csv"


def test_rows_are_counted_over_blocks_and_repeated_headers():
    text = b"sequence,x\n1,1\n1,2\nsequence,x\n1,3\n1,a\n"
    with pytest.raises(DataError) as caught:
        read_sequences(["-"], DataSection(), None, pieces(text, 7))
    assert str(caught.value) == "error: `a` is not a number\n --> stdin: row 6, column 2 (`x`)"


def test_late_number_in_a_column_without_values(write):
    files = [write("a.csv", "x,y\n1,\n"), write("b.csv", "x,y\n1,2\n")]
    with pytest.raises(DataError) as caught:
        read_sequences(files, DataSection(), None)
    assert str(caught.value) == f"error: the value is missing\n --> a.csv: row 2, column 2 (`y`){FILL}"


UTF_16 = "error: this is text in UTF-16\n --> d.csv\nhelp: save the file as UTF-8"
BINARY = "error: this is not text: a CSV was expected\n --> d.csv"
MODEL = (
    "error: this is a model file, not data\n --> d.csv\n"
    "help: models come before the data; `lstmcli analyze` shows one"
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x00\x01\x02", BINARY),
        ("x\n1\n".encode("utf-16"), UTF_16),
        ("x\n1\n".encode("utf-16-be"), BINARY),
        (b"\x89PNG\r\n\x1a\n\0\0", BINARY),
        (b"x\n1\n\0", "error: the row has a byte of zero\n --> d.csv: row 3\nhelp: leave the row out"),
        (gzip.compress(b"PK\0\0", mtime=0), BINARY),
        (b"\x89HDF\r\n\x1a\n\0\0", MODEL),
        (b"MATLAB 7.3 MAT-file".ljust(512, b"\0") + b"\x89HDF\r\n\x1a\n", MODEL),
        (gzip.compress(b"x\n1\n", mtime=0)[:-3], "error: the gzip data is cut short\n --> d.csv"),
        (gzip.compress(b"x\n1\n", mtime=0)[:12], "error: the gzip data is cut short\n --> d.csv"),
        (gzip.compress(b"x\n1\n", mtime=0) + b"rest", "error: the gzip data is damaged\n --> d.csv"),
        (b"\x1f\x8bnonsense", "error: the gzip data is damaged\n --> d.csv"),
        (
            "x,who\n1,a\n2,\u00e9\n".encode("latin-1"),
            "error: the row is not UTF-8 text\n --> d.csv: row 3\nhelp: save the file as UTF-8",
        ),
    ],
)
def test_files_that_are_no_tables(message, content, expected):
    assert message(content) == expected


@pytest.mark.parametrize("size", [1, 3, 7, 511, 600])
@pytest.mark.parametrize("start", [b"", b"MATLAB 7.3 MAT-file, Platform: any".ljust(512, b"\0")])
def test_a_model_from_a_pipe_in_pieces(size, start):
    content = start + b"\x89HDF\r\n\x1a\n" + bytes(100)
    with pytest.raises(DataError) as caught:
        read_sequences(["-"], DataSection(), None, pieces(content, size))
    assert str(caught.value) == MODEL.replace("d.csv", "stdin")


@pytest.mark.parametrize("name", ["M", "MATLAB", "MATLAB 7.3 MAT-file", "MATLAB 7.3 MAT-files"])
def test_a_table_that_begins_as_a_model_does(name):
    sequences, _ = read_sequences(["-"], DataSection(), None, pieces(f"{name},y\n1,2\n".encode(), 1))
    assert sequences.channels == (name, "y")


def test_files_that_cannot_be_read(write):
    def message_of(path: str) -> str:
        with pytest.raises(DataError) as caught:
            read_sequences([path], DataSection(), None)
        return str(caught.value)

    write("train.csv", "x\n1\n")
    assert (
        message_of("tran.csv")
        == "error: there is no such file\n --> tran.csv\nhelp: did you mean `train.csv`?"
    )
    assert message_of("a\0b.csv") == "error: there is no such file\n --> a\0b.csv"
    assert message_of("a" * 300).startswith("error: this cannot be read: File name too long")
    assert message_of("none/x.csv") == "error: there is no such file\n --> none/x.csv"
    assert message_of("train.csv/x") == "error: this cannot be read: Not a directory\n --> train.csv/x"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission(write):
    os.chmod(write("d.csv", "x\n1\n"), 0)
    with pytest.raises(DataError) as caught:
        read_sequences(["d.csv"], DataSection(), None)
    assert str(caught.value) == "error: this cannot be read: Permission denied\n --> d.csv"


def test_no_paths():
    with pytest.raises(DataError) as caught:
        read_sequences([], DataSection(), None)
    assert str(caught.value) == "error: no data is given"


def test_forms_are_not_mixed(write):
    files = [write("a.csv", "x\n1\n"), write("b.ts", "@data\n1\n")]
    with pytest.raises(DataError) as caught:
        read_sequences(files, DataSection(), None)
    expected = (
        "error: `a.csv` is a table and `b.ts` is a `.ts` file\n"
        "help: several files are read as one, so they must have one form"
    )
    assert str(caught.value) == expected
