"""Rows that cannot be read: left out and counted, each where it is, and nothing else."""

import io
import random

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.left_out import BY_CELL, MISSING, NO_NUMBER, NO_ROW, LeftOut
from lstmcli.data.reading import read_sequences
from lstmcli.errors import DataError
from lstmcli.records import Task

LABELS = Task(classification=True, per_step=True)


def read(text: str, task: Task | None = None, **columns: object):
    left_out = LeftOut()
    section = DataSection(**columns)
    sequences, targets = read_sequences(["-"], section, task, io.BytesIO(text.encode()), left_out)
    return sequences, targets, left_out


def counts(left_out: LeftOut) -> dict[tuple[str, str | None], int]:
    return {key: gap.count for key, gap in left_out.gaps.items()}


def test_a_sound_table_leaves_nothing_out():
    sequences, _, left_out = read("x,y\n1,2\n3,4\n")
    assert sequences.values.tolist() == [[1, 2], [3, 4]]
    assert (left_out.rows, left_out.gaps, left_out.faults) == (0, {}, [])


def test_every_kind_is_counted_where_it_is():
    sequences, targets, left_out = read(
        "sequence,x,y,who\na,1,2,u\na,,NaN,u\na,3,Inf,u\na,4\nb,abc,5,v\nb,6,7,\nb,8,9,v\n",
        LABELS,
        labels="who",
    )
    assert sequences.values.tolist() == [[1, 2], [8, 9]]
    assert sequences.ids == ("a", "b")
    assert [targets.names[k] for k in targets.values] == ["u", "v"]
    assert left_out.rows == 5
    assert counts(left_out) == {
        (MISSING, "x"): 1,
        (MISSING, "y"): 1,
        (NO_NUMBER, "y"): 1,
        (NO_ROW, None): 1,
        (NO_NUMBER, "x"): 1,
        (MISSING, "who"): 1,
    }
    assert [place.row for place in left_out.gaps[MISSING, "y"].places] == [3]
    assert left_out.gaps[MISSING, "who"].places[0].render() == " --> stdin: row 7, column 4 (`who`)"
    assert left_out.faults[0].message == "the value is missing"


def test_a_first_row_that_is_not_whole_hides_no_column():
    sequences, _, left_out = read("x,y,note\n,1,\n2,3,hello\n4,5,\n")
    assert sequences.channels == ("x", "y")
    assert sequences.values.tolist() == [[2, 3], [4, 5]]
    assert counts(left_out) == {(MISSING, "x"): 1}


def test_a_table_of_nothing_else_is_at_fault():
    with pytest.raises(DataError, match="the value is missing"):
        read("x,y\n1,\n,2\n")


def test_several_files_and_folders(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,0\n\n2,0\n")
    (tmp_path / "b.csv").write_text("x,y\n3,0\nx,y\n4\n")
    left_out = LeftOut()
    for path in ([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")], [str(tmp_path)]):
        left_out = LeftOut()
        sequences, _ = read_sequences(path, DataSection(), None, None, left_out)
        assert sequences.values[:, 0].tolist() == [1, 2, 3]
        assert [place.row for place in left_out.gaps[NO_ROW, None].places] == [3, 4]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_left_is_what_a_plain_reading_leaves(seed):
    """Against a reading of each line by itself; more rows than are looked at cell by cell at once."""
    random.seed(seed)
    lines, good, wrong = [], [], {MISSING: 0, NO_NUMBER: 0, NO_ROW: 0}
    for _ in range(7 * BY_CELL):
        cells = [f"{random.gauss(0, 1):.3f}" for _ in range(3)]
        found = []
        for k in range(3):
            bad = random.random()
            if bad < 0.02:
                cells[k], kind = random.choice(["", "NA", "nan", "?"]), MISSING
            elif bad < 0.03:
                cells[k], kind = random.choice(["x", "inf", "1e99", "1;2"]), NO_NUMBER
            else:
                continue
            found.append(kind)
        if random.random() < 0.01:
            cells, found = cells[:2], [NO_ROW]
        for kind in found:
            wrong[kind] += 1
        if not found:
            good.append([float(cell) for cell in cells])
        lines.append(",".join(cells))
    lines.insert(0, "0,0,0")
    sequences, _, left_out = read("\n".join(["a,b,c", *lines, ""]))
    np.testing.assert_array_equal(sequences.values, np.array([[0, 0, 0], *good], np.float32))
    total = {kind: sum(n for (k, _), n in counts(left_out).items() if k == kind) for kind in wrong}
    assert total == wrong
    assert left_out.rows == len(lines) - len(sequences.values)
