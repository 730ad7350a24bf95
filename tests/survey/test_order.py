"""Rows that are no steps in their order: times that go back, or do not go on evenly."""

from pathlib import Path

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.windows import cut_windows
from lstmcli.records import Task
from lstmcli.survey.figures import channel_figures
from lstmcli.survey.order import tell_backward
from lstmcli.survey.remarks import remarks
from lstmcli.survey.survey import survey

SORT = "; sort the rows, or add a column that tells sequences apart"


def odd(text: str, guesses: bool = False, **columns: object) -> list[str]:
    found = survey(["-"], DataSection(**columns), stdin=text.encode(), guesses=guesses)
    return remarks(found, channel_figures(found.sequences))


def table(times: str, header: str = "sequence,t,x") -> str:
    """A table of one sequence or, where there is a `/`, of several: a row for each time."""
    parts = [part.split() for part in times.split("/")]
    rows = [f"{n},{time},{k * k % 7}" for n, part in enumerate(parts) for k, time in enumerate(part)]
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize(
    ("times", "back"),
    [
        ("1 2 3", None),
        ("1 2 2 9 10", None),
        ("5 6/1 2", None),
        ("1e1 2e1 15 30", "once, from `2e1` to `15` at row 4"),
        ("1 2 3/3 2 1", "2 times, first from `3` to `2` at row 6"),
        ("2024-01 2024-02 2023-12", "once, from `2024-02` to `2023-12` at row 4"),
        ("2024-01-31 2024-02-01 2024-02-01T00:30:00", None),
        ("2024-02-01T00:30:00 2024-02-01", "once, from `2024-02-01T00:30:00` to `2024-02-01` at row 3"),
        # Half past two in summer is before half past two in winter.
        ("2024-10-27T02:30+02:00 2024-10-27T02:20+01:00", None),
        ("2024-10-27T02:30:00+01:00 2024-10-27T02:40:00+02:00", "once, from"),
        ("2024-01-02 today 2024-01-01", None),
        ("23:59 00:01", None),
        ("b a", None),
        ("1 inf inf nan 2", None),
        ("3 nan 2 1", "once, from `2` to `1` at row 5"),
    ],
)
def test_times_that_go_back(times, back):
    found = [note for note in odd(table(times), time="t") if "goes back" in note]
    assert len(found) == (back is not None)
    assert back is None or found[0].startswith(f"`t` goes back {back}")


def test_the_row_where_time_goes_back_is_that_of_the_file(tmp_path):
    text = "t,x\n1,1\n2,\n3,5\n\n4,5\n2,7\n"
    where = "`t` goes back once, from `4` to `2` at row {} of {}" + SORT
    assert odd(text, time="t") == [where.format(7, "stdin")]
    # As `cat` has it, with the header once more.
    assert odd("t,x\n1,1\n4,2\n" + text, time="t")[0] == (
        "`t` goes back 2 times, first from `4` to `1` at row 5 of stdin" + SORT
    )
    paths = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    for path in paths:
        Path(path).write_text("t,x\n5,1\n6,3\n7,8\n")
    found = survey(paths, DataSection(time="t"), guesses=False)
    assert remarks(found, [])[0] == f"`t` goes back once, from `7` to `5` at row 2 of {paths[1]}" + SORT


def test_the_column_that_tells_sequences_apart():
    rows = [f"{t},{run},{(t * run) % 5}" for run in (4, 2, 3) for t in range(5)]
    text = "\n".join(["t,run,x", *rows]) + "\n"
    goes_back = "`t` goes back 2 times, first from `4` to `0` at row 7 of stdin"
    assert odd(text, time="t")[0] == f"{goes_back}; if `run` tells sequences apart, say `--sequence run`"
    # A column that changes elsewhere, too, or not everywhere, tells nothing.
    assert odd(text.replace("4,3,", "4,8,"), time="t")[0] == goes_back + SORT
    assert odd(text.replace(",3,", ",2,"), time="t")[0] == goes_back + SORT
    assert odd(text, time="t", sequence="run") == []
    downward = "t,a,x\n" + "".join(f"{9 - k},{k},1\n" for k in range(5))
    assert odd(downward, time="t")[0] == (
        "`t` goes back 4 times, first from `9` to `8` at row 3 of stdin; sort the rows, the earliest first"
    )


