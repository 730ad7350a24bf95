"""Tables with a sequence in each row: which they are, and the command that makes rows of steps of them."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from survey.test_order import odd

from lstmcli.data.declaration import DataSection
from lstmcli.survey.survey import survey
from lstmcli.survey.wide_table import recipe

DATASETS = Path(__file__).parents[2] / "datasets"


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


def test_rows_must_differ_clearly_more_than_columns():
    draw = np.random.default_rng(3)
    names = [f"ch{k}" for k in range(30)]
    # Rows that have nothing to do with one another, but neighbours in them hardly more: 1.4 times.
    noise = draw.normal(size=(800, 31))
    assert not says_wide(wide(noise[:, 1:] + 0.35 * noise[:, :-1], names))
    assert says_wide(wide(noise[:, 1:] + 0.9 * noise[:, :-1] + 0.8 * np.roll(noise, 2, 1)[:, 1:], names))


def test_rows_that_are_like_those_before_them_are_steps():
    draw = np.random.default_rng(4)
    smooth = draw.normal(size=(800, 30))
    for k in range(1, 30):
        smooth[:, k] = 0.95 * smooth[:, k - 1] + 0.31 * smooth[:, k]
    for k in range(1, len(smooth)):
        smooth[k] = 0.4 * smooth[k - 1] + 0.92 * smooth[k]
    # Rows differ 1.2 times as much as from their mean.
    assert not says_wide(wide(smooth, [f"ch{k}" for k in range(30)]))


def test_names_of_many_digits_count_by_the_last_of_them():
    x = sines(30, 40)
    assert says_wide(wide(x, [f"t{'7' * 5000}{k:03}" for k in range(40)]))
    assert not says_wide(wide(x, [f"t{k:03}{'7' * 5000}" for k in range(40)]))


def test_rows_that_are_said_to_be_steps():
    x = sines(30, 40)
    assert not says_wide(wide(x, [f"t_{k}" for k in range(40)]), sequence="none")


@pytest.mark.parametrize(
    ("names", "header"),
    [(["kind", *(f"t_{k}" for k in range(40))], True), ([str(k) for k in range(1, 42)], False)],
)
def test_the_command_makes_rows_of_steps(tmp_path, names, header):
    kinds = np.arange(30) % 2
    x = np.column_stack([kinds, sines(30, 40)])
    text = wide(x, names)
    file = tmp_path / "my wide.csv"
    file.write_text(text if header else text.partition("\n")[2])
    columns = DataSection(header=header, labels="kind") if header else DataSection(header=False)
    command = recipe(survey([str(file)], columns, {"labels"}))
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    found = survey([str(tmp_path / "long.csv")], DataSection())
    assert found.sequences.lengths.tolist() == [40] * 30
    assert found.sequences.ids == tuple(map(str, range(1, 31)))
    np.testing.assert_allclose(found.sequences.values.reshape(30, 40), x[:, 1:], atol=1e-4)
    labels = survey([str(tmp_path / "long.csv")], DataSection(labels="kind" if header else "label"))
    assert [labels.targets.names[k] for k in labels.targets.values] == list(map(str, kinds))
