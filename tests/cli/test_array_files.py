"""Folders of `.npy` files on the command line."""

import numpy as np

SPEC = (
    "layers: [sequenceInput: 2, lstm: {NumHiddenUnits: 1, OutputMode: last}, fullyConnected: 2, softmax, "
    "classification]\ndata: {train: d.csv, labels: who}\noptions: {MaxEpochs: 1}\n"
)


def test_a_model_of_labelled_columns_is_tried_on_labelled_files(shell, folder):
    (folder / "s.yaml").write_text(SPEC)
    (folder / "d.csv").write_text("sequence,x,y,who\n1,1,2,a\n2,3,4,b\n")
    for name in ("a/1", "b/2", "b/3"):
        (folder / "f" / name).parent.mkdir(parents=True, exist_ok=True)
        np.save(folder / "f" / name, np.ones((4, 2)))
    done = shell.run("lstmcli train s.yaml --quiet && lstmcli evaluate s.h5 f", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert " of 3)" in done.stdout
    done = shell.run("lstmcli evaluate s.h5 f/a", folder)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("error: `.npy` files have no labels\n --> f/a/1.npy\nhelp: ")


def test_responses_of_another_number(shell, folder):
    (folder / "s.yaml").write_text(
        "layers: [sequenceInput: 1, lstm: 1, fullyConnected: 2, regression]\n"
        "data: {train: d.csv, features: x, responses: [y, z]}\noptions: {MaxEpochs: 1}\n"
    )
    (folder / "d.csv").write_text("x,y,z\n1,2,3\n")
    done = shell.run("lstmcli train s.yaml --quiet && lstmcli evaluate s.h5 d.csv --responses y", folder)
    message = "error: the data has 1 response (y), but the network answers 2\n --> d.csv\n"
    assert (done.returncode, done.stdout, done.stderr) == (4, "", message)
