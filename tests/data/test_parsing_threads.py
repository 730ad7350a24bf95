"""A block of a table is parsed by several threads: nobody can see that."""

import numpy as np
import pytest

from lstmcli.data.parse import PIECE
from lstmcli.records import Task
from lstmcli.thread_count import set_threads, thread_count


@pytest.fixture
def threads():
    """Let so many threads parse, until the test ends."""
    before = thread_count()
    yield set_threads
    set_threads(before)


def test_any_number_of_threads_reads_the_same(read, threads):
    rows = [f"s{n % 10_000 // 7},{n},{n / 7},{'xyz'[n % 3]}" for n in range(60_000)]
    text = "sequence,a,b,who\n" + "\n".join(rows)
    assert len(text) > 2 * PIECE
    found = []
    for count in (1, 2):
        assert threads(count) == count
        found.append(read(text, Task(classification=True, per_step=True), labels="who"))
    (one, classes), (two, classes_too) = found
    assert len(one) == len(np.unique([n // 10_000 * 10_000 + n % 10_000 // 7 for n in range(60_000)]))
    for name in ("values", "offsets", "ids", "places"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    np.testing.assert_array_equal(classes.values, classes_too.values)
    assert classes.names == classes_too.names


def test_a_line_may_be_longer_than_what_a_thread_parses(read, threads):
    threads(2)
    columns = PIECE // 4
    header, line = ",".join(f"c{n}" for n in range(columns)), ",".join(["0.125"] * columns)
    sequences, _ = read(f"{header}\n{line}\n{line}\n")
    assert sequences.values.shape == (2, columns)
    assert (sequences.values == 0.125).all()


def test_the_row_of_a_fault_is_named(message, threads):
    threads(2)
    assert f"d.csv: row {PIECE + 2}, column 2" in message("a,b\n" + "1,2\n" * PIECE + "1,x\n")
