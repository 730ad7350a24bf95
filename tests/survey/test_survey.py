"""What is understood of data that nobody explains: columns, figures, and what is odd."""

import statistics
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.survey.figures import Bin, channel_figures, class_counts, length_bins, response_figures
from lstmcli.survey.remarks import remarks
from lstmcli.survey.survey import Survey, survey

DATASETS = Path(__file__).parents[2] / "datasets"


def of_text(text: str, given: tuple[str, ...] = (), **columns: object) -> Survey:
    return survey(["-"], DataSection(**columns), given, text.encode())


def of(name: str, **options: object) -> Survey:
    return survey([str(DATASETS / name)], DataSection(), **options)


def rows(header: str, *sequences: str) -> str:
    return "\n".join([header, *(row for sequence in sequences for row in sequence.split())]) + "\n"


@pytest.mark.parametrize(
    ("name", "columns", "per_step"),
    [
        ("japanese_vowels/train.csv", {"labels": "speaker"}, False),
        ("italy_power_demand/train.csv", {"labels": "season"}, False),
        ("mitdb/train.csv", {"labels": "label"}, True),
        ("covid_deaths/train.csv", {"responses": ("death_rate",)}, False),
        ("airline/train.csv", {"time": "month"}, None),
        ("us_change/train.csv", {"time": "quarter"}, None),
        ("plant_reports/train.csv", {"words": "report", "labels": "category"}, False),
        ("moving_shapes/moving_shapes.mat", {"labels": "YTrain"}, False),
    ],
)
def test_the_columns_of_real_data_are_found(name, columns, per_step):
    found = of(name)
    assert {word: getattr(found.columns, word) for word in found.guesses} == columns
    assert (found.targets.per_step if found.targets else None) is per_step


def test_what_is_given_is_not_guessed():
    text = rows("id,t,x,kind", *(f"{n},1,{n}.5,a {n},2,{n}.6,a" for n in range(9)), "9,1,0,b")
    found = of_text(text)
    assert found.guesses.keys() == {"sequence", "time", "labels"}
    assert (len(found.sequences), found.sequences.channels) == (10, ("x",))
    found = of_text(text, ("sequence", "time", "labels"), sequence="none", labels="kind")
    assert found.guesses == {}
    assert (len(found.sequences), found.sequences.channels) == (1, ("id", "t", "x"))
    found = survey(["-"], DataSection(), stdin=text.encode(), guesses=False)
    assert (found.guesses, found.targets, found.sequences.channels) == ({}, None, ("id", "t", "x"))


def test_a_column_that_counts_is_a_time_whatever_its_name():
    text = rows("sequence,n,x", *(f"{s},{n},{n * n % 7}" for s in "ab" for n in range(9)))
    assert of_text(text).columns.time == "n"
    assert of_text(text.replace("n,x", "x,y")).columns.time == "x"


def test_an_x_and_a_y_are_coordinates():
    text = rows("sequence,x,y", *(f"{s},{n % 3},{n % 2}" for s in "ab" for n in range(9)))
    found = of_text(text)
    assert (found.targets, found.sequences.channels) == (None, ("x", "y"))


def test_which_kind_of_target_is_wanted():
    text = rows("sequence,x,grade", *(f"{s},{s}.{k},{s % 3}" for s in range(9) for k in (3, 1, 2)))
    assert of_text(text).columns.labels == "grade"
    found = survey(["-"], DataSection(), stdin=text.encode(), classification=False)
    assert found.columns.responses == ("grade",)
    assert found.targets.values[:4].ravel().tolist() == [0, 1, 2, 0]


def test_labels_of_a_folder_are_those_of_its_sub_folders(tmp_path):
    for kind in ("up", "down"):
        (tmp_path / kind).mkdir()
        for number in range(2):
            (tmp_path / kind / f"{number}.csv").write_text(f"x,y\n1,{number}\n5,7\n")
    found = survey([str(tmp_path)], DataSection())
    assert (found.form, found.targets.names, found.guesses) == ("folder", ("down", "up"), {})
    assert found.sequences.channels == ("x", "y")


def test_a_ts_file_has_its_labels_inside(tmp_path):
    file = tmp_path / "d.ts"
    file.write_text("@classLabel true a b\n@data\n1,2,3:4,5,6:a\n1,2:4,5:b\n")
    found = survey([str(file)], DataSection())
    assert (found.form, found.targets.names, found.targets.per_step) == ("`.ts` file", ("a", "b"), False)


