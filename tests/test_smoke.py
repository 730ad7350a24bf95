"""Every spec that is shipped reads, infers its sizes, learns on real data, is stored, predicts the same."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from lstmcli.graph import Network
from lstmcli.layers.layer import Role
from lstmcli.modelfile import write_model
from lstmcli.network_file import read_network, to_model
from lstmcli.prediction import predict
from lstmcli.preparation import prepare_training
from lstmcli.spec_file import read_spec
from lstmcli.training.loop import train
from lstmcli.training.run import start_run

SPECS = sorted((Path(__file__).parents[1] / "layer_specs").glob("*.yaml"))
STEPS = 5


def test_there_are_specs():
    assert len(SPECS) >= 9


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_spec(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# "), "the first line says what the spec is"
    assert "# Reaches " in text, "a comment says what it reaches"
    spec, network, data = prepare_training(read_spec(text, path.name, path.parent))
    graph = network.graph
    assert data.test is not None
    run = start_run(network, len(data.train.sequences), spec.options, spec.seed)

    losses = [
        step.loss for step in islice(train(graph, run, data.train, data.validation, spec.options), STEPS)
    ]
    assert len(losses) == STEPS
    assert np.isfinite(losses).all()
    learnables = [(node.name, p.name) for node in graph.nodes for p in node.parameters(Role.LEARNABLE)]
    for layer, name in learnables:
        assert not np.array_equal(network.weights[layer][name], run.weights[layer][name]), (layer, name)

    write_model(tmp_path / "model.h5", to_model(spec, Network(graph, run.weights), run.history))
    stored = read_network(tmp_path / "model.h5")
    answers = [p.values for p in predict(Network(graph, run.weights), data.test.sequences, spec.options)]
    again = [p.values for p in predict(stored.network, data.test.sequences, stored.options)]
    assert all(a.tobytes() == b.tobytes() for a, b in zip(answers, again, strict=True))
    layers = [node.layer for node in graph.nodes]
    assert stored.spec.text(layers) == spec.text(layers)
