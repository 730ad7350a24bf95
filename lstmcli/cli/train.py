"""`lstmcli train`: a spec in, a model out."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from lstmcli.cli.flags import (
    data_flags,
    files_from_here,
    given_flags,
    option_flags,
    threads_flag,
    use_threads,
)
from lstmcli.cli.source import model_path, read_source
from lstmcli.cli.streams import note


@click.command("train")
@click.argument("spec")
@click.option("-o", "--output", metavar="MODEL", help="The model file; default: the spec's name with .h5.")
@click.option("--seed", metavar="N", help="The random seed, MATLAB's rng.")
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

    from lstmcli.cli.metrics import print_metrics
    from lstmcli.cli.stopping import Stopper
    from lstmcli.cli.training_table import TrainingTable
    from lstmcli.data_fit import check_sequences, check_targets, complete, measure_statistics
    from lstmcli.errors import DivergedError
    from lstmcli.evaluation import evaluate
    from lstmcli.graph import Network, build_graph
    from lstmcli.initialization import initialize
    from lstmcli.modelfile import check_writable, write_model
    from lstmcli.network_file import to_model
    from lstmcli.spec_data import read_spec_data
    from lstmcli.spec_file import read_spec, refuse_python
    from lstmcli.training.loop import train
    from lstmcli.training.run import STOPPED, result_weights, start_run

    options_given, data_given = given_flags(flags)
    read = read_spec(text, name, folder, options_given, files_from_here(data_given, folder), seed)
    if allow_python:
        sys.path.insert(0, str(folder))
    else:
        refuse_python(read)
    options = read.options
    check_writable(path)
    if options.checkpoint_path:
        check_writable(_checkpoint_file(Path(options.checkpoint_path), 0))
    graph = build_graph(read.layers)
    data = read_spec_data(read, graph.task)
    for part in (part for part in data if part is not None):
        check_sequences(graph, part.sequences)
        check_targets(graph, part.targets)
    read = complete(read, *data.train)
    graph = build_graph(read.layers)
    use_threads(threads, quiet)
    network = measure_statistics(initialize(graph, read.seed, folder), *data.train, options)

    run = start_run(network, len(data.train.sequences), options, read.seed)
    bar = sys.stderr.isatty() and not (no_progress or quiet)
    verbose = options.verbose and not quiet
    table = TrainingTable(
        graph.output.metric, data.validation is not None, verbose, options.verbose_frequency, bar
    )

    def store(file: Path, weights: Any) -> None:
        write_model(file, to_model(read, Network(graph, weights), run.history))

    with Stopper() as stopper:
        try:
            with table:
                table.open(normalizes=graph.input.normalization != "none")
                for step in train(graph, run, data.train, data.validation, options):
                    last = bool(step.finished or stopper.code)
                    table.show(step, last)
                    if options.checkpoint_path and _checkpoint_due(step, options):
                        store(_checkpoint_file(Path(options.checkpoint_path), step.iteration), run.weights)
                    if last:
                        break
                table.close(run.finished or STOPPED)
        except DivergedError:
            store(path, result_weights(run, options))
            _note(f"the last good network is saved as {path}", quiet)
            raise
        store(path, result_weights(run, options))
    _note(f"saved {path}", quiet)
    if stopper.code:
        sys.exit(stopper.code)
    if data.test is not None:
        trained = Network(graph, result_weights(run, options))
        print_metrics(evaluate(trained, *data.test, options), "test ", tables=False)


def _note(text: str, quiet: bool) -> None:
    if not quiet:
        note(text)


def _checkpoint_due(step: Any, options: Any) -> bool:
    if options.checkpoint_frequency_unit == "iteration":
        return bool(step.iteration % options.checkpoint_frequency == 0)
    return bool(step.epoch_done and step.epoch % options.checkpoint_frequency == 0)


def _checkpoint_file(folder: Path, iteration: int) -> Path:
    """MATLAB's name of a checkpoint, which ends in the time it was written."""
    return folder / f"net_checkpoint__{iteration}__{time.strftime('%Y_%m_%d__%H_%M_%S')}.h5"
