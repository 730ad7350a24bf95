"""Every spec that is shipped learns on real data, is stored, predicts the same, and reaches what it says."""

import re
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import pytest

from lstmcli.evaluation import evaluate
from lstmcli.graph import Network
from lstmcli.layers.layer import Role
from lstmcli.metrics import ClassificationMetrics
from lstmcli.modelfile import read_model, write_model
from lstmcli.network_file import read_network, to_model
from lstmcli.prediction import predict
from lstmcli.preparation import Prepared, prepare_training
from lstmcli.spec_file import read_spec
from lstmcli.training.loop import train
from lstmcli.training.population import is_due, with_population_statistics
from lstmcli.training.run import Run, result_weights, start_run

SPECS = sorted((Path(__file__).parents[1] / "layer_specs").glob("*.yaml"))
STEPS, SEEDS = 5, 10
STATED = re.compile(
    r"^# Reaches a test (?P<metric>accuracy|RMSE) of (?P<figure>[\d.]+\d)\b"
    rf"(?:.*\(median of {SEEDS} seeds, (?P<low>[\d.]+) to (?P<high>[\d.]+)\))?",
    re.MULTILINE,
)
"""What a spec says of itself: the figure of seed 0, or of several seeds their median and range."""
FORECASTS = re.compile(
    rf"^# The RMSE of the last .* in a closed loop \(median of {SEEDS} seeds\)", re.MULTILINE
)
"""What it says if it is there to forecast, which test_forecasts.py reads."""
REACHING = [path for path in SPECS if STATED.search(path.read_text(encoding="utf-8"))]


class Trained(NamedTuple):
    """A network at the end of its run, and what it was trained with."""

    before: Prepared
    run: Run
    network: Network


def trained(path: Path, seed: int = 0, steps: int | None = None) -> Trained:
    """The network of a spec as `lstmcli train` stores it, of a whole run or of its first iterations."""
    spec = read_spec(path.read_text(encoding="utf-8"), path.name, path.parent, seed=str(seed))
    before = spec, network, data = prepare_training(spec)
    run = start_run(network, len(data.train.sequences), spec.options, spec.seed)
    iterations = train(network.graph, run, data.train, data.validation, spec.options)
    losses = [step.loss for step in islice(iterations, steps)]
    assert np.isfinite(losses).all()
    assert steps is None or len(losses) == steps
    end = Network(network.graph, result_weights(run, spec.options))
    if is_due(network.graph, run, spec.options):
        end = with_population_statistics(end, data.train.sequences, spec.options, lambda: False)
    return Trained(before, run, end)


def assert_same_once_stored(found: Trained, folder: Path) -> None:
    """The network from the file answers the test data with the same bytes, and gives the same file again."""
    spec, _, data = found.before
    sequences = (data.test or data.train).sequences
    file, again = folder / "model.h5", folder / "again.h5"
    write_model(file, to_model(spec, found.network, found.run.history))
    stored = read_network(file)
    write_model(again, to_model(stored.spec, stored.network, read_model(file).training_info))
    assert file.read_bytes() == again.read_bytes()
    answers = predict(found.network, sequences, spec.options)
    of_stored = predict(stored.network, sequences, stored.options)
    for one, other in zip(answers, of_stored, strict=True):
        assert one.values.tobytes() == other.values.tobytes()


def reached(found: Trained) -> float:
    """Accuracy, or RMSE, on the test data."""
    metrics = evaluate(found.network, *found.before.data.test, found.before.spec.options).metrics
    return metrics.accuracy if isinstance(metrics, ClassificationMetrics) else metrics.rmse.item()


def test_there_are_specs():
    assert len(SPECS) >= 15


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_spec(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# "), "the first line says what the spec is"
    assert STATED.search(text) or FORECASTS.search(text), "a comment says what it reaches"
    found = trained(path, steps=STEPS)
    start, end = found.before.network, found.network
    for node in start.graph.nodes:
        for p in node.parameters(Role.LEARNABLE):
            was, is_now = (network.weights[node.name][p.name] for network in (start, end))
            assert not np.array_equal(was, is_now), (node.name, p.name)
    assert_same_once_stored(found, tmp_path)


@pytest.mark.heavy
@pytest.mark.parametrize("path", REACHING, ids=lambda path: path.stem)
def test_spec_reaches_what_it_says(path, tmp_path):
    metric, *numbers = STATED.search(path.read_text(encoding="utf-8")).groups()
    figure, low, high = (None if number is None else float(number) for number in numbers)
    figures = []
    for seed in range(1 if low is None else SEEDS):
        found = trained(path, seed)
        figures.append(reached(found))
    assert_same_once_stored(found, tmp_path)
    assert metric == ("accuracy" if found.network.graph.output.classification else "RMSE")
    # Where numbers are rounded otherwise, as without vectors, the same seed makes another run.
    spread = 0 if low is None else high - low
    assert abs(median(figures) - figure) <= max(0.02 * figure, spread / 4), sorted(figures)
