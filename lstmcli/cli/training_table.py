"""The table that trainNetwork prints, to the letter where there is room for it."""

import time
from collections.abc import Iterable
from typing import NamedTuple

from lstmcli.cli.displays import Lines
from lstmcli.training.run import Step

_Heading = tuple[str, str]


class _Column(NamedTuple):
    """A heading and the characters between the bars: MATLAB's, and those where there is less room."""

    heading: _Heading
    width: int
    short: _Heading
    least: int


_EPOCH = _Column(("Epoch", ""), 9, ("Epoch", ""), 7)
_ITERATION = _Column(("Iteration", ""), 13, ("Itera-", "tion"), 9)
_TIME = _Column(("Time Elapsed", "(hh:mm:ss)"), 16, ("Time", "Elapsed"), 10)
_RATE = _Column(("Base Learning", "Rate"), 17, ("Learn.", "Rate"), 9)
_SETS = ("Mini-batch", "Batch"), ("Validation", "Valid.")
_ROOM, _LEAST_ROOM = 13, 7
"""Characters of a number in a wide and in a narrow table, which then is 60 wide, or 80 with validation."""


class TrainingTable:
    """Prints steps: rows at iteration 1, each multiple of `frequency`, validations, and the last.

    metric : Accuracy or RMSE; validates : whether there are validation columns;
    verbose : print anything; display : where
    """

    def __init__(self, metric: str, validates: bool, verbose: bool, frequency: int, display: Lines):
        self.metric, self.validates, self.verbose, self.frequency = metric, validates, verbose, frequency
        self.display = display
        self.begun = time.monotonic()
        sets = _SETS if validates else _SETS[:1]
        names = (metric, {"Accuracy": "Accur."}.get(metric, metric)), ("Loss", "Loss")
        figures = [
            _Column((long, name), 14, (short, brief), 9) for name, brief in names for long, short in sets
        ]
        self._columns = (_EPOCH, _ITERATION, _TIME, *figures, _RATE)
        self._narrow = False

    def open(self, normalizes: bool) -> None:
        """The lines before the first row."""
        if not self.verbose:
            return
        self._narrow = len(self._rule()) > self.display.room()
        self.display.say("Training on single CPU.")
        if normalizes:
            self.display.say("Initializing input data normalization.")
        for line in (self._rule(), *self._heading(), self._rule()):
            self.display.say(line)

    def show(self, step: Step, last: bool) -> None:
        """A row where one is due."""
        due = step.iteration == 1 or step.iteration % self.frequency == 0 or last
        if self.verbose and (due or step.validation_loss is not None):
            texts = zip(self._texts(step), self._widths(), strict=True)
            self.display.say(_line(f"{text:>{width - 1}} " for text, width in texts))

    def close(self, reason: str) -> None:
        """The lines after the last row."""
        if self.verbose:
            self.display.say(self._rule())
            self.display.say(f"Training finished: {reason}.")

    def _widths(self) -> list[int]:
        return [column.least if self._narrow else column.width for column in self._columns]

    def _rule(self) -> str:
        return f"|{'=' * (sum(self._widths()) + len(self._columns) - 1)}|"

    def _heading(self) -> Iterable[str]:
        headings = [column.short if self._narrow else column.heading for column in self._columns]
        for texts in zip(*headings, strict=True):
            yield _line(f"{text:^{width}}" for text, width in zip(texts, self._widths(), strict=True))

    def _texts(self, step: Step) -> list[str]:
        minutes, seconds = divmod(int(time.monotonic() - self.begun), 60)
        hours, minutes = divmod(minutes, 60)
        room = _LEAST_ROOM if self._narrow else _ROOM
        metrics: list[float | None] = [step.metric]
        losses: list[float | None] = [step.loss]
        if self.validates:
            metrics.append(step.validation_metric)
            losses.append(step.validation_loss)
        return [
            str(step.epoch),
            str(step.iteration),
            f"{hours:02d}:{minutes:02d}:{seconds:02d}",
            *(self._metric(value, room) for value in metrics),
            *(_number(value, 4, room, 1e-4, 1e8) for value in losses),
            _number(step.learn_rate, 4, room, 1e-3, 1e6),
        ]

    def _metric(self, value: float | None, room: int) -> str:
        if value is not None and self.metric == "Accuracy":
            return f"{value:.2f}%"
        return _number(value, 2, room, 0, 1e8)


def _line(cells: Iterable[str]) -> str:
    return f"|{'|'.join(cells)}|"


def _number(value: float | None, decimals: int, room: int, low: float, high: float) -> str:
    """As many of these decimals as there is room for, with an exponent for what they cannot show."""
    if value is None:
        return ""
    form = "f" if value == 0 or low <= value < high else "e"
    texts = [f"{value:.{some}{form}}" for some in range(decimals, -1, -1)]
    return next((text for text in texts if len(text) <= room), texts[-1])
