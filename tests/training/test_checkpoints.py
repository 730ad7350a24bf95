"""CheckpointPath, CheckpointFrequency and CheckpointFrequencyUnit: when, under which name, and of what."""

import re
import time
from pathlib import Path

import numpy as np
import pytest
from training.commands import assert_same_weights, write_data, write_spec
from training.sessions import LABEL

from lstmcli.modelfile import read_model


def checkpoints(folder):
    """Iteration -> the file of its checkpoint."""
    found = {}
    for file in Path(folder).iterdir():
        match = re.fullmatch(r"net_checkpoint__(\d+)__(\d{4}(?:_\d\d){2}__\d\d(?:_\d\d){2})\.h5", file.name)
        assert match, file.name
        written = time.mktime(time.strptime(match[2], "%Y_%m_%d__%H_%M_%S"))
        assert abs(time.time() - written) < 600
        found[int(match[1])] = file
    return found


@pytest.mark.parametrize(
    ("flags", "iterations"),
    [
        ([], [2, 4, 6, 8, 10]),
        (["--CheckpointFrequency", 2], [4, 8]),
        (["--CheckpointFrequencyUnit", "iteration", "--CheckpointFrequency", 3], [3, 6, 9]),
        (["--checkpoint-frequency-unit", "iteration"], list(range(1, 11))),
    ],
    ids=str,
)
def test_checkpoints(program, tmp_path, flags, iterations):
    spec = write_spec(tmp_path, MaxEpochs=5, MiniBatchSize=4, InitialLearnRate=0.02)
    (tmp_path / "kept").mkdir()
    assert program("train", spec, "--CheckpointPath", "kept", *flags)[0] == 0
    found = checkpoints("kept")
    assert sorted(found) == iterations
    for iteration, file in found.items():
        assert len(read_model(file).training_info["TrainingLoss"]) == iteration
        assert program("predict", file, "train.csv")[0] == 0
    if 4 in found:
        assert program("train", spec, "-o", "two_epochs.h5", "--MaxEpochs", 2)[0] == 0
        assert_same_weights(read_model(found[4]), read_model("two_epochs.h5"))


def test_checkpoints_are_of_the_network_as_it_is_and_not_of_the_best(program, tmp_path):
    spec = write_spec(tmp_path, validation=True, MaxEpochs=9, InitialLearnRate=0.3, ValidationFrequency=1)
    (tmp_path / "kept").mkdir()
    assert program("train", spec, "-o", "model.h5", "--CheckpointPath", "kept")[0] == 0
    found = checkpoints("kept")
    losses = read_model("model.h5").training_info["ValidationLoss"]
    best = int(np.argmin(losses)) + 1
    assert best < 9
    assert_same_weights(read_model("model.h5"), read_model(found[best]))
    last = read_model(found[9])
    assert last.weights["fc"]["Bias"].tobytes() != read_model("model.h5").weights["fc"]["Bias"].tobytes()


def test_the_published_names_of_checkpoints_after_39_iterations_an_epoch(program, tmp_path):
    spec = write_spec(tmp_path, LABEL.replace("NumHiddenUnits: 3", "NumHiddenUnits: 1"), MaxEpochs=2)
    write_data(tmp_path / "train.csv", [1] * 5000)
    (tmp_path / "kept").mkdir()
    assert program("train", spec, "--CheckpointPath", "kept")[0] == 0
    assert sorted(checkpoints("kept")) == [39, 78]


def test_without_a_path_there_are_no_checkpoints(program, tmp_path):
    spec = write_spec(tmp_path, MaxEpochs=2)
    assert program("train", spec, "--CheckpointFrequency", 1)[0] == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "spec.h5",
        "spec.yaml",
        "train.csv",
        "valid.csv",
    ]


def test_a_folder_that_is_not_there_is_told_before_training(program, tmp_path):
    code, _, err = program("train", write_spec(tmp_path), "--CheckpointPath", "nowhere")
    assert code == 5
    assert "there is no folder `" in err
    assert "/nowhere`" in err
    assert "help: create the folder first, or name another" in err
    assert "Training" not in err
    assert not (tmp_path / "spec.h5").exists()
