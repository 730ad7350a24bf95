"""Live curves of a run on the whole screen of a terminal: MATLAB's training-progress."""

import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from lstmcli.cli.displays import Lines
from lstmcli.cli.terminal_plot import RAW, SMOOTHED, VALIDATION, drawn_panel, usable_plotext
from lstmcli.options import TrainingOptions
from lstmcli.pictures.curve import Panel, new_panels

if TYPE_CHECKING:
    from lstmcli.training.run import Step

LEAST_WIDTH, LEAST_HEIGHT = 60, 14
REFRESHES = 2
"""Times a second that the screen is drawn."""
PAUSE = 50
"""The curves themselves are drawn anew after so many times the time that drawing them takes."""
GROUPS = 160
"""Groups of points that a curve has at least: about what a terminal can show."""
FRAME = 4
"""Rows above and below the panels."""
STACKED, WIDE = 20, 120
"""Rows from which panels stand one above the other, and columns from which they need not if rows are few."""
FINAL_HEIGHT = 24
GRAY, DONE = f"color({RAW})", f"color({SMOOTHED['Loss']})"
HINT = "Ctrl-C stops and saves the network"


def hindrance() -> str | None:
    """Why there can be no curves on stderr, if that is so."""
    console = Console(stderr=True)
    if console.size.width < LEAST_WIDTH or console.size.height < LEAST_HEIGHT:
        return f"curves need {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows"
    if console.is_dumb_terminal or not console.encoding.lower().startswith("utf"):
        return "curves need a terminal with a cursor and UTF-8"
    if not usable_plotext():
        return "curves need plotext 5.3, which `pip install 'lstmcli[plot]'` installs"
    return None


class Curves(Lines):
    """Curves on a screen of their own; lines are held back until it is left, and the last picture after them.

    The screen is drawn by another thread: what training does for it is to add a few points an iteration.
    metric : Accuracy or RMSE
    """

    def __init__(self, metric: str, options: TrainingOptions):
        super().__init__()
        self._metric, self._options = metric, options
        self._panels = new_panels(metric, GROUPS)
        self._lock = threading.Lock()
        self._step: Step | None = None
        self._held: list[str] | None = None
        self._answered = ""
        self._begun = time.monotonic()
        self._picture: Any = ""
        self._drawn_size, self._next = (0, 0), 0.0
        self._console = Console(stderr=True)

    def __enter__(self) -> "Curves":
        self._held = []
        self._live = Live(
            console=self._console,
            screen=True,
            refresh_per_second=REFRESHES,
            redirect_stdout=False,
            redirect_stderr=False,
            get_renderable=self._screen,
        )
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nor for want of a terminal, which may have been closed.
        with suppress(OSError):
            self._live.stop()
        held, self._held = self._held or [], None
        for line in held:
            self.say(line)
        width, height = self._console.size
        if self._step is not None and width >= LEAST_WIDTH:
            rows = min(FINAL_HEIGHT, max(height - FRAME, LEAST_HEIGHT))
            with suppress(OSError):
                self._console.print(self._panels_in(self._step, width - 1, rows), self._legend(), sep="\n")

    def say(self, line: str) -> None:
        """Keep a line until the screen is left."""
        if self._held is None:
            super().say(line)
        else:
            self._held.append(line)

    def show(self, step: "Step") -> None:
        """Add the points of an iteration."""
        metric, loss = self._panels
        with self._lock:
            metric.add(step.iteration, step.metric, step.validation_metric)
            loss.add(step.iteration, step.loss, step.validation_loss)
            self._step = step

    def answer(self, line: str) -> None:
        """Show a line in the place of the hint; it stays when the screen is left."""
        if self._held is None:
            super().answer(line)
        else:
            self._answered = line
            self._held.append(line)

    def _screen(self) -> Any:
        width, height = self._console.size
        if self._step is None:
            return Text("Before the first iteration ...")
        heading = self._heading(self._step)
        if width < LEAST_WIDTH or height < LEAST_HEIGHT:
            return Group(*heading)
        now = time.monotonic()
        if (width, height) != self._drawn_size or now >= self._next:
            self._picture = self._panels_in(self._step, width, height - FRAME)
            self._drawn_size, spent = (width, height), time.monotonic() - now
            self._next = now + PAUSE * spent
        foot = Table.grid(expand=True)
        foot.add_column(no_wrap=True)
        foot.add_column(justify="right", no_wrap=True)
        foot.add_row(self._legend(), Text(self._answered or HINT, style="bold" if self._answered else ""))
        return Group(*heading, self._picture, foot)

    def _heading(self, step: "Step") -> list[Any]:
        """Where the run is, its figures, and a bar."""
        elapsed = time.monotonic() - self._begun
        left = elapsed * (1 / step.progress - 1)
        times = Text(f"  {_clock(elapsed)} elapsed  {_clock(left)} left")
        bar = Table.grid(expand=True)
        bar.add_column(ratio=1)
        bar.add_column(no_wrap=True)
        bar.add_row(
            ProgressBar(1.0, step.progress, style=GRAY, complete_style=DONE, finished_style=DONE), times
        )
        where = {
            "epoch": f"{step.epoch:,} of {self._options.max_epochs:,}",
            "iteration": f"{step.iteration:,}",
            "learning rate": f"{step.learn_rate:.4g}",
        }
        return [_pairs(where), _pairs(dict(map(_figure, self._panels))), bar]

    def _panels_in(self, step: "Step", width: int, height: int) -> Any:
        """The panels in so many columns and rows."""
        stacked = height >= STACKED and not (width >= WIDE and height < 2 * STACKED - 6)
        own = (width, height // 2) if stacked else (width // 2, height)
        colors = not self._console.no_color
        try:
            with self._lock:
                drawn = [drawn_panel(panel, step.iteration, *own, colors) for panel in self._panels]
        except Exception as error:
            # Whatever it is, a run is not lost for want of a picture.
            return Text(f"the curves cannot be drawn: {error}")
        grid, texts = Table.grid(), [Text.from_ansi(text, no_wrap=True) for text in drawn]
        for row in [[text] for text in texts] if stacked else [texts]:
            grid.add_row(*row)
        return grid

    def _legend(self) -> Text:
        parts = [] if self._console.no_color else [("─ mini-batch  ", GRAY)]
        parts.append(("━ smoothed", f"color({SMOOTHED[self._metric]})"))
        if self._panels[0].validation:
            parts.append((f"  {VALIDATION} validation", ""))
        return Text.assemble(*parts)


def _figure(panel: Panel) -> tuple[str, str]:
    """The name and the last values of a panel's curves."""
    unit = panel.unit and f" {panel.unit}"
    validation = f" (validation {panel.validation.last:.4g}{unit})" if panel.validation else ""
    return panel.name, f"{panel.training.last:.4g}{unit}{validation}"


def _pairs(facts: dict[str, str]) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for name, value in facts.items():
        text.append(f"{name} ").append(f"{value}   ", style="bold")
    return text


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
