"""What a starter says of data that may not have been meant as it was read, and what it refuses."""

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.errors import DataError
from lstmcli.starter.facts import Facts
from lstmcli.starter.fitting import survey_for
from lstmcli.starter.starter import facts_for, write_starter
from lstmcli.starter.templates import TEMPLATES


def facts(template: str, file: object, **given: object) -> Facts:
    chosen = TEMPLATES[template]
    return facts_for(chosen, survey_for(chosen, (str(file),), DataSection(**given), set(given), None))


def switched(file: object, every: int, steps: int = 300) -> object:
    """A series whose label changes every so many steps."""
    rows = [f"{k * k % 17},{('off', 'on')[k // every % 2]}" for k in range(steps)]
    file.write_text("\n".join(["x,label", *rows]))
    return file


@pytest.mark.parametrize("every", [7, 60, 299])
@pytest.mark.parametrize("cut", [{"window": 10}, {"window": 10, "stride": 10}, {"window": 2}])
def test_windows_with_several_classes_are_counted(tmp_path, every, cut):
    file = switched(tmp_path / "d.csv", every)
    classes = [k // every % 2 for k in range(300)]
    windows = [classes[k : k + cut["window"]] for k in range(0, 301 - cut["window"], cut.get("stride", 1))]
    mixed = sum(len(set(window)) > 1 for window in windows)
    many = "each window" if mixed == len(windows) else f"{mixed} of {len(windows)} windows"
    told = (
        f"the class changes within {many}, and a window has that of its last step: "
        "`lstmcli init sequence-to-sequence` begins a network that answers each step"
    )
    assert facts("sequence-to-label", file, **cut).notes == ((told,) if mixed else ())


def test_windows_that_need_no_word(tmp_path):
    file = switched(tmp_path / "d.csv", 10)
    assert facts("sequence-to-label", file, window=10, stride=10).notes == ()
    assert facts("sequence-to-label", file, window=10, horizon=5).notes == ()
    assert facts("sequence-to-sequence", file).notes == ()
    assert facts("forecasting", file).notes == ()
    assert facts("sequence-to-one-regression", file, responses=("x",), features=("x",)).notes == ()


def test_times_that_go_back_are_told_of_in_the_spec(tmp_path):
    file = tmp_path / "d.csv"
    file.write_text("\n".join(["t,x", *(f"{k % 20},{k * k % 17}" for k in range(100))]))
    found = facts("forecasting", file)
    (note,) = found.notes
    assert note.startswith("`t` goes back 4 times, first from `19` to `0` at row 22 of ")
    lines = write_starter(TEMPLATES["forecasting"], found, "my.yaml").splitlines()
    first = next(
        k for k, line in enumerate(lines) if line.startswith("  # `t` goes back 4 times, first from")
    )
    assert lines[first - 1].startswith("  time: t")
    assert note in " ".join(line.removeprefix("  # ") for line in lines[first : first + 6])


def test_rows_that_look_like_sequences_are_refused_unless_they_are_explained(tmp_path):
    file = tmp_path / "d.csv"
    x = np.sin(np.arange(24) / 4 + np.random.default_rng(1).uniform(0, 6, (30, 1)))
    names = [f"t{k}" for k in range(24)]
    rows = [",".join([*map(str, row), "ab"[n % 2]]) for n, row in enumerate(x)]
    file.write_text("\n".join([",".join([*names, "kind"]), *rows]))
    with pytest.raises(DataError, match="24 columns count up, `t0`, `t1`, `t2`") as raised:
        facts("sequence-to-label", file)
    assert raised.value.faults[0].help.startswith('`awk -F, -v OFS=, \'{sub(/\\r$/, "")} NR == 1 {print')
    assert raised.value.faults[0].help.endswith("if a row is one step, say `--sequence none`")
    assert facts("sequence-to-label", file, sequence="none").size == (24,)
    assert facts("sequence-to-label", file, features=tuple(names)).size == (24,)


@pytest.mark.parametrize(
    ("cells", "help"),
    [
        (
            ("inf", ""),
            "first fill in or leave out the rows that cannot be read, as `interpolate` and `dropna`",
        ),
        (("", "inf"), "fill it in or leave its row out first, as `interpolate` and `dropna`"),
        (("1,5", ""), "write numbers with a decimal point: `1.5`; first fill in or leave out the rows that"),
    ],
)
def test_the_way_out_of_rows_that_cannot_be_read(tmp_path, cells, help):
    file = tmp_path / "d.csv"
    file.write_text("\n".join(["x;y", *(f"{k};{k * k % 7}" for k in range(9)), *(f"3;{c}" for c in cells)]))
    with pytest.raises(DataError) as raised:
        facts("forecasting", file)
    assert raised.value.faults[0].help.startswith(help)
    assert raised.value.faults[0].help.endswith(f"; `lstmcli inspect {file}` counts them by column")
