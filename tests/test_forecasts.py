"""The specs that are there to forecast are as good as they say, on steps that they were not trained on."""

import re
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from test_smoke import FORECASTS, SEEDS, SPECS, trained

from lstmcli.data.reading import read_sequences
from lstmcli.data.steps_ahead import hold_out, seasons_before
from lstmcli.forecasting import Forecaster
from lstmcli.network_file import Stored

ROOT = Path(__file__).parents[1]
FORECASTING = [path for path in SPECS if FORECASTS.search(path.read_text(encoding="utf-8"))]
COMMAND = re.compile(
    r"^# lstmcli forecast \S+ (?P<files>.+) --hold-out (?P<steps>\d+) --season (?P<season>\d+)$", re.MULTILINE
)
STATED = re.compile(
    r"^#   (?P<name>\w+) (?P<figure>[\d.]+) \((?P<low>[\d.]+) to (?P<high>[\d.]+)\), (?P<before>[\d.]+)$",
    re.MULTILINE,
)
"""A line for each response: median and range of its RMSE, and the RMSE of the values a season before."""


def stated(path: Path) -> dict[str, tuple[float, ...]]:
    found = STATED.findall(path.read_text(encoding="utf-8"))
    return {name: tuple(map(float, figures)) for name, *figures in found}


def compared(path: Path, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The RMSE of each response in a closed loop, and of the values a season before, as the command does."""
    files, *numbers = COMMAND.search(path.read_text(encoding="utf-8")).groups()
    steps, season = map(int, numbers)
    found = trained(path, seed)
    spec, _, data = found.before
    forecaster = Forecaster(Stored(spec, found.network))
    assert forecaster.responses == tuple(stated(path))
    sequences, _ = read_sequences([str(ROOT / file) for file in files.split()], spec.data, None)
    history, ahead = hold_out(sequences, steps)
    assert not set(ahead.times) & set(data.train.sequences.times)
    answers = forecaster.forecast(
        history, ahead._replace(values=np.full_like(ahead.values, np.nan)), closed=True
    )
    before = seasons_before(sequences, steps, season, None)
    return tuple(np.sqrt(((values - ahead.values) ** 2).mean(axis=(0, 1))) for values in (answers, before))


def test_there_are_some():
    assert [path.stem for path in FORECASTING] == ["airline_forecasting", "us_change_forecasting"]


@pytest.mark.parametrize("path", FORECASTING, ids=lambda path: path.stem)
def test_forecast_beside_a_seasonal_naive_one(path):
    rmse, before = compared(path, 0)
    for own, naive, (figure, _, _, stated_naive) in zip(rmse, before, stated(path).values(), strict=True):
        assert naive == pytest.approx(stated_naive, rel=3e-3)
        assert own < 1.5 * figure
        assert (own < naive) == (figure < stated_naive)


@pytest.mark.heavy
@pytest.mark.parametrize("path", FORECASTING, ids=lambda path: path.stem)
def test_forecast_is_as_good_as_stated(path):
    rmse = np.array([compared(path, seed)[0] for seed in range(SEEDS)])
    for own, (figure, low, high, _) in zip(rmse.T.tolist(), stated(path).values(), strict=True):
        # Where numbers are rounded otherwise, as without vectors, the same seed makes another run.
        assert abs(median(own) - figure) <= max(0.02 * figure, (high - low) / 4), sorted(own)
