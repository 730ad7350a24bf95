"""`lstmcli activations`: what one layer gives, as CSV or as a picture."""

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmcli.cli.data_source import columns_to_read, data_arguments
from lstmcli.cli.flags import COLUMN_WORDS, given_flags, network_flags, threads_flag, use_threads
from lstmcli.cli.picture_file import check_picture, draw_file
from lstmcli.cli.reading_notes import noted_blocks
from lstmcli.cli.streams import flush_results, note, result
from lstmcli.cli.usage import UsageFaultError
from lstmcli.data.declaration import NONE
from lstmcli.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lstmcli.activations import Probe
    from lstmcli.cli.chosen import Found
    from lstmcli.prediction import Prediction
    from lstmcli.records import Sequences


MOST = 60
"""Sequences that a picture has room for."""
AT_ONCE = 2**14
"""Steps of a sequence that are made into text together."""
FIRST, FIRST_ONCE = 3, 50
"""Sequences that are drawn if none are named, where each has steps and where each is a column."""


@click.command("activations")
@click.argument("model")
@click.argument("layer")
@click.argument("data", nargs=-1)
@click.option("--gates", is_flag=True, help="Of a recurrent layer the gates and states, not the output.")
@click.option("--units", metavar="LIST", help="Only these hidden units (channels), such as 1:10 or 1:5,8.")
@click.option("--ids", multiple=True, metavar="ID,ID", help="Only these sequences; a row of CSV.")
@click.option(
    "--plot",
    metavar="FILE",
    help="No CSV, but a heat map (.png, .svg or .pdf) of these or the first sequences.",
)
@threads_flag
@network_flags(COLUMN_WORDS)
def command(
    model: str,
    layer: str,
    data: tuple[str, ...],
    gates: bool,
    units: str | None,
    ids: tuple[str, ...],
    plot: str | None,
    threads: int | None,
    **flags: Any,
) -> None:
    """The output of LAYER for the sequences in DATA, as CSV on stdout: a row a step, or a row a sequence.

    LAYER is a name that `lstmcli analyze MODEL` shows, or `name/port` such as `lstm/cell` of an lstm with
    HasStateOutputs. Columns are named `lstm_1` ... by their units, `conv_<row>_<column>_<channel>` for
    images, and as those of predict for the output layer. The gates of an lstm are i, f, g (the cell
    candidate) and o, followed by the states c and h (`i_1` ... `h_9`); of a gru r, z, n (the candidate state)
    and h. DATA and options are as for predict.
    """
    paths = data_arguments(data)
    picture = None if plot is None else check_picture(plot)

    from lstmcli.activations import activations, find_probe
    from lstmcli.blocks import answer_blocks
    from lstmcli.cli.chosen import chosen_ids, chosen_sequences, chosen_units
    from lstmcli.data_fit import fitting_blocks
    from lstmcli.kernels.memory import Memory
    from lstmcli.network_file import read_network
    from lstmcli.spec_words import stored_vocabulary

    options, given = given_flags(flags)
    stored = read_network(Path(model), options, given)
    probe = find_probe(stored.network.graph, layer, gates)
    if isinstance(probe, Fault):
        turned = any(
            path.lower() == node.name.lower() for path in data for node in stored.network.graph.nodes
        )
        help = "the layer comes before the data: `lstmcli activations MODEL LAYER DATA`"
        raise UsageFaultError(replace(probe, help=help) if turned else probe)
    chosen = chosen_units(units, probe.units)
    columns = columns_to_read(stored, given, paths)
    use_threads(threads)
    vocabulary = stored_vocabulary(stored.spec)
    read = noted_blocks(paths, columns)
    blocks = fitting_blocks(stored.network.graph, read, stored.options, vocabulary)
    run, memory = stored.options, Memory()

    def answer(sequences: "Sequences") -> "Iterator[Prediction]":
        return activations(stored.network, probe, sequences, run, memory)

    found = answer_blocks(answer, blocks, run, columns.sort == "length")
    found = chosen_sequences(found, chosen_ids(ids))
    if picture is None:
        _write_rows(found, probe, chosen, None if columns.time == NONE else columns.time, run.mini_batch_size)
    else:
        _draw(found, probe, chosen, picture, len(ids) == 0)


def _draw(found: "Found", probe: "Probe", units: list[int], picture: Path, some: bool) -> None:
    """Draw the sequences, or the first of them where `some` will do."""
    from lstmcli.pictures.figure import drawn
    from lstmcli.pictures.heat_map import draw_once, draw_over_time

    coming = ((sequences.ids[p.row], p.values) for sequences, predictions in found for p in predictions)
    most = FIRST if probe.per_step else FIRST_ONCE
    shown = list(islice(coming, most if some else None))
    if some and next(coming, None) is not None:
        note(f"note: the first {most} sequences are drawn; `--ids` chooses others")
    if len(shown) > MOST:
        help = f"choose up to {MOST} with `--ids`, or leave out `--plot` for their rows"
        raise UsageFaultError(Fault(f"{len(shown)} sequences are too many for a picture", None, help))
    picked = [(id, values[..., _columns(probe, units)]) for id, values in shown]
    layer = probe.graph.nodes[-1].name

    def draw(form: str) -> bytes:
        if probe.per_step:
            return drawn(draw_over_time(layer, probe.kinds, units, picked), form)
        return drawn(draw_once(layer, units, picked), form)

    draw_file(picture, draw, note)


def _columns(probe: "Probe", units: list[int]) -> list[int]:
    """The columns of these units: of gates and states in each of them."""
    return [first + unit for first in range(0, len(probe.names), probe.units) for unit in units]


def _write_rows(found: "Found", probe: "Probe", units: list[int], time: str | None, at_once: int) -> None:
    """Print rows as soon as they are known; the header waits for the first ones."""
    from lstmcli.prediction_table import Table

    columns = _columns(probe, units)
    table: Table | None = None
    for sequences, predictions in found:
        coming = iter(predictions)
        while done := list(islice(coming, at_once)):
            lines = []
            if table is None:
                known = time if probe.keeps_steps and sequences.times is not None else None
                names = tuple(probe.names[k] for k in columns)
                table = Table(names, probe.per_step, known, labels=False, scores=True)
                lines = [table.header()]
            for portion in _portions(done):
                picked = [part._replace(values=part.values[..., columns]) for part in portion]
                result("\n".join(lines + table.lines(sequences, picked)))
                lines = []
        flush_results()


def _portions(predictions: "list[Prediction]") -> "Iterator[list[Prediction]]":
    """The same, where the steps of a long sequence are not made into text all at once."""
    if all(len(found.values) <= AT_ONCE for found in predictions):
        yield predictions
        return
    for found in predictions:
        for first in range(0, len(found.values), AT_ONCE):
            part = found.values[first : first + AT_ONCE]
            yield [found._replace(values=part, first_step=found.first_step + first)]
