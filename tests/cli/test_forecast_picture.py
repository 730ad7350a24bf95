"""What of forecasts is kept for their picture: the ends of sequences, with the numbers of their steps."""

from types import SimpleNamespace

import numpy as np
import pytest

from lstmcli.cli import forecast_picture
from lstmcli.cli.forecast_picture import ForecastPicture
from lstmcli.data.steps_ahead import nothing_known
from lstmcli.pictures.figure import new_figure
from lstmcli.records import Sequences


@pytest.mark.parametrize(
    ("length", "steps", "season", "kept"),
    [(100, 2, 1, 30), (100, 12, 1, 36), (100, 12, 24, 48), (20, 12, 24, 20)],
)
def test_the_ends_of_series_are_kept(tmp_path, monkeypatch, length, steps, season, kept):
    drawn = []
    monkeypatch.setattr(
        forecast_picture, "draw_forecasts", lambda shown, *_: (drawn.extend(shown), new_figure(1, 1))[1]
    )
    forecaster = SimpleNamespace(fed=lambda history: [1], responses=("y",))
    values = np.arange(2 * length, dtype=np.float32).reshape(length, 2)
    history = Sequences(values, np.array([0, length]), ("k",), ("x", "y"))
    picture = ForecastPicture(tmp_path / "a.svg", forecaster, "none", season, "")
    picture.add(history, nothing_known(history, steps), np.zeros((1, steps, 1), np.float32), None)
    picture.store()
    (found,) = drawn
    assert found.first == length - kept + 1
    assert found.known.tolist() == values[length - kept :, 1:].tolist()
    assert found.times is None


@pytest.mark.parametrize(("times", "ahead"), [(["1", "2"], ["3"]), (["mon", "tue"], [])])
def test_times_go_on_where_they_are_known(tmp_path, times, ahead):
    forecaster = SimpleNamespace(fed=lambda history: [0], responses=("y",))
    history = Sequences(
        np.zeros((2, 1), np.float32), np.array([0, 2]), ("k",), ("y",), np.array(times, object)
    )
    picture = ForecastPicture(tmp_path / "a.svg", forecaster, "at", 1, "")
    picture.add(history, nothing_known(history, 1), np.zeros((1, 1, 1), np.float32), None)
    assert picture._shown[0].times == times + ahead
