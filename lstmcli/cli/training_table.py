"""The table that trainNetwork prints, to the letter."""

import time

from lstmcli.cli.displays import Lines
from lstmcli.training.run import Step

_TIME = ("  Time Elapsed  ", "   (hh:mm:ss)   ")
_BATCH, _VALIDATION = "  Mini-batch  ", "  Validation  "


class TrainingTable:
    """Prints steps: rows at iteration 1, each multiple of `frequency`, validations, and the last.

    metric : Accuracy or RMSE; validates : whether there are validation columns;
    verbose : print anything; display : where
    """

    def __init__(self, metric: str, validates: bool, verbose: bool, frequency: int, display: Lines):
        self.metric, self.validates, self.verbose, self.frequency = metric, validates, verbose, frequency
        self.display = display
        self.begun = time.monotonic()

    def open(self, normalizes: bool) -> None:
        """The lines before the first row."""
        if not self.verbose:
            return
        self.display.say("Training on single CPU.")
        if normalizes:
            self.display.say("Initializing input data normalization.")
        for line in (self._rule(), *self._heading(), self._rule()):
            self.display.say(line)

    def show(self, step: Step, last: bool) -> None:
        """A row where one is due."""
        due = step.iteration == 1 or step.iteration % self.frequency == 0 or last
        if self.verbose and (due or step.validation_loss is not None):
            self.display.say(self._row(step))

    def close(self, reason: str) -> None:
        """The lines after the last row."""
        if self.verbose:
            self.display.say(self._rule())
            self.display.say(f"Training finished: {reason}.")

    def _rule(self) -> str:
        return "|" + "=" * (118 if self.validates else 88) + "|"

    def _heading(self) -> tuple[str, str]:
        metric = f"   {self.metric}   " if self.metric == "Accuracy" else "     RMSE     "
        sets = (_BATCH, _VALIDATION) if self.validates else (_BATCH,)
        names = ["  Epoch  ", "  Iteration  ", _TIME[0], *sets, *sets, "  Base Learning  "]
        units = [" " * 9, " " * 13, _TIME[1], *[metric for _ in sets], *["     Loss     " for _ in sets]]
        return "|" + "|".join(names) + "|", "|" + "|".join([*units, "      Rate       "]) + "|"

    def _row(self, step: Step) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self.begun), 60)
        hours, minutes = divmod(minutes, 60)
        metrics: list[float | None] = [step.metric]
        losses: list[float | None] = [step.loss]
        if self.validates:
            metrics.append(step.validation_metric)
            losses.append(step.validation_loss)
        cells = [
            f"{step.epoch:8d} ",
            f"{step.iteration:12d} ",
            f"       {hours:02d}:{minutes:02d}:{seconds:02d} ",
            *(self._metric_cell(value) for value in metrics),
            *(_loss_cell(value) for value in losses),
            f"{step.learn_rate:16.4f} " if 1e-3 <= step.learn_rate < 1e6 else f"{step.learn_rate:16.4e} ",
        ]
        return "|" + "|".join(cells) + "|"

    def _metric_cell(self, value: float | None) -> str:
        if value is None:
            return " " * 14
        if self.metric == "Accuracy":
            return f"{value:12.2f}% "
        return f"{value:13.2f} " if value < 1e8 else f"{value:13.2e} "


def _loss_cell(value: float | None) -> str:
    """Four decimals, or an exponent for what four decimals cannot show."""
    if value is None:
        return " " * 14
    return f"{value:13.4f} " if value == 0 or 1e-4 <= value < 1e8 else f"{value:13.4e} "
