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


def test_names_of_columns_cannot_break_the_spec(tmp_path):
    file = tmp_path / "d.csv"
    rows = [f"{n},{t},{'#: '[n % 2]}{n % 2}" for n in range(10) for t in (1, 3, 2)]
    file.write_text("\n".join(['sequence,"x: {#",label', *rows]))
    spec = read(starter("sequence-to-label", (str(file),)))
    assert prepare_training(spec).spec.data.features == ("x: {#",)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1b"])
def test_names_with_ends_of_lines_stay_within_their_comments(tmp_path, end):
    file = tmp_path / "d.csv"
    names = [f"{name}{end}layers: []" for name in ("x", "y", "note")]
    rows = [f"{n},{n % 3}.5,{t * n},p{t},{n % 2}{end}: #" for n in range(10) for t in (1, 3, 2)]
    header = ",".join(["sequence", *(f'"{name}"' for name in names), "label"])
    file.write_text("\n".join([header, *rows]), encoding="utf-8", newline="")
    text = starter("sequence-to-label", (str(file),))
    assert set(text.splitlines()) == set(text.split("\n")) - {""}
    assert "# scales differ: std of" in text
    assert "# not read, as its cells are no plain numbers: `note layers: []`" in text
    assert "# the classes: 0 : #, 1 : #" in text
    assert prepare_training(read(text)).data.train.sequences.channels == tuple(names[:2])


def test_columns_that_are_not_read_are_named(tmp_path):
    file = tmp_path / "d.csv"
    rows = [f"{n},{n % 3}.5,p{t},q{n},k{n},note {t},{n % 2}" for n in range(10) for t in (1, 3)]
    file.write_text("\n".join(["sequence,x,a,b,c,d,label", *rows]))
    line = "  # not read, as their cells are no plain numbers: `a`, `b`, `c`, ..."
    assert line in starter("sequence-to-label", (str(file),)).splitlines()
    assert "not read" not in starter("sequence-to-label", (str(file),), features=("x",))


def test_many_rows_that_cannot_be_read_are_counted(tmp_path):
    with pytest.raises(DataError) as raised:
        starter("sequence-to-label", (table(tmp_path, 5, 5, more="9,,1,a\n" * 30),))
    assert len(raised.value.faults) == 1
    assert raised.value.faults[0].message == "30 rows cannot be read; the first: the value is missing"
    assert raised.value.faults[0].help.endswith(
        f"`lstmcli inspect {tmp_path / 'd.csv'}` counts them by column"
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_columns_that_a_template_has_a_use_for(name):
    template, title = TEMPLATES[name], TITLES[name]
    assert template.has_use_for("labels") == ("class" in title)
    assert template.has_use_for("responses") == ("numbers" in title or name == "forecasting")
    assert template.has_use_for("words") == template.has_use_for("tokenize") == ("text" in title)
    assert template.has_use_for("features") != template.has_use_for("words")
    assert template.has_use_for("sequence")


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


def test_a_forecast_leaves_labels_inside_of_data_alone(tmp_path):
    file = tmp_path / "d.ts"
    cases = [f"{n},2,3,5,1,2,4,{n}:4,5,6,2,3,1,7,5:{'abc'[n % 3]}" for n in range(6)]
    file.write_text("\n".join(["@classLabel true a b c", "@data", *cases]))
    text = starter("forecasting", (str(file),))
    assert "- fullyConnected: 2" in text
    assert prepare_training(read(text)).data.train.targets.values.shape[1] == 2


def test_a_forecast_of_images_has_a_response_for_each_number(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((8, 4, 3, 2)))
    text = starter("forecasting", (str(tmp_path / "a.npy"),))
    assert "- fullyConnected: 24" in text
    assert prepare_training(read(text)).data.train.targets.values.shape[1] == 24


def test_data_at_fault_is_refused(tmp_path):
    with pytest.raises(DataError, match="the value is missing"):
        starter("sequence-to-label", (table(tmp_path, 5, 5, more="9,,1,a\n"),))
