"""`lstmcli assemble`: a model file with initial or given weights."""

import click

from lstmcli.cli.flags import allow_or_refuse_python, threads_flag, use_threads
from lstmcli.cli.source import model_path, read_source
from lstmcli.cli.streams import note


@click.command("assemble")
@click.argument("spec")
@click.option("-o", "--output", metavar="MODEL", required=True, help="The model file to write.")
@click.option("--seed", metavar="N", help="The random seed, MATLAB's rng; default: the spec's, or 0.")
@click.option("--allow-python", is_flag=True, help="Let `python:module:function` initializers run.")
@threads_flag
def command(spec: str, output: str, seed: str | None, allow_python: bool, threads: int | None) -> None:
    """Write the network of SPEC as it is before training: weights drawn, or given in the spec.

    If the spec names training data, classes, response names and statistics come from it; otherwise
    statistics must stand in the spec, and classes or responses without a name are numbered.
    """
    path = model_path(output, spec)
    text, name, folder = read_source(spec)

    from lstmcli.modelfile import write_model
    from lstmcli.network_file import to_model
    from lstmcli.preparation import assemble
    from lstmcli.spec_file import read_spec

    read = read_spec(text, name, folder, seed=seed)
    allow_or_refuse_python(read, allow_python)
    use_threads(threads)
    completed, network = assemble(read)
    write_model(path, to_model(completed, network, {}))
    note(f"saved {path}")
