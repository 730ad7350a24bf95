"""The data sets that come with the program."""

from pathlib import Path

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.data.windows import cut_and_sort
from lstmcli.records import Task

DATASETS = Path(__file__).parents[2] / "datasets"
ONE_CLASS, CLASSES = (Task(classification=True, per_step=per_step) for per_step in (False, True))
ONE_RESPONSE, RESPONSES = (Task(classification=False, per_step=per_step) for per_step in (False, True))
VOWELS = tuple(f"c{k}" for k in range(1, 13))
CHANGES = ("income", "production", "savings", "unemployment")


@pytest.mark.parametrize(
    ("name", "columns", "task", "sizes", "channels", "names"),
    [
        (
            "japanese_vowels",
            {"labels": "speaker"},
            ONE_CLASS,
            (270, 4274, 370, 5687),
            VOWELS,
            tuple("123456789"),
        ),
        (
            "italy_power_demand",
            {"labels": "season"},
            ONE_CLASS,
            (67, 1608, 500, 12000),
            ("power",),
            ("1", "2"),
        ),
        (
            "covid_deaths",
            {"responses": ("death_rate",)},
            ONE_RESPONSE,
            (140, 11760, 61, 5124),
            ("cases",),
            ("death_rate",),
        ),
        ("mitdb", {"labels": "label"}, CLASSES, (19, 7125, 1, 375), ("ecg",), ("0", "1")),
        (
            "airline",
            {"time": "month", "horizon": 1},
            RESPONSES,
            (1, 119, 1, 23),
            ("passengers",),
            ("passengers",),
        ),
        (
            "us_change",
            {"time": "quarter", "responses": ("consumption",)},
            RESPONSES,
            (1, 148, 1, 39),
            CHANGES,
            ("consumption",),
        ),
    ],
)
def test_data_set(name, columns, task, sizes, channels, names):
    found = []
    for part in ("train", "test"):
        section = DataSection(**columns)
        whole = read_sequences([str(DATASETS / name / f"{part}.csv")], section, task)
        sequences, targets = cut_and_sort(whole, section, task)
        assert sequences.channels == channels
        assert targets.names == names
        assert len(targets.values) == (len(sequences.values) if task.per_step else len(sequences))
        found += [len(sequences), len(sequences.values)]
    assert tuple(found) == sizes


def test_every_folder_is_in_the_index():
    index = (DATASETS / "README.md").read_text()
    folders = [path.name for path in DATASETS.iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert f"({folder}/README.md)" in index
        assert (DATASETS / folder / "README.md").is_file()
