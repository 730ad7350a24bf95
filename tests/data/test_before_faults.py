"""What comes before a fault is there before the fault is, where no targets are looked for."""

import numpy as np
import pytest
from data.test_array_files import npy

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_blocks
from lstmcli.errors import DataError
from lstmcli.records import Task


def read(*paths, task=None, **columns):
    """The names of the sequences before the fault, how long the last of them is, and the fault."""
    ids, steps = [], 0
    try:
        for sequences, _ in read_blocks(paths, DataSection(**columns), task):
            ids += sequences.ids
            steps = int(sequences.lengths[-1])
    except DataError as fault:
        return "".join(ids), steps, str(fault)
    pytest.fail("there is no fault")


HEAD = "sequence,x\na,1\nb,1\nb,2\n"


@pytest.mark.parametrize(
    ("rest", "ids", "fault"),
    [
        ("c,?\nc,1\n", "ab", "the value is missing"),
        ("c,1\nc,?\n", "ab", "the value is missing"),
        ("b,?\nc,1\n", "a", "the value is missing"),
        (" b ,?\nc,1\n", "a", "the value is missing"),
        ("c,1,1\nd,1\n", "a", "the row has 3 fields"),
        ("c,1\nd,1,1\n", "ab", "the row has 3 fields"),
        ('"c,1\nd,1\n', "a", "a quoted field does not end"),
        ("\nc,1\n", "a", "the row is empty"),
        ("c,1\nd,1\ne,\xff\n", "abc", "the row is not UTF-8 text"),
        ("c,1\n\xff,1\ne,1\n", "ab", "the row is not UTF-8 text"),
    ],
)
def test_sequences_of_a_long_table(write, rest, ids, fault):
    path = write("d.csv", (HEAD + rest).encode("latin-1"))
    found, steps, message = read(path)
    assert (found, steps) == (ids, 2 if ids[-1] == "b" else 1)
    assert message.startswith(f"error: {fault}")


def test_a_fault_in_the_first_row(write):
    assert read(write("d.csv", "sequence,x\na,?\nb,1\n"))[0] == ""
    assert read(write("d.csv", b"sequence,x\xff\na,1\n"))[0] == ""


def test_a_file_that_is_one_sequence_is_not_there_in_part(write):
    assert read(write("d.csv", "x\n1\n2\n?\n"))[0] == ""


def test_files_that_are_one_sequence_each(write):
    files = [write("a.csv", "x\n1\n2\n"), write("b.csv", "x\n1\n"), write("c.csv", "x\n1\n?\n")]
    assert read(*files, sequence="none")[:2] == ("12", 1)
    assert read(*files[:2], "no.csv", sequence="none")[:2] == ("", 0)


@pytest.mark.parametrize("last", ["x\n1\n?\n", "sequence,x\na,1\nb,?\n"])
def test_files_of_a_folder(write, last):
    head = last.partition("\n")[0]
    for name in "ab":
        write(f"d/{name}.csv", f"{head}\n{'z,' if 'sequence' in head else ''}1\n")
    write("d/c.csv", last)
    write("d/d.csv", f"{head}\n{'z,' if 'sequence' in head else ''}1\n")
    assert read("d")[:2] == ("ab", 1)


def test_arrays(write):
    for name, value in zip("abc", (1, 2, np.nan), strict=True):
        write(f"d/{name}.npy", npy(np.full((4, 2), value)))
    assert read("d")[:2] == ("ab", 4)
    assert read("d/a.npy", "d/b.npy", "d/c.npy")[:2] == ("ab", 4)


@pytest.mark.parametrize(
    ("row", "fault"),
    [("", "the value is missing"), ("\u00a0", "the text has no words"), ("a,b", "the row has")],
)
def test_texts(write, row, fault):
    blocks = write("d.csv", f"text,n\na b,1\nc,2\n{row},3\nd,4\n")
    ids, _, message = read(blocks, words="text")
    assert ids == "12"
    assert message.startswith(f"error: {fault}")
    whole = write("e.csv", "text,n\na b,1\nc,2\n")
    assert read(whole, blocks, words="text")[0] == "1234"


@pytest.mark.parametrize("line", ["1,2:3", "1,2", "1,x:2,3", "1:2:3"])
def test_cases(write, line):
    assert read(write("d.ts", f"@data\n1:2\n1,2,3:4,5,6\n{line}\n1:2\n"))[:2] == ("12", 3)
    assert read(write("d.ts", f"@classLabel true\n@data\n1:2:a\n{line}:a\n1\n1:2:a\n"))[0] == "1"
    assert read(write("d.ts", "@classLabel true\n@data\n1:2:a\n1\n1:2:a\n"))[0] == "1"


def test_with_targets_a_fault_is_all_there_is(write):
    task = Task(classification=True, per_step=True)
    path = write("d.csv", "sequence,x,who\na,1,u\nb,1,u\nc,?,u\n")
    assert read(path, task=task, labels="who")[0] == ""
