"""Data without a column of sequences or of times, by the user's word or because it is not there."""

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_blocks, read_sequences

TABLE = "sequence,none,x\na,1,2\nb,3,4\n"


def test_all_rows_are_one_sequence(read):
    sequences, _ = read(TABLE, sequence="none", features=("x",))
    assert sequences.ids == ("1",)
    assert sequences.values.tolist() == [[2], [4]]


def test_each_file_is_a_sequence(write):
    files = [write("a.csv", TABLE), write("b.csv", TABLE), write("c.csv", "sequence,none,x\na,5,6\n")]
    columns = DataSection(sequence="none", features=("x",))
    sequences, _ = read_sequences(files, columns, None)
    assert sequences.ids == ("1", "2", "3")
    assert sequences.values[:, 0].tolist() == [2, 4, 2, 4, 6]
    assert sequences.offsets.tolist() == [0, 2, 4, 5]
    assert [block.ids for block, _ in read_blocks(files, columns, None)] == [("1",), ("2",), ("3",)]


def test_a_column_called_none_is_a_feature(read):
    sequences, _ = read(TABLE, sequence="none", time="none")
    assert sequences.channels == ("none", "x")
    assert sequences.times is None


def test_times_that_may_be_absent(read):
    assert read("x\n1\n", time="t", time_optional=True)[0].times is None
    assert read("x,t\n1,9\n", time="t", time_optional=True)[0].times.tolist() == ["9"]
    assert read("x,t\n1,9\n", time="t", time_optional=True)[0].channels == ("x",)


def test_times_that_must_be_there(message):
    expected = "error: there is no column `t`\n --> d.csv\nhelp: the columns are `x`"
    assert message("x\n1\n", time="t") == expected


def test_times_that_may_be_absent_from_a_folder(write):
    for name in ("a", "b"):
        write(f"d/{name}.csv", "x\n1\n")
    sequences, _ = read_sequences(["d"], DataSection(time="t", time_optional=True), None)
    assert sequences.ids == ("a", "b")
    assert sequences.times is None
