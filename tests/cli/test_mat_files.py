"""MAT-files on the command line."""

import numpy as np
from data.mat_files import write_new


def test_a_model_is_tried_on_the_test_part_unless_it_is_told_otherwise(shell, folder):
    X = [np.full((2, n), n) for n in (3, 4, 5)]
    write_new(folder / "parts.mat", XTrain=X, YTrain=["a", "b", "a"], XTest=X[:2], YTest=["b", "a"])
    (folder / "s.yaml").write_text(
        "layers: [sequenceInput: 2, lstm: {NumHiddenUnits: 1, OutputMode: last}, fullyConnected: 2, "
        "softmax, classification]\n"
        "data: {train: parts.mat, features: XTrain, labels: YTrain}\noptions: {MaxEpochs: 1}\n"
    )
    for command, rows in (
        ("lstmcli train s.yaml -o s.h5 --quiet", 0),
        ("lstmcli classify s.h5 parts.mat", 3),
        ("lstmcli classify s.h5 parts.mat --features XTrain", 4),
    ):
        done = shell.run(command, folder)
        assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", rows)
    done = shell.run("lstmcli evaluate s.h5 parts.mat", folder)
    assert " of 2)" in done.stdout
    done = shell.run("lstmcli evaluate s.h5 parts.mat --features XTrain --labels YTrain", folder)
    assert " of 3)" in done.stdout
