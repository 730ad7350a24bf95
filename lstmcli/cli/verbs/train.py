"""`lstmcli train`: a spec in, a model out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmcli.cli.checkpoints import checkpoint_file
from lstmcli.cli.flags import (
    allow_or_refuse_python,
    data_flags,
    files_from_here,
    given_flags,
    option_flags,
    threads_flag,
    use_threads,
)
from lstmcli.cli.run_pictures import check_run_pictures
from lstmcli.cli.source import model_path, read_source
from lstmcli.cli.streams import note
from lstmcli.cli.training_log import check_log
from lstmcli.errors import ModelError

if TYPE_CHECKING:
    from lstmcli.cli.training import Done
    from lstmcli.pictures.told import Part
    from lstmcli.preparation import Prepared


@click.command("train")
@click.argument("spec")
@click.option(
    "-o", "--output", metavar="MODEL", help="The model file; default: the spec's, with .h5, beside it."
)
@click.option("--seed", metavar="N", help="The random seed, MATLAB's rng; default: the spec's, or 0.")
@click.option("--log", metavar="FILE", help="Write a line for each iteration: CSV, or JSON into a .jsonl.")
@click.option("--report", metavar="FILE", help="Write a page of HTML on the run when it is over.")
@click.option("--plot", metavar="FILE", help="Draw its curves when it is over: .png, .svg or .pdf.")
@click.option("--allow-python", is_flag=True, help="Let `python:module:function` initializers run.")
@click.option("--no-progress", is_flag=True, help="Draw no progress bar and no curves.")
@click.option("--quiet", is_flag=True, help="Print nothing but results and faults.")
@threads_flag
@data_flags()
@option_flags()
def command(
    spec: str,
    output: str | None,
    seed: str | None,
    log: str | None,
    report: str | None,
    plot: str | None,
    allow_python: bool,
    no_progress: bool,
    quiet: bool,
    threads: int | None,
    **flags: Any,
) -> None:
    """Train the network of SPEC (YAML; - for stdin) and store it.

    Every property of trainingOptions and every word of the spec's `data:` is a flag, in MATLAB's
    spelling or in lower case with dashes, and wins over the spec. If the spec names test data, the
    metrics on it are printed when training is done.
    """
    path = model_path(output, spec)
    history = None if log is None else Path(log)
    source = None if Path(spec) == path else Path(spec)
    pictures = check_run_pictures(report, plot, path, history, source)
    text, name, folder = read_source(spec)

    from lstmcli.cli.stopping import before_the_first_iteration
    from lstmcli.modelfile import check_writable
    from lstmcli.preparation import prepare_training
    from lstmcli.spec_file import read_spec
    from lstmcli.warmup import compile_for

    read = read_spec(text, name, folder, *files_from_here(*given_flags(flags), folder), seed)
    allow_or_refuse_python(read, allow_python)
    check_writable(path)
    if history is not None:
        check_log(history, map(Path, read.data_files))
    if read.checkpoint_folder is not None:
        check_writable(checkpoint_file(read.checkpoint_folder, 0))
    use_threads(threads, quiet)
    with before_the_first_iteration(quiet):
        prepared = prepare_training(read)
        if not quiet:
            _note_data(prepared)
        compile_for(prepared.network, prepared.spec.options)

    # What trains is not needed before there is data.
    from lstmcli.cli.training import display_for, train_and_store
    from lstmcli.pictures.told import Told

    graph = prepared.network.graph
    drawn = sys.stderr.isatty() and not no_progress
    display = display_for(prepared.spec.options, graph.output.metric, quiet, drawn)
    done = train_and_store(prepared, path, history, display)
    parts = _measured(prepared, done, pictures.page is not None)
    try:
        told = Told(path.name, prepared.spec, graph, done.history, parts, done.ending)
        pictures.write(told, display.say)
    except ModelError as error:
        raise ModelError([*done.faults, *error.faults]) from error
    if done.diverged is not None:
        raise done.diverged
    if done.code:
        sys.exit(done.code)
    if done.unlogged is not None:
        raise ModelError(done.unlogged)


def _measured(prepared: "Prepared", done: "Done", all_parts: bool) -> list["Part"]:
    """The parts of the data; on those held out the network is measured, if training went on to its end."""
    from lstmcli.cli.metrics_text import print_metrics
    from lstmcli.evaluation import evaluate
    from lstmcli.pictures.told import Part

    data, parts = prepared.data, []
    for title, part in (("Training", data.train), ("Validation", data.validation), ("Test", data.test)):
        wanted = done.finished and (part is data.test or (all_parts and part is data.validation))
        if part is not None:
            found = evaluate(done.network, *part, prepared.spec.options).metrics if wanted else None
            parts.append(Part(title, part, found))
    last = parts[-1]
    if last.data is data.test and last.metrics is not None:
        print_metrics(last.metrics, "test ", tables=False)
    return parts


def _note_data(prepared: "Prepared") -> None:
    from lstmcli.cli.data_summary import data_summary
    from lstmcli.cli.reading_notes import note_again, note_backward, note_joined_files, note_unread

    spec, data = prepared.spec, prepared.data
    assert spec.data.train is not None
    held_out = ((spec.data.validation, data.validation), (spec.data.test, data.test))
    parts = [part.sequences for source, part in held_out if isinstance(source, float) and part is not None]
    note_joined_files(spec.paths(spec.data.train), spec.data, [data.train.sequences, *parts])
    note_unread(data.train.sequences)
    note_backward(data.train.sequences, spec.data.time)
    for source, part in held_out:
        if isinstance(source, tuple) and part is not None:
            note_joined_files(spec.paths(source), spec.data, [part.sequences])
    if spec.options.verbose:
        for line in data_summary(data, prepared.network.graph):
            note(line)
    note_again(data.train.sequences.ids, set())
