"""`lstmcli train`: a spec in, a model out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmcli.cli.checkpoints import checkpoint_due, checkpoint_file, write_checkpoint
from lstmcli.cli.flags import (
    allow_or_refuse_python,
    data_flags,
    files_from_here,
    given_flags,
    option_flags,
    threads_flag,
    use_threads,
)
from lstmcli.cli.source import model_path, read_source
from lstmcli.cli.streams import note

if TYPE_CHECKING:
    from lstmcli.graph import Network
    from lstmcli.preparation import Prepared
    from lstmcli.records import Weights


@click.command("train")
@click.argument("spec")
@click.option(
    "-o", "--output", metavar="MODEL", help="The model file; default: the spec's, with .h5, beside it."
)
@click.option("--seed", metavar="N", help="The random seed, MATLAB's rng; default: the spec's, or 0.")
@click.option("--log", metavar="FILE", help="Write a line for each iteration: CSV, or JSON into a .jsonl.")
@click.option("--allow-python", is_flag=True, help="Let `python:module:function` initializers run.")
@click.option("--no-progress", is_flag=True, help="Draw no progress bar.")
@click.option("--quiet", is_flag=True, help="Print nothing but results and faults.")
@threads_flag
@data_flags()
@option_flags()
def command(
    spec: str,
    output: str | None,
    seed: str | None,
    log: str | None,
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
    text, name, folder = read_source(spec)

    from lstmcli.cli.stopping import before_the_first_iteration
    from lstmcli.modelfile import check_writable
    from lstmcli.preparation import prepare_training
    from lstmcli.spec_file import read_spec
    from lstmcli.warmup import compile_for

    read = read_spec(text, name, folder, *files_from_here(*given_flags(flags), folder), seed)
    allow_or_refuse_python(read, allow_python)
    check_writable(path)
    history = None if log is None else Path(log)
    if history is not None:
        check_writable(history)
    if read.checkpoint_folder is not None:
        check_writable(checkpoint_file(read.checkpoint_folder, 0))
    use_threads(threads, quiet)
    with before_the_first_iteration(quiet):
        prepared = prepare_training(read)
        if not quiet:
            _note_data(prepared)
        compile_for(prepared.network, prepared.spec.options)
    bar = sys.stderr.isatty() and not (no_progress or quiet)
    trained = _train(prepared, path, history, quiet, bar)
    if prepared.data.test is not None:
        from lstmcli.cli.metrics import print_metrics
        from lstmcli.evaluation import evaluate

        print_metrics(evaluate(trained, *prepared.data.test, prepared.spec.options), "test ", tables=False)


def _note_data(prepared: "Prepared") -> None:
    from lstmcli.cli.data_summary import data_summary
    from lstmcli.cli.joined_files import note_joined_files

    spec, data = prepared.spec, prepared.data
    assert spec.data.train is not None
    held_out = ((spec.data.validation, data.validation), (spec.data.test, data.test))
    parts = [part.sequences for source, part in held_out if isinstance(source, float) and part is not None]
    note_joined_files(spec.paths(spec.data.train), spec.data, [data.train.sequences, *parts])
    for source, part in held_out:
        if isinstance(source, tuple) and part is not None:
            note_joined_files(spec.paths(source), spec.data, [part.sequences])
    if spec.options.verbose:
        for line in data_summary(data, prepared.network.graph):
            note(line)


def _train(prepared: "Prepared", path: Path, history: Path | None, quiet: bool, bar: bool) -> "Network":
    """Train, show it, and store the network and its checkpoints; exits if a signal stopped the run."""
    from lstmcli.cli.saving import keep_earlier, save
    from lstmcli.cli.stopping import Stopper
    from lstmcli.cli.training_log import TrainingLog
    from lstmcli.cli.training_table import TrainingTable
    from lstmcli.errors import DivergedError, ModelError
    from lstmcli.graph import Network
    from lstmcli.modelfile import write_model
    from lstmcli.network_file import to_model
    from lstmcli.training.loop import train
    from lstmcli.training.population import BrokenOffError, is_due, with_population_statistics
    from lstmcli.training.run import STOPPED, result_weights, start_run

    spec, network, data = prepared
    graph, options = network.graph, spec.options
    run = start_run(network, len(data.train.sequences), options, spec.seed)
    validates, verbose = data.validation is not None, options.verbose and not quiet
    table = TrainingTable(graph.output.metric, validates, verbose, options.verbose_frequency, bar)

    def store(file: Path, weights: "Weights") -> None:
        write_model(file, to_model(spec, Network(graph, weights), run.history))

    def store_result(file: Path) -> None:
        store(file, result_weights(run, options))

    def store_unfinished() -> None:
        earlier = keep_earlier(path)
        save(store_result, path)
        if earlier is not None:
            _note(f"the model that was there is kept as {earlier}", quiet)

    def tell(last: str = "") -> None:
        best = run.best if options.keeps_best(validates) else None
        smallest = (
            f": the network of iteration {best.iteration}, with the smallest validation loss" if best else ""
        )
        _note(f"saved {path}{smallest or last}", quiet)

    def store_as_it_is(file: Path) -> None:
        store(file, run.weights)

    with Stopper(quiet, bar) as stopper:
        try:
            with table, TrainingLog(history, graph.output.metric) as log:
                table.open(normalizes=graph.normalizes)
                for step in train(graph, run, data.train, data.validation, options):
                    last = bool(step.finished or stopper.code)
                    table.show(step, last)
                    log.write(step)
                    if spec.checkpoint_folder is not None and checkpoint_due(step, options):
                        write_checkpoint(store_as_it_is, spec.checkpoint_folder, step.iteration)
                    if last:
                        break
                table.close(run.finished or STOPPED)
        except DivergedError as diverged:
            try:
                store_unfinished()
            except ModelError as error:
                raise ModelError([*diverged.faults, *error.faults]) from error
            tell(": the last network whose loss was finite")
            raise
        if run.finished:
            save(store_result, path)
        else:
            store_unfinished()
        last_word = ""
        if is_due(graph, run, options):
            _note("computing batch normalization statistics of all training data", quiet)
            stopper.is_saved = True
            found = Network(graph, run.weights), data.train.sequences, options, stopper.is_told_again
            try:
                run.weights = with_population_statistics(*found).weights
                save(store_result, path)
            except BrokenOffError:
                last_word = ": with the running estimates of batch normalization"
    tell(last_word)
    if stopper.code:
        sys.exit(stopper.code)
    return Network(graph, result_weights(run, options))


def _note(text: str, quiet: bool) -> None:
    if not quiet:
        note(text)
