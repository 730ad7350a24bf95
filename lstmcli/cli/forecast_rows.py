"""Forecasts as rows of CSV, beside what came true where that is known."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from lstmcli.cli.streams import flush_results, note, result
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.errors import Fault, ModelError
from lstmcli.forecasting import Ahead, Floats
from lstmcli.prediction_table import Table
from lstmcli.records import Sequences

_STEP = "step"
"""The column that numbers the steps ahead where nobody knows their times."""


class ForecastRows:
    """Prints a row for each step ahead, the header with the first ones.

    The first sequences say whether steps have times; those of others that have none are empty then.
    columns : of the data; held_out : the true values follow on the responses
    """

    def __init__(self, responses: tuple[str, ...], columns: DataSection, held_out: bool):
        """Raises ModelError where two columns would have one name."""
        self._time = None if columns.time == NONE else columns.time
        true = tuple(f"true {name}" for name in responses) if held_out else ()
        header = ("sequence", self._time or _STEP, *responses, *true)
        twice = [name for name, count in Counter(header).items() if count > 1]
        if twice:
            help = "`--json` prints the errors alone" if held_out else "train with other `ResponseNames`"
            raise ModelError(Fault(f"two columns of the forecasts would be called `{twice[0]}`", None, help))
        self._names, self._begun, self._told = (*responses, *true), False, False

    def print(self, history: Sequences, ahead: Ahead, answers: Floats, true: Floats | None) -> None:
        """The rows of some sequences; answers, true : float32[N, S, R]."""
        count, steps, _ = answers.shape
        times = np.full(count * steps, "", object) if ahead.times is None else ahead.times
        if not self._begun and not times.any():
            self._time = None
        if history.times is not None:
            self._note_unknown(history, times.reshape(count, steps))
        if self._time is None:
            times = np.array([str(step + 1) for step in range(steps)] * count, object)
        values = answers if true is None else np.concatenate([answers, true], axis=2)
        rows = values.reshape(-1, len(self._names))
        table = Table(self._names, True, self._time or _STEP, labels=False, scores=True)
        there = Sequences(rows, np.arange(count + 1) * steps, history.ids, times=times)
        result("\n".join(([] if self._begun else [table.header()]) + table.step_lines(there, rows)))
        flush_results()
        self._begun = True

    def _note_unknown(self, history: Sequences, times: NDArray[np.object_]) -> None:
        """Tell once of times that do not go on."""
        unknown = np.flatnonzero(times[:, 0] == "")
        if self._told or not len(unknown):
            return
        self._told = True
        what = "are numbered" if self._time is None else "have no times"
        note(
            f"note: the steps ahead of sequence `{history.ids[unknown[0]]}` {what}: only evenly spaced "
            "dates, quarters and numbers tell how times go on"
        )
