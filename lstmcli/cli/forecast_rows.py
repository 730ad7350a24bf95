"""Forecasts as rows of CSV, beside what came true where that is known."""

import numpy as np

from lstmcli.cli.streams import flush_results, result
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.errors import Fault, ModelError
from lstmcli.forecasting import Ahead, Floats
from lstmcli.prediction_table import Table
from lstmcli.records import Sequences

_STEP = "step"
"""The column that numbers the steps ahead where they have no times."""


class ForecastRows:
    """Prints a row for each step ahead, the header with the first ones.

    columns : of the data; held_out : the true values follow on the responses
    """

    def __init__(self, responses: tuple[str, ...], columns: DataSection, held_out: bool):
        """Raises ModelError where a column of true values would have the name of another."""
        self._time = None if columns.time == NONE else columns.time
        true = tuple(f"true {name}" for name in responses) if held_out else ()
        for name, own in zip(responses, true, strict=held_out):
            if own in (*responses, self._time):
                message = f"the true values of `{name}` would stand in a second column `{own}`"
                raise ModelError(Fault(message, None, "`--json` prints the errors alone"))
        self._names, self._begun = (*responses, *true), False

    def print(self, history: Sequences, ahead: Ahead, answers: Floats, true: Floats | None) -> None:
        """The rows of some sequences; answers, true : float32[N, S, R]."""
        count, steps, _ = answers.shape
        times, name = (None, None) if self._time is None else (ahead.times, self._time)
        if times is None:
            times, name = np.array([str(step + 1) for step in range(steps)] * count, object), _STEP
        values = answers if true is None else np.concatenate([answers, true], axis=2)
        rows = values.reshape(-1, len(self._names))
        table = Table(self._names, True, name, labels=False, scores=True)
        there = Sequences(rows, np.arange(count + 1) * steps, history.ids, times=times)
        result("\n".join(([] if self._begun else [table.header()]) + table.step_lines(there, rows)))
        flush_results()
        self._begun = True
