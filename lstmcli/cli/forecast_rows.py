"""Forecasts as rows of CSV, beside what came true where that is known."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from lstmcli.cli.streams import flush_results, note, result
from lstmcli.data.declaration import NONE, DataSection
from lstmcli.data.steps_ahead import Ahead, Floats
from lstmcli.data.writing import Column, csv_rows, each, quote
from lstmcli.errors import Fault, ModelError
from lstmcli.records import Sequences

_STEP = "step"
"""The column that numbers the steps ahead."""


class ForecastRows:
    """Prints a row for each step ahead, the header with the first ones: its number and, where those of the
    data have times, its time, which is empty if nobody knows it.

    columns : of the data; held_out : the true values follow on the responses
    """

    def __init__(self, responses: tuple[str, ...], columns: DataSection, held_out: bool):
        """Raises ModelError where two columns would have one name."""
        self._time = columns.time
        self._responses = (*responses, *(f"true {name}" for name in responses if held_out))
        self._begun = False
        self._timeless: list[tuple[str, str]] = []
        header = (*self._places(columns.time != NONE), *self._responses)
        twice = [name for name, count in Counter(header).items() if count > 1]
        if twice:
            help = "`--json` prints the errors alone" if held_out else "train with other `ResponseNames`"
            raise ModelError(Fault(f"two columns of the forecasts would be called `{twice[0]}`", None, help))

    def _places(self, timed: bool) -> tuple[str, ...]:
        """The columns before the responses."""
        numbers = (_STEP,) if self._is_numbered(timed) else ()
        return ("sequence", *numbers, *((self._time,) if timed else ()))

    def _is_numbered(self, timed: bool) -> bool:
        """Whether steps have numbers: times that are called so number them already."""
        return not (timed and self._time == _STEP)

    def print(self, history: Sequences, ahead: Ahead, answers: Floats, true: Floats | None) -> None:
        """The rows of some sequences; answers, true : float32[N, S, R]."""
        count, steps, _ = answers.shape
        timed, columns = ahead.times is not None, list[Column]([each(history.ids, steps)])
        if self._is_numbered(timed):
            columns.append(each([str(step + 1) for step in range(steps)] * count))
        if ahead.times is not None:
            columns.append(each(ahead.times))
            self._timeless += _timeless(history, ahead.times.reshape(count, steps))
        for values in (answers, true):
            columns.extend([] if values is None else values.reshape(count * steps, -1).T)
        header = [] if self._begun else [",".join(map(quote, (*self._places(timed), *self._responses)))]
        result("\n".join(header + csv_rows(columns)))
        flush_results()
        self._begun = True

    def note_timeless(self) -> None:
        """Tell of times that do not go on, if there were any."""
        if not self._timeless:
            return
        (name, last), count = self._timeless[0], len(self._timeless)
        of = f"sequence `{name}`" if count == 1 else f"{count} sequences, such as `{name}`,"
        note(
            f"note: the steps ahead of {of} have no times behind `{last}`: only evenly spaced numbers, "
            "dates and quarters tell how they go on"
        )


def _timeless(history: Sequences, ahead: NDArray[np.object_]) -> list[tuple[str, str]]:
    """The sequences whose times do not go on to the last step, and the last time that is known of each.

    ahead : [N, S] times
    """
    if history.times is None:
        return []
    lasts = history.times[history.offsets[1:] - 1]
    ends = np.flatnonzero(ahead[:, -1] == "")
    return [(history.ids[n], [lasts[n], *filter(None, ahead[n])][-1]) for n in ends]
