"""`lstmcli assemble`: a model file with initial or given weights."""

import sys

import click

from lstmcli.cli.source import model_path, read_source
from lstmcli.cli.streams import note


@click.command("assemble")
@click.argument("spec")
@click.option("-o", "--output", metavar="MODEL", required=True, help="The model file to write.")
@click.option("--seed", metavar="N", help="The random seed, MATLAB's rng.")
@click.option("--allow-python", is_flag=True, help="Let `python:module:function` initializers run.")
def command(spec: str, output: str, seed: str | None, allow_python: bool) -> None:
    """Write the network of SPEC as it is before training: weights drawn, or given in the spec.

    If the spec names training data, classes, response names and statistics come from it; otherwise
    they must stand in the spec.
    """
    path = model_path(output, spec)
    text, name, folder = read_source(spec)

    from lstmcli.data_fit import (
        check_sequences,
        check_targets,
        complete,
        measure_statistics,
        name_outputs,
        require_statistics,
    )
    from lstmcli.graph import build_graph
    from lstmcli.initialization import initialize
    from lstmcli.modelfile import write_model
    from lstmcli.network_file import to_model
    from lstmcli.spec_data import read_spec_data
    from lstmcli.spec_file import read_spec, refuse_python

    read = read_spec(text, name, folder, seed=seed)
    if allow_python:
        sys.path.insert(0, str(folder))
    else:
        refuse_python(read)
    graph = build_graph(read.layers)
    if read.data.train is None:
        read = name_outputs(read, graph.output_size.channels)
        network = initialize(build_graph(read.layers), read.seed, folder)
    else:
        train = read_spec_data(read, graph.task).train
        check_sequences(graph, train.sequences)
        check_targets(graph, train.targets)
        read = complete(read, *train)
        drawn = initialize(build_graph(read.layers), read.seed, folder)
        network = measure_statistics(drawn, *train, read.options)
    require_statistics(network)
    write_model(path, to_model(read, network, {}))
    note(f"saved {path}")
