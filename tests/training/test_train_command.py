"""`lstmcli train`: its table, what it saves, divergence, and the bytes of its models."""

import os
import re
from pathlib import Path

import numpy as np
import pytest
from training.commands import assert_same_weights, program_running, rows_of, write_data, write_spec
from training.sessions import LABEL, RESPONSE

from lstmcli.modelfile import read_model
from lstmcli.network_file import read_network

VALIDATED_TABLE = """\
training data: 8 sequences of 2 to 6 steps, 2 channels, 3 classes
validation data: 3 sequences of 3 to 5 steps, 2 channels, 3 classes
Training on single CPU.
Initializing input data normalization.
|======================================================================================================================|
|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Validation  |  Mini-batch  |  Validation  |  Base Learning  |
|         |             |   (hh:mm:ss)   |   Accuracy   |   Accuracy   |     Loss     |     Loss     |      Rate       |
|======================================================================================================================|
|       1 |           1 |       hh:mm:ss |       xx.xx% |       xx.xx% |       x.xxxx |       x.xxxx |          0.0500 |
|       2 |           3 |       hh:mm:ss |       xx.xx% |              |       x.xxxx |              |          0.0500 |
|       2 |           4 |       hh:mm:ss |       xx.xx% |       xx.xx% |       x.xxxx |       x.xxxx |          0.0500 |
|       3 |           6 |       hh:mm:ss |       xx.xx% |       xx.xx% |       x.xxxx |       x.xxxx |          0.0500 |
|======================================================================================================================|
Training finished: Max epochs completed.
saved model.h5: the network of iteration n, with the smallest validation loss
"""  # noqa: E501
NORMALIZED = LABEL.replace("sequenceInput: 2", "sequenceInput: {InputSize: 2, Normalization: zscore}")


def masked(printed):
    """The table without the figures that differ from machine to machine."""
    for pattern, text in (
        (r"\d\d:\d\d:\d\d", "hh:mm:ss"),
        (r"[ \d]{2}\d\.\d\d%", " xx.xx%"),
        (r"\d\.\d{4} \|(?=.)", "x.xxxx |"),
        (r"of iteration \d+", "of iteration n"),
    ):
        printed = re.sub(pattern, text, printed)
    return printed


def test_the_table_of_a_run(program, tmp_path):
    spec = write_spec(
        tmp_path,
        NORMALIZED,
        validation=True,
        MaxEpochs=3,
        MiniBatchSize=4,
        InitialLearnRate=0.05,
        VerboseFrequency=3,
        ValidationFrequency=4,
    )
    code, out, err = program("train", spec, "-o", "model.h5")
    assert (code, out) == (0, "")
    assert masked(err) == VALIDATED_TABLE


def test_the_normalization_line_is_for_normalized_input_only(program, tmp_path):
    _, _, err = program("train", write_spec(tmp_path, MaxEpochs=1))
    assert err.splitlines()[0] == "training data: 8 sequences of 2 to 6 steps, 2 channels, 3 classes"
    assert err.splitlines()[1] == "Training on single CPU."
    assert err.splitlines()[2].startswith("|====")


def test_every_fiftieth_iteration_is_shown_by_default(program, tmp_path):
    _, _, err = program("train", write_spec(tmp_path, MaxEpochs=60, MiniBatchSize=4))
    assert rows_of(err) == [1, 50, 100, 120]


@pytest.mark.parametrize("word", ["--Verbose", "--verbose"])
def test_verbose_false(program, tmp_path, word):
    code, out, err = program("train", write_spec(tmp_path, MaxEpochs=2), word, "false")
    assert (code, out, err) == (0, "", f"saved {tmp_path / 'spec.h5'}\n")


def test_max_epochs_and_patience_are_told_apart(program, tmp_path):
    spec = write_spec(
        tmp_path,
        validation=True,
        MaxEpochs=500,
        InitialLearnRate=0.2,
        ValidationFrequency=1,
        ValidationPatience=2,
    )
    code, _, err = program("train", spec, "-o", "model.h5")
    assert code == 0
    assert "\nTraining finished: Met validation criterion.\nsaved model.h5: the network of iteration " in err
    info = read_model("model.h5").training_info
    losses = info["ValidationLoss"]
    best = int(np.nanargmin(losses))
    assert len(losses) == best + 3 < 500
    # What is saved is the network of the smallest validation loss.
    assert (
        program("train", spec, "-o", "best.h5", "--OutputNetwork", "last-iteration", "--MaxEpochs", best + 1)[
            0
        ]
        == 0
    )
    assert_same_weights(read_model("model.h5"), read_model("best.h5"))


