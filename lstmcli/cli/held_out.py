"""Forecasts of steps that were held out, beside what came true and beside the values a season before."""

import json

import numpy as np

from lstmcli.cli.figures import number
from lstmcli.cli.streams import note, result
from lstmcli.errors import counted
from lstmcli.forecasting import Ahead, Floats, Forecaster, seasons_before
from lstmcli.metrics import RegressionMetrics
from lstmcli.records import Sequences


class Comparison:
    """The errors of a network and of a seasonal-naive forecast.

    season : steps; open_loop : each step is forecast when the one before it is known
    """

    def __init__(self, forecaster: Forecaster, season: int, open_loop: bool):
        self._forecaster, self._season, self._open_loop = forecaster, season, open_loop
        self._rows: list[list[Floats]] = []

    def add(self, sequences: Sequences, ahead: Ahead, answers: Floats) -> None:
        """More sequences, with the steps at their ends that were held out; raises DataError for those shorter
        than a season.
        """
        horizon = self._forecaster.horizon if self._open_loop else None
        before = seasons_before(sequences, answers.shape[1], self._season, horizon)
        fed = self._forecaster.fed(sequences)
        parts = answers, before[:, :, fed], ahead.values[:, :, fed]
        self._rows.append([part.reshape(-1, len(fed)) for part in parts])

    def note_errors(self) -> None:
        """Print a line for each response on stderr."""
        network, naive = self._metrics()
        before = f"of the values {counted(self._season, 'step')} before"
        for name, own, other in zip(network.responses, network.rmse, naive.rmse, strict=True):
            note(f"RMSE of {name}: {own:.6g}, {before}: {other:.6g} ({counted(network.count, 'sample')})")

    def print_json(self) -> None:
        """Print all errors as one object on stdout."""
        network, naive = self._metrics()
        keys = ("response", "rmse", "mae", "season_rmse", "season_mae")
        columns = network.responses, network.rmse, network.mae, naive.rmse, naive.mae
        rows = [
            dict(zip(keys, (name, *(number(float(figure)) for figure in own)), strict=True))
            for name, *own in zip(*columns, strict=True)
        ]
        loop = "open" if self._open_loop else "closed"
        figures = {"samples": network.count, "loop": loop, "season": self._season, "responses": rows}
        result(json.dumps(figures, ensure_ascii=False))

    def _metrics(self) -> tuple[RegressionMetrics, RegressionMetrics]:
        """Those of the network, and of the values a season before."""
        answers, naive, true = map(np.concatenate, zip(*self._rows, strict=True))
        names = self._forecaster.responses
        return RegressionMetrics(names, answers, true), RegressionMetrics(names, naive, true)
