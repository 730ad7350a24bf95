"""The picture of forecasts: of all sequences that come by, what it shows is kept."""

from pathlib import Path

import numpy as np

from lstmcli.cli.held_out import Expected
from lstmcli.cli.picture_file import draw_file
from lstmcli.cli.streams import flush_results, note
from lstmcli.data.steps_ahead import Ahead, Floats
from lstmcli.forecasting import Forecaster
from lstmcli.pictures.figure import drawn
from lstmcli.pictures.forecasts import Forecast, draw_forecasts, drawn_sequences
from lstmcli.records import Sequences

STEPS, FORECASTS, SEASONS = 30, 3, 2
"""What is shown of the steps before a forecast: the most of these, so many forecasts and so many seasons."""


class ForecastPicture:
    """Keeps the ends of the first sequences, and draws them when all have come.

    time : what the times are called; season : steps; before : what the network is compared with, in words
    """

    def __init__(self, path: Path, forecaster: Forecaster, time: str, season: int, before: str):
        self._path, self._forecaster = path, forecaster
        self._time, self._season, self._before = time, season, before
        self._shown: list[Forecast] = []
        self._count = 0

    def add(self, history: Sequences, ahead: Ahead, answers: Floats, expected: Expected | None) -> None:
        """More sequences; answers : float32[N, S, R]."""
        count, steps, responses = answers.shape
        self._count += count
        fed = self._forecaster.fed(history)
        least = max(STEPS, FORECASTS * steps, SEASONS * self._season)
        for n in range(min(count, drawn_sequences(responses) - len(self._shown))):
            begin, stop = map(int, history.offsets[n : n + 2])
            first = max(begin, stop - least)
            times = None if history.times is None else history.times[first:stop]
            own = None if ahead.times is None else ahead.times[n * steps : (n + 1) * steps]
            if times is not None and own is not None and own.all():
                times = np.concatenate([times, own])
            self._shown.append(
                Forecast(
                    history.ids[n],
                    first - begin + 1,
                    history.values[first:stop, fed],
                    answers[n],
                    None if expected is None else expected.true[n],
                    None if expected is None else expected.before[n],
                    None if times is None else times.tolist(),
                )
            )

    def store(self) -> None:
        """Draw and store it; raises ModelError if it cannot be written."""
        time = "Time step" if self._shown[0].times is None else self._time

        def draw(form: str) -> bytes:
            names = self._forecaster.responses
            return drawn(draw_forecasts(self._shown, names, self._count, time, self._before), form)

        flush_results()
        draw_file(self._path, draw, note)
