"""Rows in, rows out: each answered as soon as it is there, the states of its sequence kept."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from lstmcli.cli.listening import Idle, Listener, StoppedError
from lstmcli.cli.states import GoingOn, layers_that_need_all, read_going_on, write_going_on
from lstmcli.cli.streams import give_up_results, note, result
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault, ModelError

if TYPE_CHECKING:
    from lstmcli.data.declaration import DataSection
    from lstmcli.data.layout import Layout
    from lstmcli.graph import Graph
    from lstmcli.network_file import Stored
    from lstmcli.prediction_table import PredictionTable


class MakeTable(Protocol):
    """Makes the table for answers."""

    def __call__(self, timed: bool, graph: "Graph", per_step: bool) -> "PredictionTable":
        """The table; timed : whether the data has times."""


def stream_predictions(
    stored: "Stored",
    model: str,
    paths: tuple[str, ...],
    columns: "DataSection",
    asked: GoingOn,
    make_table: MakeTable,
) -> None:
    """Answer each row as soon as it is there. The states are kept, if that was asked, however it ends,
    but for faults before the first answer.

    make_table : for the answers, when the columns of the data are known
    Raises UsageFaultError for words, ModelError for a network that needs whole sequences, DataError.
    """
    from lstmcli.continuation import Continuation, answering_steps
    from lstmcli.data.left_out import LeftOut
    from lstmcli.data.reading import read_rows
    from lstmcli.row_fit import fitting_rows

    if columns.words is not None:
        help = "leave out `--stream`: without a column of sequences each text is answered at once in any case"
        raise UsageFaultError(Fault("texts are not streamed word by word", None, help))
    for title in layers_that_need_all(stored.network.graph):
        message = f"`{model}` cannot answer row by row: {title} needs the steps around a step"
        raise ModelError(Fault(message, None, "leave out `--stream`: whole sequences are answered"))
    network = answering_steps(stored.network, stored.spec.layers)
    states = read_going_on(asked, stored.network, model)
    continuation = Continuation(network, stored.options, states)
    idle, answered = Idle(asked.forget_after, states.names), False
    tell = _tell if asked.skip else None
    tables: list[PredictionTable] = []

    def begin(layout: "Layout") -> None:
        tables.append(make_table(layout.time is not None, network.graph, per_step=True))
        result(tables[0].header(), flush=True)

    rows = read_rows(paths, columns, LeftOut(tell) if asked.skip else None, begin=begin)
    with Listener() as listener:
        try:
            for sequences in fitting_rows(network.graph, listener.listen(rows), tell):
                states.forget(idle.since(sequences.ids))
                # Whoever did not get the answers may send the rows again.
                with states.all_or_nothing(), listener.work():
                    answers = continuation.answer_steps(sequences)
                    result("\n".join(tables[0].step_lines(sequences, answers)), flush=True)
                answered = True
        except StoppedError:
            give_up_results()
        finally:
            # A fault before the first answer, as in a file's name, leaves the states as they are.
            if answered or listener.code:
                states.forget(idle.since(()))
                write_going_on(asked, states, stored.network)
    if listener.code:
        sys.exit(listener.code)


def _tell(faults: Sequence[Fault]) -> None:
    for fault in faults:
        note(f"skipped: {fault.message}{fault.where.render() if fault.where else ''}")
