"""`lstmcli report`: a stored run as one page of HTML, or as a picture of its curves."""

from pathlib import Path
from typing import Any

import click

from lstmcli.cli.flags import COLUMN_WORDS, TARGET_WORDS, given_flags, network_flags, threads_flag
from lstmcli.cli.measuring import measured
from lstmcli.cli.picture_file import require
from lstmcli.cli.run_pictures import check_run_pictures
from lstmcli.cli.streams import note, result
from lstmcli.errors import Fault, ModelError


@click.command("report")
@click.argument("model")
@click.argument("data", nargs=-1)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The page; default: the model's name with .html, beside it; - for stdout.",
)
@click.option(
    "--plot",
    metavar="FILE",
    help="Draw the curves: .png, .svg or .pdf. Without -o there is no page then.",
)
@threads_flag
@network_flags((*COLUMN_WORDS, *TARGET_WORDS))
def command(
    model: str, data: tuple[str, ...], output: str | None, plot: str | None, threads: int | None, **flags: Any
) -> None:
    """One page of HTML on the training of MODEL: curves, data, network and options.

    All of it comes from the model file. With DATA, which has the targets too, the page says how well the
    network answers to it, with the confusion matrix; data that the spec names is not looked for. The page
    needs no other file and no network, and has light and dark colours.
    """
    page = output
    # What has no name is no model, which reading it says.
    if output is None and plot is None and Path(model).name:
        page = str(Path(model).with_suffix(".html"))
    pictures = check_run_pictures(None if page == "-" else page, plot, Path(model))
    if page == "-":
        require("plotly", "a page")

    from lstmcli.network_file import read_network
    from lstmcli.pictures.told import Part, Told

    options, given = given_flags(flags)
    stored = read_network(Path(model), options, given)
    if plot is not None and not stored.history:
        help = "`lstmcli train` makes one"
        raise ModelError(Fault(f"`{model}` has no training to draw", None, help))
    parts = []
    if data:
        found, read, _ = measured(stored, given, data, threads)
        parts.append(Part("Test", read, found.metrics))
    told = Told(Path(model).name, stored.spec, stored.network.graph, stored.history, parts)
    pictures.write(told, note)
    if page == "-":
        from lstmcli.pictures.page import run_page

        result(run_page(told).decode().removesuffix("\n"))
