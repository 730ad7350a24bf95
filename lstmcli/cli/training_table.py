"""The table that trainNetwork prints, to the letter, and a progress bar below it in a terminal."""

import time
from types import TracebackType
from typing import Any

from lstmcli.cli.streams import note
from lstmcli.training.run import Step

_TIME = ("  Time Elapsed  ", "   (hh:mm:ss)   ")
_BATCH, _VALIDATION = "  Mini-batch  ", "  Validation  "


class TrainingTable:
    """Shows steps on stderr: rows at iteration 1, each multiple of `frequency`, validations, and the last.

    metric : Accuracy or RMSE; validates : whether there are validation columns;
    verbose : print the table; bar : draw a progress bar (a terminal's privilege)
    """

    def __init__(self, metric: str, validates: bool, verbose: bool, frequency: int, bar: bool):
        self.metric, self.validates, self.verbose, self.frequency = metric, validates, verbose, frequency
        self.bar = _make_bar() if bar else None
        self.begun = time.monotonic()

    def __enter__(self) -> "TrainingTable":
        if self.bar is not None:
            self.bar.start()
            self.task = self.bar.add_task("training", total=1.0, loss="", epoch=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def open(self, normalizes: bool) -> None:
        """The lines before the first row."""
        if not self.verbose:
            return
        self._print("Training on single CPU.")
        if normalizes:
            self._print("Initializing input data normalization.")
        for line in (self._rule(), *self._heading(), self._rule()):
            self._print(line)

    def show(self, step: Step, last: bool) -> None:
        """A row where one is due; the bar always."""
        if self.bar is not None:
            self.bar.update(
                self.task, completed=step.progress, loss=f"loss {step.loss:.4g}", epoch=step.epoch
            )
        due = step.iteration == 1 or step.iteration % self.frequency == 0 or last
        if self.verbose and (due or step.validation_loss is not None):
            self._print(self._row(step))

    def close(self, reason: str) -> None:
        """The lines after the last row."""
        if self.verbose:
            self._print(self._rule())
            self._print(f"Training finished: {reason}.")

    def _print(self, line: str) -> None:
        if self.bar is not None:
            self.bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            note(line)

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


def _make_bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("epoch {task.fields[epoch]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        transient=True,
    )