def test_time_that_goes_back_at_half_of_the_steps():
    text = "t,run,x\n0,1,1\n1,1,2\n0,2,4\n1,2,8\n0,3,5\n"
    goes_back = "`t` goes back 2 times, first from `1` to `0` at row 4 of stdin"
    assert odd(text, time="t")[0] == f"{goes_back}; if `run` tells sequences apart, say `--sequence run`"
    assert odd(text.replace("3,5", "2,5"), time="t")[0] == goes_back + SORT
    # A year tells no sequences apart.
    assert odd(text.replace("run", "fiscal_year"), time="t")[0] == goes_back + SORT


def test_of_texts_no_column_tells_sequences_apart():
    text = "time,text\n3,the cat sat down\n5,a dog ran off now\n4,a dog ran on now\n6,it ran on\n"
    found = survey(["-"], DataSection(sequence="none"), ("sequence",), text.encode())
    assert found.sequences.words
    assert remarks(found, [])[0] == "`time` goes back once, from `5` to `4` at row 4 of stdin" + SORT


def test_of_windows_those_are_counted_in_which_time_goes_back():
    text = table("1 2 3 1 2 3 4")
    whole = survey(["-"], DataSection(time="t"), stdin=text.encode(), guesses=False)
    data = cut_windows(whole.sequences, None, DataSection(time="t", window=3), Task(None, per_step=True))
    assert tell_backward(data.sequences, "t") == (
        "`t` goes back in 2 of 5 sequences, first from `3` to `1` in `0/2`" + SORT
    )
    assert tell_backward(whole.sequences, "t") == "`t` goes back once, from `3` to `1`" + SORT
    untimed = survey(["-"], DataSection(), stdin=b"x\n2\n1\n", guesses=False)
    assert tell_backward(untimed.sequences, "none") is None


def days(text: str) -> str:
    """Days of January 2024: `1-9 11` as dates."""
    found = []
    for part in text.split():
        first, _, last = part.partition("-")
        found += [f"2024-01-{day:02}" for day in range(int(first), int(last or first) + 1)]
    return " ".join(found)


@pytest.mark.parametrize(
    ("times", "uneven"),
    [
        (" ".join(map(str, range(20))), None),
        ("1 2 3 4 5 7 8 9 10 11", "1, but otherwise once, from `5` to `7` at row 7 of stdin"),
        ("1 2 3 4 4 5 6 9 10 11", "1, but otherwise 2 times, first from `4` to `4` at row 6 of stdin"),
        # A clock that is not quite even, and too few steps to say what is usual.
        ("0 1.1 1.9 3 4.2 5 5.9 7.1 8 9 10", None),
        ("1 2 3 5", None),
        ("0 1 2 3 4/7 8 9 10 11", None),
        (days("1-31"), None),
        (days("1-9 11-20"), "1 day, but otherwise once, from `2024-01-09` to `2024-01-11` at row 11"),
        (days("1-9 9-20"), "1 day, but otherwise once, from `2024-01-09` to `2024-01-09` at row 11"),
        (days("1-5 8-12 15-19"), None),
        (days("1-5 8-9 11-12 15-19"), "1 day, but otherwise once, from `2024-01-09` to `2024-01-11`"),
        (" ".join(f"2023-{month:02}" for month in range(1, 13)), None),
        (" ".join(f"2023-{month:02}-01" for month in range(1, 13)), None),
        (" ".join(f"{2000 + n // 4}-{n % 4 * 3 + 1:02}-01" for n in range(12)), None),
        (" ".join(f"{year}-12-31" for year in range(2000, 2012)), None),
        (
            " ".join(f"2023-{month:02}-01" for month in range(1, 13) if month != 6),
            "1 month, but otherwise once, from `2023-05-01` to `2023-07-01`",
        ),
        (
            " ".join(f"{year}-01" for year in range(2000, 2012) if year != 2003),
            "1 year, but otherwise once, from `2002-01` to `2004-01`",
        ),
        (
            " ".join(f"2024-01-01T{n // 4:02}:{n % 4 * 15:02}:00" for n in range(12) if n != 5),
            "15 minutes, but otherwise once, from `2024-01-01T01:00:00` to `2024-01-01T01:30:00`",
        ),
        # Times that go back are told of by themselves.
        ("1 2 3 4 5 1 2 3 9 10 11 12", None),
    ],
)
def test_times_that_do_not_go_on_evenly(times, uneven):
    found = [note for note in odd(table(times), time="t") if "mostly" in note]
    assert len(found) == (uneven is not None)
    assert uneven is None or found[0].startswith(f"`t` mostly goes on by {uneven}")
