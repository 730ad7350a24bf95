"""Rows that are no steps in their order: times that go back, and tables with a sequence in each row."""

from pathlib import Path

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.survey.figures import channel_figures
from lstmcli.survey.remarks import remarks
from lstmcli.survey.survey import survey

DATASETS = Path(__file__).parents[2] / "datasets"


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
    where = "`t` goes back once, from `4` to `2` at row {} of {}"
    assert odd(text, time="t") == [where.format(7, "stdin")]
    # As `cat` has it, with the header once more.
    assert odd("t,x\n1,1\n4,2\n" + text, time="t")[0] == (
        "`t` goes back 2 times, first from `4` to `1` at row 5 of stdin"
    )
    paths = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    for path in paths:
        Path(path).write_text("t,x\n5,1\n6,3\n7,8\n")
    found = survey(paths, DataSection(time="t"), guesses=False)
    assert remarks(found, [])[0] == f"`t` goes back once, from `7` to `5` at row 2 of {paths[1]}"


def test_the_column_that_tells_sequences_apart():
    rows = [f"{t},{run},{(t * run) % 5}" for run in (4, 2, 3) for t in range(5)]
    text = "\n".join(["t,run,x", *rows]) + "\n"
    goes_back = "`t` goes back 2 times, first from `4` to `0` at row 7 of stdin"
    assert odd(text, time="t")[0] == f"{goes_back}; if `run` tells sequences apart, say `--sequence run`"
    # A column that changes elsewhere, too, or not everywhere, tells nothing.
    assert odd(text.replace("4,3,", "4,8,"), time="t")[0] == goes_back
    assert odd(text.replace(",3,", ",2,"), time="t")[0] == goes_back
    assert odd(text, time="t", sequence="run") == []
    downward = "t,a,x\n" + "".join(f"{9 - k},{k},1\n" for k in range(5))
    assert odd(downward, time="t")[0] == "`t` goes back 4 times, first from `9` to `8` at row 3 of stdin"


def wide(x: np.ndarray, names: list[str], run: int = 0) -> str:
    """A table of x; run : rows of one value in a column `run` before, if it is there."""
    lines = [",".join(names), *(",".join(f"{value:.5g}" for value in row) for row in x)]
    if run:
        lines = [f"{(k - 1) // run if k else 'run'},{line}" for k, line in enumerate(lines)]
    return "\n".join(lines) + "\n"


def says_wide(text: str, **columns: object) -> bool:
    return any("if a row is a whole sequence" in note for note in odd(text, **columns))


def sines(rows: int, steps: int) -> np.ndarray:
    """A row for each sine, whose phase is drawn."""
    phases = np.random.default_rng(1).uniform(0, 2 * np.pi, (rows, 1))
    return np.sin(np.arange(steps) / 4 + phases)


def test_a_sequence_in_each_row():
    x = sines(30, 40)
    names = [f"t_{k}" for k in range(1, 41)]
    (note,) = odd(wide(x, names))
    assert note == (
        "40 columns count up, `t_1`, `t_2`, `t_3`, ..., and differ less along a row than from row to row: "
        "if a row is a whole sequence, make a row of each of its steps first"
    )
    assert says_wide(wide(x, [str(k) for k in range(40)]))
    assert says_wide(wide(np.rint(x * 100), ["y", *names[1:]]))
    assert says_wide(wide(x, names, run=1), sequence="run")
    assert says_wide(wide(x, names).partition("\n")[2], header=False)
    # Several rows a sequence; columns turned round; too few columns or rows; names that do not count.
    assert not says_wide(wide(x, names, run=5), sequence="run")
    assert not says_wide(wide(x.T, names[:30]))
    assert not says_wide(wide(x[:, :19], names[:19]))
    assert not says_wide(wide(x[:5], names))
    assert not says_wide(wide(x, [f"{name}{'ab'[k % 2]}" for k, name in enumerate(names)]))


def test_sequences_in_rows_of_real_data():
    lines = (DATASETS / "italy_power_demand/train.csv").read_text().split()[1:]
    x = np.array([line.split(",")[1] for line in lines], float).reshape(-1, 24)
    assert says_wide(wide(x, list(map(str, range(24)))))
    assert not says_wide(wide(x.T, [f"house{k}" for k in range(len(x))]))


def test_many_sensors_are_no_steps():
    draw = np.random.default_rng(2)
    noise = draw.normal(size=(400, 30))
    names = [f"ch{k}" for k in range(30)]
    assert not says_wide(wide(noise, names))
    # Neighbours that measure nearly the same, again and again: an electrode beside another.
    common = np.cumsum(noise[:, :1], axis=0) * 0.3
    assert not says_wide(wide(common + 0.1 * noise, names))
    assert not says_wide(wide(noise * np.logspace(-3, 3, 30), names))