def test_figures_of_channels_are_those_of_the_statistics_module():
    found = of("japanese_vowels/train.csv")
    lines = [line.split(",") for line in (DATASETS / "japanese_vowels/train.csv").read_text().splitlines()]
    for channel in channel_figures(found.sequences):
        values = [float(row[lines[0].index(channel.name)]) for row in lines[1:]]
        assert channel.min == pytest.approx(min(values))
        assert channel.max == pytest.approx(max(values))
        assert channel.mean == pytest.approx(statistics.fmean(values), rel=1e-5)
        assert channel.std == pytest.approx(statistics.stdev(values), rel=1e-6)
    by_class = Counter({row[0]: row[-1] for row in lines[1:]}.values())
    assert dict(zip(found.targets.names, class_counts(found.targets), strict=True)) == by_class


def test_figures_of_images_are_those_of_each_channel(tmp_path):
    images = np.random.default_rng(1).normal(size=(5, 4, 3, 2)).astype(np.float32)
    np.save(tmp_path / "a.npy", images)
    found = survey([str(tmp_path / "a.npy")], DataSection())
    for k, channel in enumerate(channel_figures(found.sequences)):
        assert (channel.name, channel.min) == (str(k + 1), images[..., k].min())
        assert channel.std == pytest.approx(images[..., k].astype(float).std(ddof=1))


def test_figures_of_responses():
    (response,) = response_figures(of("covid_deaths/train.csv").targets)
    assert (response.name, response.min, response.is_constant) == ("death_rate", 0, False)


@pytest.mark.parametrize("high", [3, 9, 10, 11, 99, 12345])
def test_bins_hold_every_length_once(high):
    lengths = np.random.default_rng(high).integers(2, high, 500, endpoint=True)
    bins = length_bins(lengths)
    assert len(bins) <= 10
    assert sum(b.sequences for b in bins) == 500
    assert all(b.sequences == ((lengths >= b.low) & (lengths <= b.high)).sum() for b in bins)
    assert all(after.low == before.high + 1 for before, after in pairwise(bins))


def test_bins_have_round_ends():
    assert length_bins(np.array([7, 26, 12])) == [
        *(Bin(5, 9, 1), Bin(10, 14, 1), Bin(15, 19, 0), Bin(20, 24, 0), Bin(25, 29, 1))
    ]


def odd(text: str, **columns: object) -> list[str]:
    found = of_text(text, tuple(columns), **columns)
    return remarks(found, channel_figures(found.sequences))


def test_nothing_is_odd_about_plain_data():
    assert odd(rows("sequence,x", *(f"{s},{n * s}" for s in (1, 2) for n in (3, 1, 2)))) == []


def test_what_is_odd():
    text = rows("sequence,x,y", "a,1,0 a,2,0 b,3,0", "a,1,0 a,2,0", "c,5,0")
    assert odd(text) == [
        "of a single step: 2 sequences, `b`, `c`",
        "come again after other sequences: `a`; one sequence is consecutive rows, so sort the rows if they "
        "belong together",
        "1 sequence with the values of an earlier one: `a` is `a`",
        "constant: 1 channel, `y`",
    ]


def test_odd_columns():
    text = rows("sequence,t,x,who", *(f"a,{n},{n % 4},u" for n in range(20)), "b,7,1,v")
    assert odd(text, labels="who", time="none") == [
        "of a single step: 1 sequence, `b`",
        "`t` grows by the same from step to step: if it is a time, say `--time t`",
    ]
    assert odd(text.replace(",v", ",u"), labels="who", time="t") == [
        "of a single step: 1 sequence, `b`",
        "there is only one class, `u`",
    ]
    assert odd(text, time="none", labels="x")[0] == "not read, as its cells are no plain numbers: `who`"


@pytest.mark.parametrize("name", ["temp", "label", "time", "run"])
def test_numbers_with_a_unit_are_for_nothing(name):
    text = f"{name},x,room\n" + "".join(f"{n // 4}.5 C,{n * n % 7},12a\n" for n in range(16))
    found = of_text(text)
    assert (found.guesses, found.sequences.channels) == ({}, ("x",))
    assert remarks(found, [])[0] == (
        f"not read, as their cells are no plain numbers: `{name}` (`0.5 C`), `room` (`12a`); "
        f"without its unit `{name}` would be a number"
    )
    # The first cell has a unit, another one has not.
    other = of_text(text.replace("3.5 C", "hot"), ("labels", "sequence", "time"))
    assert remarks(other, [])[0].endswith("`room` (`12a`)")


def test_classes_out_of_balance():
    found = of("mitdb/train.csv")
    assert remarks(found, []) == ["classes out of balance: `0` has 6936 steps, `1` has 189"]


def test_joined_files(tmp_path):
    paths = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    for path in paths:
        Path(path).write_text("x\n1\n3\n")
    (note,) = remarks(survey(paths, DataSection()), [])
    assert note.startswith("all rows of the 2 files are one sequence")
