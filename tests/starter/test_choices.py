"""What a starter chooses to suit the data: options, windows, held-out parts, as training then makes them."""

import re

import pytest
from starter.test_starter import read, starter, table, values

from lstmcli.preparation import prepare_training


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
    chosen = values(starter("sequence-to-label", (table(tmp_path, 100, *[33] * 9),)))
    assert chosen["sort"] == "length"
    chosen = values(starter("sequence-to-label", (table(tmp_path, 100, *[45] * 9),)))
    assert "sort" not in chosen


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
    assert int(re.search(r"of (\d+) windows?", text)[1]) == len(data.train.sequences) <= 2001


def counted(text: str) -> tuple[bool, int]:
    """Whether a comment gives the number of training sequences as exact, and the number."""
    about, count = re.search(r"# of (about )?(\d+) (?:window|sequence)s?: ", text).groups()
    return about is None, int(count)


@pytest.mark.parametrize("length", [2275, 101, 57])
@pytest.mark.parametrize("given", [{}, {"validation": 0.3}, {"validation": 0.25, "test": 0.15}])
@pytest.mark.parametrize("cut", [{}, {"window": 5}, {"window": 4, "stride": 3}, {"window": 2, "stride": 7}])
@pytest.mark.parametrize("horizon", [1, 3])
def test_windows_of_a_series_are_counted_as_training_cuts_them(tmp_path, length, given, cut, horizon):
    text = starter("forecasting", (table(tmp_path, length),), **given, **cut, horizon=horizon)
    assert counted(text) == (True, len(prepare_training(read(text)).data.train.sequences))


@pytest.mark.parametrize("lengths", [(20,) * 13, (17,) * 5, (9, 9, 9)])
@pytest.mark.parametrize("given", [{}, {"validation": 0.4, "test": 0.3}])
@pytest.mark.parametrize("cut", [{}, {"window": 4}, {"window": 3, "stride": 2, "horizon": 2}, {"horizon": 4}])
@pytest.mark.parametrize("template", ["forecasting", "sequence-to-sequence"])
def test_windows_of_like_series_are_counted_as_training_cuts_them(tmp_path, lengths, given, cut, template):
    text = starter(template, (table(tmp_path, *lengths),), **given, **cut)
    assert counted(text) == (True, len(prepare_training(read(text)).data.train.sequences))


def test_windows_of_series_of_other_lengths_are_about_so_many(tmp_path):
    text = starter("forecasting", (table(tmp_path, *range(20, 60)),), window=6)
    exact, count = counted(text)
    assert (exact, count) == (
        False,
        pytest.approx(len(prepare_training(read(text)).data.train.sequences), 0.1),
    )
    for validation in (("d.csv",), ("d.csv", "e.csv")):
        text = starter("forecasting", (table(tmp_path, 20, 31, 47),), window=6, validation=validation)
        assert counted(text) == (True, 20 - 6 + 31 - 6 + 47 - 6)
        assert "ValidationFrequency" in text


@pytest.mark.parametrize(
    ("length", "window", "fits"), [(25, 4, True), (22, 4, False), (23, 4, True), (25, 5, False)]
)
def test_the_end_of_a_series_validates_if_a_window_fits_into_it(tmp_path, length, window, fits):
    text = starter("forecasting", (table(tmp_path, length),), window=window, horizon=1)
    assert ("validation" in values(text)) == ("ValidationFrequency" in values(text)) == fits
    assert (prepare_training(read(text)).data.validation is not None) == fits
