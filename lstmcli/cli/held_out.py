"""Forecasts of steps that were held out, beside what came true and beside the values a season before."""

import json
import sys
from typing import NamedTuple

import numpy as np

from lstmcli.cli.columns import aligned, room_on
from lstmcli.cli.metrics_data import number
from lstmcli.cli.streams import note, result
from lstmcli.data.steps_ahead import Ahead, Floats, seasons_before
from lstmcli.errors import counted
from lstmcli.forecasting import Forecaster
from lstmcli.metrics import RegressionMetrics
from lstmcli.records import Sequences


class Expected(NamedTuple):
    """What answers are beside, float32[N, S, R] each.

    true : the responses that were held out; before : what the seasonal-naive forecast says
    """

    true: Floats
    before: Floats


class Comparison:
    """The errors of a network and of a seasonal-naive forecast.

    steps : that are held out; season : steps
    open_loop : each step is forecast when the one before it is known
    """

    def __init__(self, forecaster: Forecaster, steps: int, season: int, open_loop: bool):
        self._forecaster, self._season = forecaster, season
        self._horizon = forecaster.horizon if open_loop else None
        self._rows: list[list[Floats]] = []
        self.naive = _naive(steps, season, self._horizon)

    def expected(self, sequences: Sequences, ahead: Ahead) -> Expected:
        """Of sequences, with the steps at their ends that were held out; raises DataError for those shorter
        than a season.
        """
        before = seasons_before(sequences, ahead.values.shape[1], self._season, self._horizon)
        fed = self._forecaster.fed(sequences)
        return Expected(ahead.values[:, :, fed], before[:, :, fed])

    def add(self, answers: Floats, expected: Expected) -> None:
        """The answers for more sequences, float32[N, S, R]."""
        parts = answers, expected.before, expected.true
        self._rows.append([part.reshape(-1, answers.shape[2]) for part in parts])

    def note_errors(self) -> None:
        """Print a table with a row for each response on stderr."""
        network, naive = self._metrics()
        rows = [[f"RMSE ({counted(network.count, 'sample')})", "forecast", self.naive, "ratio"]]
        for name, own, other in zip(network.responses, network.rmse, naive.rmse, strict=True):
            ratio = f"{own / other:.4g}" if other else "-"
            rows.append([name, f"{own:.6g}", f"{other:.6g}", ratio])
        for line in aligned(rows, room_on(sys.stderr)):
            note(line)

    def print_json(self) -> None:
        """Print all errors as one object on stdout."""
        network, naive = self._metrics()
        keys = ("response", "rmse", "mae", "season_rmse", "season_mae")
        columns = network.responses, network.rmse, network.mae, naive.rmse, naive.mae
        rows = [
            dict(zip(keys, (name, *(number(float(figure)) for figure in own)), strict=True))
            for name, *own in zip(*columns, strict=True)
        ]
        loop = "closed" if self._horizon is None else "open"
        figures = {"samples": network.count, "loop": loop, "season": self._season, "responses": rows}
        result(json.dumps(figures, ensure_ascii=False))

    def _metrics(self) -> tuple[RegressionMetrics, RegressionMetrics]:
        """Those of the network, and of the values a season before."""
        answers, naive, true = map(np.concatenate, zip(*self._rows, strict=True))
        names = self._forecaster.responses
        return RegressionMetrics(names, answers, true), RegressionMetrics(names, naive, true)


def _naive(steps: int, season: int, horizon: int | None) -> str:
    """The values that `seasons_before` takes, in words."""
    if horizon is None and season < steps:
        return "the last known value" if season == 1 else f"the last {season} known values repeated"
    back = season if horizon is None else season * -(-horizon // season)
    if back == 1:
        return "the last known value" if horizon is None else "the value before"
    return f"the values {back} steps before"
