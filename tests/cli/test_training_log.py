"""`--log`: a line for each iteration, as the model's training information has them."""

import json
import math

import pytest

from lstmcli.modelfile import read_model

NAMES = [
    *("Iteration", "Epoch", "TimeElapsed", "BaseLearnRate", "TrainingLoss", "TrainingAccuracy"),
    *("ValidationLoss", "ValidationAccuracy"),
]
COMMAND = "lstmcli train learn.yaml --MaxEpochs 4 --validation animals.csv --ValidationFrequency 2 --quiet"


def same(found, wanted):
    return len(found) == len(wanted) and all(
        (a is None and math.isnan(b)) or a == b for a, b in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("name", ["history.csv", "history.jsonl"])
def test_lines_are_the_training_information(shell, folder, name):
    done = shell.run(f"{COMMAND} --log {name}", folder)
    assert (done.returncode, done.stderr) == (0, "")
    lines = (folder / name).read_text().splitlines()
    if name.endswith(".csv"):
        assert lines.pop(0).split(",") == NAMES
        rows = [[float(cell) if cell else None for cell in line.split(",")] for line in lines]
    else:
        assert list(json.loads(lines[0])) == NAMES
        rows = [list(json.loads(line).values()) for line in lines]
    columns = dict(zip(NAMES, zip(*rows, strict=True), strict=True))
    info = read_model(folder / "learn.h5").training_info
    assert list(columns["Iteration"]) == list(range(1, len(rows) + 1))
    assert list(columns["TimeElapsed"]) == sorted(columns["TimeElapsed"])
    for word, values in info.items():
        assert same(columns[word], values), word


def test_a_log_that_cannot_be_written_is_told_before_training(shell, folder):
    before = (folder / "learn.h5").read_bytes()
    done = shell.run("lstmcli train learn.yaml --log nowhere/history.csv", folder)
    assert done.returncode == 5
    assert done.stderr.startswith("error: cannot write `nowhere/history.csv`: there is no folder `nowhere`")
    assert (folder / "learn.h5").read_bytes() == before


def test_a_log_that_cannot_be_written_costs_not_the_network(shell, folder):
    done = shell.run(f"{COMMAND} --log /dev/full -o m.h5", folder)
    message = "error: no more lines could be written into `/dev/full`: No space left on device\n"
    assert done.stderr == message + "help: it ends with iteration 0; the network is saved\n"
    assert done.returncode == 5
    assert len(read_model(folder / "m.h5").training_info["TrainingLoss"]) > 4
