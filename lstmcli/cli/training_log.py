"""The history of a run in a file that grows by a line each iteration: CSV, or JSON if it ends in .jsonl."""

import json
import time
from collections.abc import Iterable
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault

if TYPE_CHECKING:
    from lstmcli.training.run import Step


BEGINS = b"Iteration,Epoch,TimeElapsed,", b'{"Iteration": '
"""What tells a log from other files."""


def check_log(path: Path, data: Iterable[Path]) -> None:
    """Raise ModelError if no log can be written, or what is there is none; UsageFaultError if it is data that
    the run reads.
    """
    from lstmcli.modelfile import check_writable
    from lstmcli.modelfile.overwriting import refuse_to_overwrite

    if path.resolve() in [file.resolve() for file in data]:
        raise UsageFaultError(Fault(f"`{path}` is data of this run", None, "name another file with --log"))
    most = max(map(len, BEGINS))
    refuse_to_overwrite(
        path, lambda file: file.read(most).startswith(BEGINS), "a log of lstmcli", " with --log"
    )
    check_writable(path)


class TrainingLog:
    """Writes steps under the names of MATLAB's training information; where there was no validation cells are
    empty, or null, as JSON's are for a loss that is not finite.

    A line that cannot be written is no reason to lose the run: it is the last, and `fault` says why.
    metric : Accuracy or RMSE
    Raises OSError if the file cannot be opened.
    """

    def __init__(self, path: Path | None, metric: str):
        self._path, self._metric, self._begun = path, metric, time.monotonic()
        self.fault: Fault | None = None
        self._json = path is not None and path.suffix.lower() in (".jsonl", ".ndjson")
        self._file: TextIO | None = None

    def __enter__(self) -> "TrainingLog":
        if self._path is not None:
            self._file = self._path.open("w", encoding="utf-8", newline="\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, step: "Step") -> None:
        """One line, at once."""
        if self._file is None:
            return
        values = self._values(step)
        lines = [_json(values) if self._json else ",".join(map(_cell, values.values()))]
        if not self._json and step.iteration == 1:
            lines.insert(0, ",".join(values))
        try:
            self._file.write("\n".join(lines) + "\n")
            self._file.flush()
        except OSError as error:
            help = f"it ends with iteration {step.iteration - 1}; the network is saved"
            self.fault = Fault(
                f"no more lines could be written into `{self._path}`: {error.strerror}", None, help
            )
            self._file = None

    def _values(self, step: "Step") -> dict[str, Any]:
        return {
            "Iteration": step.iteration,
            "Epoch": step.epoch,
            "TimeElapsed": round(time.monotonic() - self._begun, 3),
            **step.information(self._metric),
        }


def _json(values: dict[str, Any]) -> str:
    return json.dumps(
        {name: value if value is None or isfinite(value) else None for name, value in values.items()}
    )


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
