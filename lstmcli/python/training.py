"""Training on arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lstmcli.data.windows import cut_and_sort
from lstmcli.errors import DataError, Fault, SpecError
from lstmcli.graph import Graph
from lstmcli.network_file import Stored
from lstmcli.preparation import Prepared, check_layers, prepare_for, require_no_best
from lstmcli.python.arrays import Data, is_list, sequences_of
from lstmcli.python.network import Network
from lstmcli.python.targets import targets_of
from lstmcli.python.values import Layers, spec_of
from lstmcli.records import Data as Observed
from lstmcli.records import Task
from lstmcli.spec_data import SpecData
from lstmcli.spec_file import Spec, refuse_python
from lstmcli.thread_count import use_allowed_processors
from lstmcli.training.loop import train
from lstmcli.training.population import is_due, with_population_statistics
from lstmcli.training.run import Step, result_weights, start_run


def train_network(
    X: Data,
    Y: Any,
    layers: Layers,
    options: Mapping[str, Any] | None = None,
    *,
    validation_data: tuple[Data, Any] | None = None,
    seed: int | None = None,
    on_iteration: Callable[[Step], object] | None = None,
    allow_python: bool = False,
    **more: Any,
) -> Network:
    """Train a network on arrays (MATLAB trainNetwork): bit for bit what `lstmcli train` makes of the data.

    X : one sequence, a T-by-C array (steps by channels; MATLAB's are C-by-T), or a list of several
    Y : of a network that answers once a sequence, the classes (texts or whole numbers) or N-by-R responses;
        else for each sequence its T classes or T-by-R responses. None where the layers come with `data:
        {horizon: h}` and the answers are X, h steps later
    layers : a spec as YAML text or file, or its layers as Python values, such as [{"sequenceInput": 12},
        {"lstm": {"NumHiddenUnits": 100, "OutputMode": "last"}}, {"fullyConnected": 9}, "softmax",
        "classification"]; the data that a spec names is not read
    options, more : trainingOptions by MATLAB's names; they win over those of a spec
    validation_data : X and Y to validate with
    seed : MATLAB's rng; by default the spec's, or 0
    on_iteration : called after each iteration; training stops when it returns True
    allow_python : let `python:module:function` initializers run
    Raises InputError: faults in layers, options and data, or a loss that is no longer finite. Prints nothing.
    """
    use_allowed_processors()
    if not isinstance(options, Mapping | None):
        help = "a mapping of trainingOptions' names, such as `{'MaxEpochs': 30}`"
        raise SpecError(Fault(f"`options` cannot be `{options!r}`", None, help))
    if validation_data is not None and not (isinstance(validation_data, tuple) and len(validation_data) == 2):
        raise DataError(Fault("`validation_data` must be a pair", None, "give `(X, Y)`"))
    spec = spec_of(layers, {**(options or {}), **more}, seed)
    if not allow_python:
        refuse_python(spec)
    if spec.options.checkpoint_path is not None:
        raise SpecError(
            Fault("`CheckpointPath` is for `lstmcli train`", None, "save the network when it is trained")
        )
    spec = replace(spec, data=replace(spec.data, train=None, validation=None, test=None, words=None))
    if validation_data is None:
        require_no_best(spec, "give some: `validation_data=(X, Y)`")
    graph = check_layers(spec)
    data = _observed(X, Y, spec, graph, graph.task, "")
    validation = None
    if validation_data is not None:
        task = graph.task
        if task.classification:
            task = replace(task, classes=data.targets.names)
        validation = _observed(*validation_data, spec, graph, task, " of validation_data")
    return _train(prepare_for(spec, graph, SpecData(data, validation, None)), on_iteration)


def _observed(X: Data, Y: Any, spec: Spec, graph: Graph, task: Task, part: str) -> Observed:
    """Sequences and targets as the network takes them: cut if the spec says so, and in its order."""
    section = spec.data
    sequences = sequences_of(X, graph.columns, f"X{part}")
    targets = None
    if Y is not None or not section.forecasts:
        whole = replace(task, per_step=task.per_step or section.cuts)
        targets = targets_of(Y, sequences, whole, is_list(X), f"Y{part}")
    return cut_and_sort((sequences, targets), section, task)


def _train(prepared: Prepared, on_iteration: Callable[[Step], object] | None) -> Network:
    """The network at the end of its run, or where `on_iteration` has stopped it."""
    spec, network, data = prepared
    graph, options = network.graph, spec.options
    run = start_run(network, len(data.train.sequences), options, spec.seed)
    for step in train(graph, run, data.train, data.validation, options):
        if on_iteration is not None and on_iteration(step) is True:
            break
    trained = replace(network, weights=result_weights(run, options))
    if is_due(graph, run, options):
        trained = with_population_statistics(trained, data.train.sequences, options, lambda: False)
    return Network(Stored(spec, trained, run.history))
