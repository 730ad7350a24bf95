"""Specs to start from: valid for every template, trained as they are, and with choices that suit the data."""

import re
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from spec.test_schema import as_editors_read

from lstmcli.data.declaration import DataSection
from lstmcli.errors import DataError
from lstmcli.graph_building import build_graph
from lstmcli.preparation import prepare_training
from lstmcli.schema import spec_schema
from lstmcli.spec.reader import read_tree
from lstmcli.spec_file import Spec, read_spec
from lstmcli.starter.facts import facts_of
from lstmcli.starter.fitting import fitting_template, survey_for
from lstmcli.starter.names import TITLES
from lstmcli.starter.rows import WIDTH
from lstmcli.starter.starter import facts_to_replace, write_starter
from lstmcli.starter.templates import TEMPLATES
from lstmcli.survey.survey import survey
from lstmcli.training.loop import train
from lstmcli.training.run import start_run

DATASETS = Path(__file__).parents[2] / "datasets"
VALIDATOR = Draft202012Validator(spec_schema())
VOWELS, SHAPES = "japanese_vowels/train.csv", "moving_shapes/moving_shapes.mat"


def starter(template: str, files: tuple[str, ...], **given: object) -> str:
    chosen = TEMPLATES[template]
    found = survey_for(chosen, files, DataSection(**given), set(given), None)
    return write_starter(chosen, facts_of(found), "my.yaml")


def read(text: str) -> Spec:
    assert list(VALIDATOR.iter_errors(as_editors_read(read_tree(text, "my.yaml", [])))) == []
    return read_spec(text, "my.yaml", Path(), {"MaxEpochs": ["1"]})


def test_every_template_has_a_title():
    assert TEMPLATES.keys() == TITLES.keys()


@pytest.mark.parametrize("name", TEMPLATES)
def test_without_data_it_is_a_sound_network(name):
    text = write_starter(TEMPLATES[name], facts_to_replace(TEMPLATES[name], DataSection()), "my.yaml")
    spec = read(text)
    assert build_graph(spec.layers).task.per_step == TEMPLATES[name].per_step
    assert spec.data.train
    assert max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize(
    ("template", "file", "given"),
    [
        ("sequence-to-label", VOWELS, {}),
        ("sequence-to-label", "italy_power_demand/train.csv", {}),
        ("sequence-to-sequence", "mitdb/train.csv", {}),
        ("sequence-to-sequence", VOWELS, {}),
        ("sequence-to-one-regression", "covid_deaths/train.csv", {}),
        ("sequence-to-sequence-regression", "us_change/train.csv", {"responses": ("consumption",)}),
        ("sequence-to-sequence-regression", "us_change/train.csv", {}),
        ("forecasting", "airline/train.csv", {}),
        ("forecasting", "us_change/train.csv", {"horizon": 4, "window": 12}),
        ("forecasting", VOWELS, {}),
        ("text-classification", "plant_reports/train.csv", {}),
        ("video-classification", SHAPES, {}),
        ("convolution", VOWELS, {}),
    ],
)
def test_with_data_it_trains_as_it_is(template, file, given):
    spec, network, data = prepare_training(read(starter(template, (str(DATASETS / file),), **given)))
    assert data.validation is not None
    run = start_run(network, len(data.train.sequences), spec.options, spec.seed)
    steps = list(train(network.graph, run, data.train, data.validation, spec.options))
    assert steps[-1].finished
    assert 7 <= len(steps) <= 13
    assert steps[-1].validation_loss is not None


@pytest.mark.parametrize(
    ("file", "template"),
    [
        (VOWELS, "sequence-to-label"),
        ("mitdb/train.csv", "sequence-to-sequence"),
        ("covid_deaths/train.csv", "sequence-to-one-regression"),
        ("airline/train.csv", "forecasting"),
        ("plant_reports/train.csv", "text-classification"),
    ],
)
def test_the_template_that_fits(file, template):
    assert fitting_template(survey([str(DATASETS / file)], DataSection())) == template


def test_the_template_for_images_with_labels(tmp_path):
    (tmp_path / "up").mkdir()
    np.save(tmp_path / "up" / "a.npy", np.zeros((5, 4, 3)))
    assert fitting_template(survey([str(tmp_path)], DataSection())) == "video-classification"


def values(text: str) -> dict[str, str]:
    """Name -> value of a spec's lines."""
    return dict(re.findall(r"^ +(\w+): (.*?)(?:  #.*)?$", text, re.MULTILINE))


