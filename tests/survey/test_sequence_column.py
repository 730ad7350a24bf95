"""Which column is guessed to tell sequences apart, and why; and which is not."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.survey.column import Column
from lstmcli.survey.survey import Survey, survey

LONG = 3000
"""Rows of a block of which the first look at a table sees nothing else."""


def of(
    text: str, given: tuple[str, ...] = (), classification: bool | None = None, **columns: object
) -> Survey:
    section = DataSection(**columns)
    return survey(["-"], section, {*given, *columns}, text.encode(), classification=classification)


def table(header: str, rows: Iterable[tuple[object, ...]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def blocks(*names: object, steps: int = 4) -> list[tuple[object, int]]:
    """A row (name, step) for each step of blocks."""
    return [(name, step) for name in names for step in range(steps)]


def noise(n: int) -> float:
    return (n * 7919 % 101) / 10


@pytest.mark.parametrize(
    "name",
    [
        *("run_id", "machine", "patient", "device", "file", "experiment", "RunID", "Machine No", "fileName"),
        *("unit_number", "case_id", "id", "Sequence", "site_id", "recordId"),
    ],
)
@pytest.mark.parametrize("values", [("a", "b", "a", "c"), (7, 3, 5)])
def test_names_of_columns_that_tell_sequences_apart(name, values):
    found = of(table(f"{name},x", ((v, noise(n)) for n, (v, _) in enumerate(blocks(*values)))))
    assert (found.columns.sequence, found.guesses["sequence"]) == (name, "its name")
    assert found.sequences.ids == tuple(map(str, values))
    assert (found.targets, found.sequences.channels) == (None, ("x",))


@pytest.mark.parametrize("name", ["activity_id", "class_id", "grid", "humid", "Acid", "level"])
def test_names_of_columns_that_do_not(name):
    found = of(table(f"{name},x", ((v, noise(n)) for n, (v, _) in enumerate(blocks(1, 2, 3)))))
    assert "sequence" not in found.guesses


def test_of_several_names_the_finest_tells_sequences_apart():
    rows = [(p, s, noise(n)) for n, (p, s) in enumerate((p, s) for p in "ab" for s in (1, 1, 2, 2))]
    assert of(table("patient,session,x", rows)).columns.sequence == "session"
    assert of(table("site_id,visit_id,x", rows)).columns.sequence == "visit_id"
    same = [(p, 1, x) for p, _, x in rows]
    assert of(table("patient,session,x", same)).columns.sequence == "patient"


def test_a_name_for_each_row_tells_no_sequences_apart():
    assert "sequence" not in of(table("id,x", ((n, noise(n)) for n in range(20)))).guesses
    assert "sequence" not in of(table("user_id,text,kind", _texts())).guesses


def _texts() -> list[tuple[object, ...]]:
    return [(f"u{n // 2}", f"word{n} of a text that goes on", "ab"[n % 2]) for n in range(8)]


def test_texts_that_each_have_one_block_of_rows_are_names_of_sequences():
    rows = [(v, noise(n)) for n, (v, _) in enumerate(blocks("p", "q", "r", "s"))]
    found = of(table("gizmo,x", rows))
    assert found.guesses == {"sequence": "each of its 4 values is in one block of rows"}
    assert found.sequences.ids == ("p", "q", "r", "s")
    # Three may be classes, and so may those that come again.
    assert of(table("gizmo,x", rows[:12])).columns.labels == "gizmo"
    assert of(table("gizmo,x", rows + rows[:4])).columns.labels == "gizmo"
    assert of(table("class,x", rows)).columns.labels == "class"
    assert of(table("gizmo,x", rows), sequence="none").columns.labels == "gizmo"


def test_beside_labels_two_blocks_are_enough():
    rows = [(m, noise(n), "on" if n % 5 < 2 else "off") for n, (m, _) in enumerate(blocks("p", "q", steps=9))]
    found = of(table("gizmo,x,state", rows))
    reason = "each of its 2 values is in one block of rows, and `state` has the targets"
    assert found.guesses == {"sequence": reason, "labels": "texts that come again"}
    assert found.columns.labels == "state"
    assert found.targets.per_step
    assert of(table("gizmo,x,target", rows)).columns.sequence == "gizmo"
    assert of(table("gizmo,x,z", ((*row[:2], n) for n, row in enumerate(rows))), labels="z").guesses == {
        "sequence": "each of its 2 values is in one block of rows"
    }


def test_texts_that_cannot_be_targets_are_names_of_sequences():
    text = table("gizmo,x", ((v, noise(n)) for n, (v, _) in enumerate(blocks("p", "q"))))
    assert of(text).columns.labels == "gizmo"
    assert of(text, ("labels", "responses")).columns.sequence == "gizmo"
    assert of(text, classification=False).columns.sequence == "gizmo"


@pytest.mark.parametrize(
    "time", [[0, 1, 3, 7], ["09:00", "09:05", "09:10", "09:30"], ["9", "10", "11", "12"]]
)
@pytest.mark.parametrize("values", [("p", "q"), (4, 9)])
def test_a_time_that_begins_anew_is_sure(time, values):
    rows = [(v, time[t], noise(n)) for n, (v, t) in enumerate(blocks(*values))]
    found = of(table("gizmo,date,x", rows))
    assert found.columns.sequence == "gizmo"
    assert found.guesses["sequence"] == "`date` begins anew with each of its values"
    going_on = [(v, f"{n:02}", x) for n, (v, _, x) in enumerate(rows)]
    assert "sequence" not in of(table("gizmo,date,x", going_on)).guesses


def test_what_grows_is_taken_for_a_time_if_it_does_so_often():
    rows = [(v, t * t, noise(n)) for n, (v, t) in enumerate(blocks("p", "q", steps=5))]
    assert of(table("gizmo,x,z", rows)).guesses["sequence"] == "`x` begins anew with each of its values"
    short = [row for row in rows if row[1] < 16]
    assert "sequence" not in of(table("gizmo,x,z", short)).guesses


def test_numbers_need_more_than_blocks():
    rows = [(v, noise(n), "ab"[v % 2]) for n, (v, _) in enumerate(blocks(1, 2, 3, 5, 4))]
    found = of(table("gizmo,x,kind", rows))
    assert (
        found.guesses["sequence"]
        == "each of its 5 values is in one block of rows, where `kind` does not change"
    )
    assert (len(found.sequences), found.targets.per_step) == (5, False)
    assert "sequence" not in of(table("gizmo,x", (row[:2] for row in rows))).guesses
    moving = [(v, x, "ab"[n // 3 % 2]) for n, (v, x, _) in enumerate(rows)]
    assert "sequence" not in of(table("gizmo,x,kind", moving)).guesses
    fractions = [(v + 0.5, x, kind) for v, x, kind in rows]
    assert "sequence" not in of(table("gizmo,x,kind", fractions)).guesses


def test_whole_numbers_that_count_up_block_by_block_are_names():
    rows = [(v, noise(n)) for n, (v, _) in enumerate(blocks(*range(1, 31), steps=20))]
    found = of("\n".join(f"{v},{x}" for v, x in rows), header=False)
    assert found.guesses == {"sequence": "each of its 30 values is in one block of rows, and they count up"}
    assert (len(found.sequences), found.sequences.channels) == (30, ("2",))
    # Three may be classes; gaps, other numbers, days and times that go on are no count of sequences.
    assert "sequence" not in of(table("gizmo,x", rows[:60])).guesses
    assert "sequence" not in of(table("gizmo,x", rows[:80] + rows[100:180])).guesses
    assert "sequence" not in of(table("gizmo,x", ((v * 2, x) for v, x in rows))).guesses
    assert "sequence" not in of(table("week_number,x", rows)).guesses
    going_on = [(v, n, x) for n, (v, x) in enumerate(rows)]
    assert "sequence" not in of(table("gizmo,time,x", going_on)).guesses


def test_the_finest_blocks_are_the_sequences():
    rows = [(f"s{v // 2}", f"g{v}", noise(n)) for n, (v, _) in enumerate(blocks(*range(8)))]
    assert of(table("place,gizmo,x", rows)).columns.sequence == "gizmo"
    assert of(table("gizmo,place,x", ((b, a, x) for a, b, x in rows))).columns.sequence == "gizmo"


def test_all_rows_are_looked_at_where_the_first_ones_are_of_one_block():
    names = ("p", "q", "r", "s")
    rows = [(v, noise(n)) for n, (v, _) in enumerate(blocks(*names, steps=LONG))]
    assert of(table("gizmo,x", rows)).sequences.ids == names
    assert of(table("gizmo,x", rows + rows[:LONG])).columns.labels == "gizmo"
    one = of(table("gizmo,x", rows[:LONG]))
    assert (one.guesses, one.targets) == ({}, None)


def test_a_text_of_each_sequence_is_no_label():
    rows = [(v, f"n{v}", noise(n)) for n, (v, _) in enumerate(blocks(1, 2, 3, 4))]
    assert of(table("sequence,gizmo,x", rows)).targets is None
    assert of(table("sequence,gizmo,x", rows[:12])).columns.labels == "gizmo"
    again = [(v, f"n{v % 3}", x) for v, _, x in rows]
    assert of(table("sequence,gizmo,x", again)).columns.labels == "gizmo"


def test_labels_of_each_row_are_no_times():
    found = of("x,label\n1,a\n2,b\n4,c\n")
    assert (found.columns.time, found.columns.labels) == ("none", "label")


def folder_of(folder: Path, **files: str) -> Survey:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return survey([str(folder)], DataSection())


def test_the_files_of_a_folder_are_its_sequences(tmp_path):
    found = folder_of(tmp_path, a="machine,x\np,1\np,2\n", b="machine,x\nq,1\nq,2\n")
    assert (found.columns.sequence, len(found.sequences)) == ("machine", 2)
    # This one is found when all files are read.
    found = folder_of(tmp_path, b="machine,x\nq,1\np,2\n")
    assert ("sequence" in found.guesses, len(found.sequences)) == (False, 2)


def test_texts_of_the_files_of_a_folder_are_labels(tmp_path):
    files = {name: f"kind,x\n{name},1\n{name},2\n" for name in "abcd"}
    assert folder_of(tmp_path, **files).columns.labels == "kind"


def test_the_words_of_a_name():
    for name in ("RunID", "run_id", "Run id", "run-id"):
        assert Column(name, ()).parts == ("run", "id"), name
    assert (Column("Größe (°C)", ()).parts, Column("%", ()).key) == (("größe", "c"), "")


def test_what_tells_no_sequences_apart():
    each_row = table("mark,code,x", ((f"m{n}", f"c{n}", noise(n)) for n in range(9)))
    assert "sequence" not in of(each_row).guesses
    one = table("tool,t,x", (("saw", n, noise(n)) for n in range(20)))
    assert of(one, ("labels", "responses")).guesses == {"time": "its name"}
    years = table("year,month,x", ((2001 + y, m, noise(12 * y + m)) for y in range(5) for m in range(1, 13)))
    assert "sequence" not in of(years).guesses


def test_what_falls_between_blocks_and_within_them_is_no_time():
    rows = [(v, (5, 9, 6, 7)[t], noise(n)) for n, (v, t) in enumerate(blocks("p", "q", "r"))]
    assert "sequence" not in of(table("gizmo,x,z", rows)).guesses


@pytest.mark.parametrize("kinds", ["aaaaa", "abcde"])
def test_numbers_beside_one_class_or_a_class_each_are_no_names(kinds):
    rows = [(v, noise(n), kinds[v - 1]) for n, (v, _) in enumerate(blocks(1, 2, 3, 5, 4))]
    assert of(table("gizmo,x,label", rows)).columns.sequence != "gizmo"


def test_dates_that_rise_within_each_sequence_are_times():
    times = [f"2024-01-01T{hour:02}:00:00" for hour in range(6)]
    rows = [(v, time, noise(n)) for n, (v, time) in enumerate((v, time) for v in "pqr" for time in times)]
    reason = "dates that rise within each sequence"
    found = of(table("gizmo,zeit,x", rows))
    assert (found.columns.time, found.guesses["time"]) == ("zeit", reason)
    assert (found.columns.sequence, len(found.sequences)) == ("gizmo", 3)
    assert of(table("gizmo,zeit,x", rows), sequence="gizmo").guesses == {"time": reason}
    # A date that is there twice.
    twice = [(time, x) for _, time, x in [*rows[:3], rows[2], *rows[3:6]]]
    assert of(table("zeit,x", twice)).guesses == {"time": reason}
    # A day of each sequence, times that fall, and two columns of dates.
    assert (
        "time"
        not in of(table("run,tag,x", ((v, f"2024-01-0{ord(v) % 9 + 1}", x) for v, _, x in rows))).guesses
    )
    assert "time" not in of(table("run,zeit,x", (rows[k ^ 1] for k in range(18)))).guesses
    assert "time" not in of(table("run,zeit,ende,x", ((v, t, t, x) for v, t, x in rows))).guesses