@pytest.mark.parametrize("validation", [False, True])
def test_divergence_saves_the_last_good_network(program, tmp_path, validation):
    spec = write_spec(
        tmp_path,
        RESPONSE.replace("fullyConnected: 2", "fullyConnected: 1"),
        validation,
        solver="sgdm",
        InitialLearnRate=1e20,
        MaxEpochs=50,
        ValidationFrequency=1,
        MiniBatchSize=4,
    )
    spec.write_text(spec.read_text().replace("labels: label", "features: [x, y], responses: [z]"))
    for name in ("train.csv", "valid.csv"):
        table = tmp_path / name
        text = table.read_text().replace("label", "z")
        table.write_text(text.replace(",a\n", ",1\n").replace(",b\n", ",2\n").replace(",c\n", ",3\n"))
    code, _, err = program("train", spec, "-o", "model.h5")
    assert code == 6
    assert re.search(
        r"\nsaved model.h5: the (last network whose loss was finite|network of iteration \d+, with "
        r"the smallest validation loss)\nerror: training diverged at epoch 1, iteration ",
        err,
    )
    assert "\nhelp: lower `InitialLearnRate`" in err
    assert "Warning" not in err
    stored = read_network(Path("model.h5"))
    for arrays in stored.network.weights.values():
        assert all(np.isfinite(array).all() for array in arrays.values())
    code, out, _ = program("predict", "model.h5", "train.csv")
    assert code == 0
    assert "nan" not in out.lower()


def predicted(program, *flags):
    code, out, _ = program("predict", "model.h5", "train.csv", *flags)
    assert code == 0
    return out


@pytest.mark.parametrize("word", ["lstm", "bilstm"])
@pytest.mark.parametrize("mode", ["last", "sequence"])
def test_masked_predictions_do_not_depend_on_the_mini_batch(program, tmp_path, word, mode):
    layers = (
        LABEL.replace("lstm", word).replace("last", mode).replace("NumHiddenUnits: 3", "NumHiddenUnits: 21")
    )
    spec = write_spec(tmp_path, layers, MaxEpochs=2, MaskPadding=True)
    assert program("train", spec, "-o", "model.h5")[0] == 0
    first = predicted(program)
    for size in (1, 2, 3, 5, 8, 100):
        assert predicted(program, "--MiniBatchSize", size) == first
    for flags in (["--SequencePaddingDirection", "left"], ["--SequencePaddingValue", 9]):
        assert predicted(program, *flags) == first
    pieces = predicted(program, "--SequenceLength", 2)
    assert (pieces == first) == (word == "lstm")
    for size in (1, 3, 8):
        assert predicted(program, "--SequenceLength", 2, "--MiniBatchSize", size) == pieces
    other = predicted(program, "--MaskPadding", "false", "--SequencePaddingValue", 9)
    assert (other == first) == (word == "lstm" and mode == "sequence")


WIDE = (
    "sequenceInput: {InputSize: 2, Normalization: zscore}, lstm: 40, dropout: 0.2,"
    " bilstm: {NumHiddenUnits: 33, OutputMode: last}, fullyConnected: 3, softmax, classification"
)


def test_the_bytes_of_a_model_depend_on_the_seed_and_not_on_threads(tmp_path):
    spec = write_spec(tmp_path, WIDE, validation=True, MaxEpochs=3, MiniBatchSize=25, Shuffle="every-epoch")
    write_data(tmp_path / "train.csv", [40 + n % 9 for n in range(60)])
    runs = {"one": (1, 0), "two": (2, 0), "again": (2, 0), "other": (1, 7)}
    if (
        len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else [*range(os.cpu_count() or 1)])
        < 2
    ):
        pytest.skip("there is one processor only")
    for name, (threads, seed) in runs.items():
        flags = ["--threads", threads, "--seed", seed]
        with program_running("train", spec, "-o", tmp_path / f"{name}.h5", *flags) as process:
            _, err = process.communicate()
        assert process.returncode == 0, err
    one, two, again, other = ((tmp_path / f"{name}.h5").read_bytes() for name in runs)
    assert one == two == again
    assert one != other
    # The seed is in the stored spec; the weights must differ too.
    weights = [
        read_model(tmp_path / f"{name}.h5").weights["lstm"]["InputWeights"] for name in ("one", "other")
    ]
    assert not np.array_equal(*weights)