def table(folder: Path, *lengths: int, scale: float = 1.0, more: str = "") -> str:
    """A table of sequences of these lengths in classes a and b, with numbers of one scale."""
    file = folder / "d.csv"
    rows = [
        f"{n},{scale * ((7 * t + n) % 5 - 2)},{(3 * t + n) % 4 - 1.5},{'ab'[n % 2]}"
        for n, length in enumerate(lengths)
        for t in range(length)
    ]
    file.write_text("\n".join(["sequence,u,v,kind", *rows, more]))
    return str(file)


def test_choices_for_sequences_of_one_length(tmp_path):
    chosen = values(starter("sequence-to-label", (table(tmp_path, *[8] * 40),)))
    assert chosen["MiniBatchSize"] == "3"
    assert chosen["validation"] == "0.2"
    assert not {"SequencePaddingDirection", "sort", "MaskPadding"} & chosen.keys()
    assert "Normalization" not in starter("sequence-to-label", (table(tmp_path, *[8] * 40),))


def test_choices_for_sequences_of_other_lengths(tmp_path):
    chosen = values(starter("sequence-to-label", (table(tmp_path, *range(10, 30)),)))
    assert chosen["SequencePaddingDirection"] == "left"
    assert chosen["Shuffle"] == "every-epoch"
    chosen = values(starter("convolution", (table(tmp_path, *range(10, 30)),)))
    assert chosen["MaskPadding"] == "true"


def test_sequences_of_very_different_lengths_are_sorted(tmp_path):
    chosen = values(starter("sequence-to-label", (table(tmp_path, 200, *[5] * 20),)))
    assert (chosen["sort"], chosen["Shuffle"]) == ("length", "never")


def test_scales_that_differ_are_normalized(tmp_path):
    text = starter("sequence-to-label", (table(tmp_path, *[8] * 40, scale=100),))
    assert "{InputSize: 2, Normalization: zscore}" in text
    assert "scales differ: std of v is 1.1, of u 1.4e+02" in text


def test_too_few_sequences_hold_nothing_out(tmp_path):
    text = starter("sequence-to-label", (table(tmp_path, 5, 6, 7),))
    assert "# validation: validation.csv" in text
    assert "ValidationFrequency" not in text
    assert prepare_training(read(text)).data.validation is None


def test_a_short_series_is_one_piece(tmp_path):
    text = starter("forecasting", (table(tmp_path, 6),))
    assert "window" not in values(text)
    assert prepare_training(read(text)).data.train.sequences.lengths.tolist() == [5]


@pytest.mark.parametrize("length", [15, 24, 25, 60, 1000, 5000])
def test_a_series_of_any_length_is_cut(tmp_path, length):
    text = starter("forecasting", (table(tmp_path, length),))
    data = prepare_training(read(text)).data
    assert data.validation is not None
    count = int(re.search(r"of (\d+) windows?", text)[1])
    assert abs(count - len(data.train.sequences)) <= 1
    assert len(data.train.sequences) <= 2001


def test_names_of_columns_cannot_break_the_spec(tmp_path):
    file = tmp_path / "d.csv"
    rows = [f"{n},{t},{'#: '[n % 2]}{n % 2}" for n in range(10) for t in (1, 3, 2)]
    file.write_text("\n".join(['sequence,"x: {#",label', *rows]))
    spec = read(starter("sequence-to-label", (str(file),)))
    assert prepare_training(spec).spec.data.features == ("x: {#",)


@pytest.mark.parametrize(
    ("template", "file", "message"),
    [
        ("text-classification", VOWELS, "no column looks like texts of several words"),
        ("video-classification", VOWELS, "the data are no images"),
        ("sequence-to-label", "airline/train.csv", "no column is given as labels"),
        ("sequence-to-one-regression", "airline/train.csv", "no column is given as responses"),
        ("sequence-to-label", "plant_reports/train.csv", "no column of numbers is left for the features"),
    ],
)
def test_data_that_lacks_what_a_template_needs(template, file, message):
    with pytest.raises(DataError, match=message):
        starter(template, (str(DATASETS / file),))


def test_data_at_fault_is_refused(tmp_path):
    with pytest.raises(DataError, match="the value is missing"):
        starter("sequence-to-label", (table(tmp_path, 5, 5, more="9,,1,a\n"),))
