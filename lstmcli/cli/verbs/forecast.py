"""`lstmcli forecast`: the steps that follow on series, or the last known ones as if they were not known."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmcli.cli.data_source import columns_to_read, data_arguments
from lstmcli.cli.flags import given_flags, network_flags, threads_flag, use_threads
from lstmcli.cli.picture_file import check_picture
from lstmcli.cli.streams import note
from lstmcli.cli.usage import UsageFaultError
from lstmcli.cli.waiting import Waiting
from lstmcli.cli.whole_steps import refuse_padding
from lstmcli.data.declaration import DataSection
from lstmcli.errors import Fault, ModelError, listed

if TYPE_CHECKING:
    from lstmcli.data.steps_ahead import Future
    from lstmcli.forecasting import Forecaster
    from lstmcli.records import Sequences

TOGETHER = 1000
"""At most so many sequences, or a mini-batch of more, are forecast before the first of them is printed."""
_POSITIVE = click.IntRange(min=1, max=10**7)


@click.command("forecast")
@click.argument("model")
@click.argument("data", nargs=-1)
@click.option(
    "--steps", type=_POSITIVE, metavar="N", help="Forecast the N steps that follow on each sequence."
)
@click.option(
    *("--hold-out", "held_out"),
    type=_POSITIVE,
    metavar="N",
    help="Forecast the last N steps of each sequence from those before them, and print the errors.",
)
@click.option(
    "--open-loop", is_flag=True, help="With --hold-out: each step from the true values up to the one before."
)
@click.option(
    "--season",
    type=_POSITIVE,
    metavar="N",
    help="With --hold-out: errors stand beside those of the values N steps before; default: 1, the last one.",
)
@click.option("--json", "as_json", is_flag=True, help="With --hold-out: print the errors alone, as JSON.")
@click.option(
    "--future", metavar="FILE", help="With --steps: the inputs to come that the network does not answer."
)
@click.option(
    "--plot", metavar="FILE", help="Also draw the ends of the series with the forecasts (.png, .svg or .pdf)."
)
@threads_flag
@network_flags(("sequence", "time", "features", "header", "window"))
def command(
    model: str,
    data: tuple[str, ...],
    steps: int | None,
    held_out: int | None,
    open_loop: bool,
    season: int | None,
    as_json: bool,
    future: str | None,
    plot: str | None,
    threads: int | None,
    **flags: Any,
) -> None:
    """The steps that follow on each sequence in DATA, as CSV on stdout.

    MODEL was trained with `horizon`: its responses are its inputs, so many steps ahead. It takes in the whole
    sequence, and then in a closed loop its own answers; if it was trained on windows it sees the last
    `window` steps each time. Steps ahead are numbered, and have times where those of DATA are evenly spaced
    numbers, dates or quarters.

    With --hold-out the true values follow on the responses, as columns `true NAME`, and the errors of the
    network are on stderr, beside those of the values a season before.
    DATA is read as by predict; padding never counts.
    """
    _check_usage(steps, held_out, {"--open-loop": open_loop, "--season": season, "--json": as_json}, future)
    paths = data_arguments(data)
    if future == "-" and "-" in paths:
        raise UsageFaultError(
            Fault("the data and what is to come are both to be read from stdin", None, "name a file")
        )
    options, given = given_flags(flags)
    picture = None if plot is None else check_picture(plot)

    from lstmcli.cli.forecast_rows import ForecastRows
    from lstmcli.cli.held_out import Comparison
    from lstmcli.cli.whole_sequences import whole_sequences
    from lstmcli.data.steps_ahead import hold_out, nothing_known
    from lstmcli.forecasting import Forecaster
    from lstmcli.network_file import read_network

    stored = read_network(Path(model), options, given)
    refuse_padding(options, stored.options, "forecasts")
    forecaster = Forecaster(stored)
    columns = columns_to_read(stored, given, paths)
    rows = None if as_json else ForecastRows(forecaster.responses, columns, held_out is not None)
    comparison = None if held_out is None else Comparison(forecaster, held_out, season or 1, open_loop)
    drawing = None
    if picture is not None:
        from lstmcli.cli.forecast_picture import ForecastPicture

        naive = "" if comparison is None else comparison.naive
        drawing = ForecastPicture(picture, forecaster, columns.time, season or 1, naive)
    use_threads(threads)
    first, waiting = True, Waiting()
    to_come: Future | None = None
    most = max(stored.options.mini_batch_size, TOGETHER)
    for sequences in whole_sequences(paths, columns, most, future is not None):
        if steps is not None:
            if first:
                to_come = _inputs_to_come(forecaster, sequences, future, columns, steps)
            history, needed = sequences, forecaster.inputs_needed(steps)
            ahead = to_come.ahead(history, steps, needed) if to_come else nothing_known(history, steps)
        else:
            assert held_out is not None
            history, ahead = hold_out(sequences, held_out)
            if first and not open_loop:
                _note_unanswered(forecaster, sequences)
        first = False
        expected = None if comparison is None else comparison.expected(sequences, ahead)
        of = f" of {len(sequences)} sequences" if len(sequences) > 1 else ""
        with waiting.work(f"steps ahead{of}", ahead.values.shape[1]) as show:
            answers = forecaster.forecast(history, ahead, not open_loop, show)
        if comparison is not None and expected is not None:
            comparison.add(answers, expected)
        if rows is not None:
            rows.print(history, ahead, answers, expected and expected.true)
        if drawing is not None:
            drawing.add(history, ahead, answers, expected)
    if rows is not None:
        rows.note_timeless()
    for told in to_come.told() if to_come is not None else ():
        note(f"note: {told}")
    if comparison is not None:
        (comparison.print_json if as_json else comparison.note_errors)()
    if drawing is not None:
        drawing.store()


def _check_usage(
    steps: int | None, held_out: int | None, with_hold_out: dict[str, object], future: str | None
) -> None:
    if (steps is None) == (held_out is None):
        help = "`--steps N` forecasts what follows, `--hold-out N` the last known steps"
        raise UsageFaultError(Fault("`forecast` takes `--steps` or `--hold-out`, one of them", None, help))
    for flag, value in with_hold_out.items():
        if value and held_out is None:
            raise UsageFaultError(
                Fault(f"`{flag}` needs steps whose true values are known", None, "use `--hold-out N`")
            )
    if future is not None and steps is None:
        help = "leave it out: steps that are held out have their inputs"
        raise UsageFaultError(Fault("`--future` is for steps to come", None, help))


def _inputs_to_come(
    forecaster: "Forecaster", history: "Sequences", future: str | None, columns: DataSection, steps: int
) -> "Future | None":
    """The inputs that the network does not answer, None if it answers all, or needs none for so many steps.

    Raises ModelError where they are missing, UsageFaultError where they are not needed, DataError.
    """
    from lstmcli.data.reading import read_sequences
    from lstmcli.data.steps_ahead import Future

    names = forecaster.unanswered(history)
    if not names and future is not None:
        message = "the network answers all its inputs: it needs no `--future`"
        raise UsageFaultError(Fault(message, None, "leave it out"))
    if not names or (future is None and not forecaster.inputs_needed(steps)):
        return None
    if future is None:
        message = f"the network does not answer {listed(names)} of its inputs, which must be known to go on"
        help = "give them with `--future FILE`, or train a network that answers all its inputs"
        raise ModelError(Fault(message, None, help))
    return Future(read_sequences((future,), replace(columns, features=names), None)[0])


def _note_unanswered(forecaster: "Forecaster", sequences: "Sequences") -> None:
    names = forecaster.unanswered(sequences)
    if names:
        note(
            f"note: the network does not answer {listed(names)}: the true values of steps held out are taken"
        )
