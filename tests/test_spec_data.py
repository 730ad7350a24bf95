"""The data that a spec names: what is held out shares no step with what is trained on."""

from pathlib import Path

import pytest

from lstmcli.errors import DataError
from lstmcli.graph_building import build_graph
from lstmcli.spec_data import SpecData, read_spec_data
from lstmcli.spec_file import read_spec

LAYERS = "layers: [sequenceInput: 1, lstm: {{NumHiddenUnits: 2, OutputMode: {mode}}}, {end}]\n"
REGRESSION = "fullyConnected: 1, regression"
CLASSIFICATION = "fullyConnected: 2, softmax, classification"


def data_of(folder: Path, section: str, mode: str = "sequence", end: str = REGRESSION) -> SpecData:
    spec = read_spec(LAYERS.format(mode=mode, end=end) + f"data: {{{section}}}\n", "s.yaml", folder)
    return read_spec_data(spec, build_graph(spec.layers).task)


def steps(part) -> set[float]:
    """The steps that a part has in its inputs or its targets, of a series that counts on from 0."""
    return {*part.sequences.values.ravel().tolist(), *part.targets.values.ravel().tolist()}


@pytest.fixture
def series(tmp_path: Path) -> Path:
    (tmp_path / "d.csv").write_text("x\n" + "".join(f"{step}\n" for step in range(50)))
    return tmp_path


@pytest.mark.parametrize("mode", ["sequence", "last"])
@pytest.mark.parametrize(
    "section", ["window: 4, horizon: 2", "horizon: 3", "window: 3, responses: x, features: x"]
)
def test_a_series_is_split_in_time(series, section, mode):
    data = data_of(series, f"train: d.csv, validation: 0.2, test: 0.2, {section}", mode)
    train, validation, test = map(steps, data)
    assert not train & validation | train & test | validation & test
    assert max(train) < min(validation) <= max(validation) < min(test)
    assert (min(train), max(test)) == (0, 49)
    assert (min(validation), min(test)) == (30, 40)


def test_a_held_out_file_is_cut_by_itself(series):
    (series / "v.csv").write_text("x\n100\n101\n102\n")
    data = data_of(series, "train: d.csv, validation: v.csv, test: 0.1, window: 2, horizon: 1")
    assert steps(data.validation) == {100, 101, 102}
    assert steps(data.test) == {45, 46, 47, 48, 49}
    assert len(data.train.sequences) == 43


def test_several_series_are_split_by_series(tmp_path):
    rows = [
        f"{name},{100 * k + step},{'uv'[k % 2]}\n" for k, name in enumerate("abcdefghij") for step in range(6)
    ]
    (tmp_path / "d.csv").write_text("sequence,x,who\n" + "".join(rows))
    section = "train: d.csv, validation: 0.2, test: 0.2, window: 3, labels: who"
    data = data_of(tmp_path, section, "last", CLASSIFICATION)
    names = [{name.split("/")[0] for name in part.sequences.ids} for part in data]
    assert [len(found) for found in names] == [6, 2, 2]
    assert set.union(*names) == set("abcdefghij")
    assert [sorted(set(part.targets.values.tolist())) for part in data] == [[0, 1]] * 3
    assert [len(part.sequences) for part in data] == [24, 8, 8]


def test_a_single_sequence_that_is_not_cut_is_not_split(series):
    with pytest.raises(DataError, match="of 1 sequence leaves one part empty"):
        data_of(series, "train: d.csv, test: 0.2, responses: x, features: x")


def test_parts_are_sorted_by_length(tmp_path):
    rows = [f"{k},{step}\n" for k, length in enumerate([5, 3, 4, 2, 6, 3]) for step in range(length)]
    (tmp_path / "d.csv").write_text("sequence,x\n" + "".join(rows))
    data = data_of(tmp_path, "train: d.csv, validation: 0.5, horizon: 1, sort: length")
    for part in (data.train, data.validation):
        lengths = part.sequences.lengths.tolist()
        assert len(lengths) == 3
        assert lengths == sorted(lengths)
