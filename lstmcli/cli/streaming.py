"""Rows in, rows out: each answered as soon as it is there, the states of its sequence kept."""

import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Protocol

from lstmcli.cli.states import GoingOn, read_going_on, refuse_layers_that_need_all, write_going_on
from lstmcli.cli.streams import note, result
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault

if TYPE_CHECKING:
    from lstmcli.data.declaration import DataSection
    from lstmcli.data.table import Rows
    from lstmcli.graph import Graph
    from lstmcli.network_file import Stored
    from lstmcli.prediction_table import PredictionTable
    from lstmcli.records import Sequences


class Begin(Protocol):
    """Makes the table for the answers to sequences of which these are the first."""

    def __call__(self, sequences: "Sequences", graph: "Graph", per_step: bool) -> "PredictionTable":
        """The table."""


class StoppedError(Exception):
    """A signal came while nothing was at work."""


class Listener:
    """Rows as they come, until a SIGINT or SIGTERM: what was begun is finished; `code` is then 130 or 143.

    A SIGINT that is ignored from the start stays ignored.
    """

    def __init__(self) -> None:
        self.code, self._waits = 0, False
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Listener":
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def listen(self, rows: "Iterator[Rows]") -> "Iterator[Rows]":
        """The same rows."""
        while True:
            try:
                # Reading from a pipe that is silent must end, and answering must not.
                self._waits = True
                found = None if self.code else next(rows, None)
                self._waits = False
            except StoppedError:
                return
            if found is None:
                return
            yield found

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.code = self.code or 128 + number
        if self._waits:
            self._waits = False
            raise StoppedError


class Idle:
    """Which sequences have had no row for so many seconds; none where that is None."""

    def __init__(self, seconds: float | None):
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def since(self, names: Iterable[str]) -> list[str]:
        """Those that are idle, when rows of these come."""
        if self._seconds is None:
            return []
        now = time.monotonic()
        idle = []
        for name, last in self._last.items():
            if now - last <= self._seconds:
                break
            idle.append(name)
        for name in idle:
            del self._last[name]
        for name in names:
            # The order is that of the last rows.
            self._last.pop(name, None)
            self._last[name] = now
        return idle


def stream_predictions(
    stored: "Stored",
    model: str,
    paths: tuple[str, ...],
    columns: "DataSection",
    asked: GoingOn,
    begin: "Begin",
) -> None:
    """Answer each row as soon as it is there. The states are kept, if that was asked, however it ends.

    begin : makes the table for the answers, when the first rows are there
    Raises UsageFaultError for words, ModelError for a network that needs whole sequences, DataError.
    """
    from lstmcli.continuation import Continuation, answering_steps
    from lstmcli.data.left_out import LeftOut
    from lstmcli.data.reading import read_rows
    from lstmcli.data_fit import check_sequences

    if columns.words is not None:
        help = "leave out `--stream`: without a column of sequences each text is answered at once in any case"
        raise UsageFaultError(Fault("texts are not streamed word by word", None, help))
    refuse_layers_that_need_all(stored.network.graph, model)
    network = answering_steps(stored.network, stored.spec.layers)
    states = read_going_on(asked, stored.network, model)
    continuation = Continuation(network, stored.options, states)
    idle, table = Idle(asked.forget_after), None
    rows = read_rows(paths, columns, LeftOut(_tell) if asked.skip else None)
    with Listener() as listener:
        try:
            for found in listener.listen(rows):
                sequences, lines = found.sequences, []
                if table is None:
                    check_sequences(network.graph, sequences, stored.options, trained=True)
                    table = begin(sequences, network.graph, per_step=True)
                    lines = [table.header()]
                states.forget(idle.since(sequences.ids))
                answers = continuation.answer_steps(sequences)
                result("\n".join([*lines, *table.step_lines(sequences, answers)]), flush=True)
        finally:
            write_going_on(asked, states, stored.network)
    if listener.code:
        sys.exit(listener.code)


def _tell(faults: Sequence[Fault]) -> None:
    for fault in faults:
        note(f"skipped: {fault.message}{fault.where.render() if fault.where else ''}")
