"""The network is stored before the statistics of all training data are computed, which a signal ends."""

import os
import signal

import pytest
from click.testing import CliRunner

from lstmcli.cli import training
from lstmcli.cli.verbs.train import command
from lstmcli.network_file import read_network

SPEC = (
    "layers: [sequenceInput: 1, batchNormalization, lstm: {{NumHiddenUnits: 1, OutputMode: last}}, "
    "fullyConnected: 1, regression]\n"
    "data: {{train: d.csv, features: x, responses: y}}\noptions: {{MaxEpochs: {}, Verbose: false}}\n"
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_the_network_is_there(number, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.csv").write_text("sequence,x,y\na,1,2\na,5,2\nb,4,4\nb,2,4\n")
    (tmp_path / "s.yaml").write_text(SPEC.format(1))
    compute, first = training.with_population_statistics, []

    def interrupted(network, sequences, options, stops):
        assert not stops()
        first.append((tmp_path / "s.h5").read_bytes())
        os.kill(os.getpid(), number)
        return compute(network, sequences, options, stops)

    monkeypatch.setattr(training, "with_population_statistics", interrupted)
    done = CliRunner().invoke(command, ["s.yaml"])
    assert done.exit_code == 128 + number
    assert first == [(tmp_path / "s.h5").read_bytes()]
    assert done.stderr.splitlines()[-1] == "saved s.h5: with the running estimates of batch normalization"

    monkeypatch.setattr(training, "with_population_statistics", compute)
    done = CliRunner().invoke(command, ["s.yaml"])
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (0, "saved s.h5")
    weights = read_network(tmp_path / "s.h5").network.weights["batchnorm"]
    assert weights["TrainedMean"].tolist() == [3]
