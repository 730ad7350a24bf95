"""The program's words for Python: the same bits as the commands, the same messages, and MATLAB's meaning."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from readme_tables import README

import lstmcli
from lstmcli import InputError, read_network, thread_count, train_network
from lstmcli.data.array_files import read_array_files
from lstmcli.data.declaration import DataSection
from lstmcli.network_file import to_model
from lstmcli.prediction import predict
from lstmcli.preparation import prepare_training
from lstmcli.python.arrays import sequences_of
from lstmcli.spec_file import read_spec
from lstmcli.training.loop import train
from lstmcli.training.population import is_due, with_population_statistics
from lstmcli.training.run import result_weights, start_run

ROOT = Path(__file__).parents[1]
LAST, STEPS = "sequenceInput: 2, lstm: {NumHiddenUnits: 4, OutputMode: last}", "sequenceInput: 2, lstm: 4"
RANDOM = np.random.default_rng(0)
X = [RANDOM.standard_normal((steps, 2)).astype(np.float32) for steps in (5, 3, 6, 4, 5, 3)]
TWO = [RANDOM.standard_normal((steps, 2)).astype(np.float32) for steps in (4, 6)]


@pytest.fixture(autouse=True)
def _threads_of_their_own(monkeypatch):
    monkeypatch.setattr(thread_count, "_threads", [])


def classes_of(x, per_step):
    return np.where(x[:, 0] > 0, "up", "down").tolist() if per_step else "up" if x[0, 0] > 0 else "down"


def responses_of(x, per_step):
    return np.cumsum(x, axis=0) if per_step else x.sum(axis=0)


def table(file, xs, ys, names):
    """A long table of the sequences with their targets."""
    lines = [",".join(("sequence", "a", "b", *names))]
    for n, (x, y) in enumerate(zip(xs, ys, strict=True), 1):
        for step, row in enumerate(x):
            target = np.atleast_1d(
                y[step] if len(np.shape(y)) == len(np.shape(row)) + bool(len(names) > 1) else y
            )
            lines.append(",".join([str(n), *(str(v) for v in row), *(str(v) for v in target)]))
    file.write_text("\n".join(lines) + "\n")


def layers_of(inner, end):
    return f"[{inner}, {end}]"


@pytest.mark.parametrize("validates", [False, True], ids=["alone", "validated"])
@pytest.mark.parametrize("per_step", [False, True], ids=["once", "steps"])
@pytest.mark.parametrize("classification", [True, False], ids=["classes", "responses"])
def test_same_bits_as_from_a_file(tmp_path, classification, per_step, validates):
    """The files' way is that of `lstmcli train`: prepare_training, the loop, what OutputNetwork says."""
    inner = f"{STEPS if per_step else LAST}, batchNormalization, fullyConnected: 2"
    layers = layers_of(inner, "softmax, classification" if classification else "regression")
    options = {"MaxEpochs": 4, "MiniBatchSize": 4, "Shuffle": "every-epoch", "ValidationFrequency": 1}
    if not classification:
        options["ResponseNormalization"] = "zscore"
    of = classes_of if classification else responses_of
    Y, Y2 = ([of(x, per_step) for x in xs] for xs in (X, TWO))
    names = ["t"] if classification else ["t1", "t2"]
    table(tmp_path / "train.csv", X, Y, names)
    table(tmp_path / "validation.csv", TWO, Y2, names)
    words = ["train: train.csv", "labels: t" if classification else "responses: [t1, t2]", "features: [a, b]"]
    words += ["validation: validation.csv"] if validates else []
    listed = ", ".join(f"{word}: {value}" for word, value in options.items())
    text = f"layers: {layers}\noptions: {{{listed}}}\ndata: {{{', '.join(words)}}}\nseed: 3\n"

    spec, network, data = prepare_training(read_spec(text, "spec.yaml", tmp_path))
    run = start_run(network, len(data.train.sequences), spec.options, spec.seed)
    list(train(network.graph, run, data.train, data.validation, spec.options))
    network = replace(network, weights=result_weights(run, spec.options))
    if is_due(network.graph, run, spec.options):
        network = with_population_statistics(network, data.train.sequences, spec.options, lambda: False)
    expected = [found.values for found in predict(network, data.train.sequences, spec.options)]

    given = Y if classification or per_step else np.array(Y)
    held_out = (TWO, Y2) if validates else None
    found = train_network(X, given, layers, options, validation_data=held_out, seed=3)
    for layer, arrays in network.weights.items():
        for name, array in arrays.items():
            assert found.learnables()[layer][name].tobytes() == array.tobytes(), (layer, name)
    history = to_model(spec, network, run.history).training_info
    assert found.training_info.keys() == history.keys()
    for name, values in history.items():
        np.testing.assert_array_equal(found.training_info[name], values)
    answers = found.predict(X)
    assert len(answers) == len(expected)
    assert all(a.tobytes() == e.tobytes() for a, e in zip(answers, expected, strict=True))
    assert found.classes == (("down", "up") if classification else ())


def test_same_bits_as_the_command(tmp_path):
    """Learnables of `lstmcli train` and answers of `lstmcli predict`, on a table."""
    table(tmp_path / "t.csv", X, [classes_of(x, False) for x in X], ["t"])
    layers = layers_of(f"{LAST}, fullyConnected: 2", "softmax, classification")
    spec = (
        f"layers: {layers}\noptions: {{MaxEpochs: 3, MiniBatchSize: 2}}\ndata: {{train: t.csv, labels: t}}\n"
    )
    (tmp_path / "t.yaml").write_text(spec)

    def run(*words):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "lstmcli", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        )

    run("train", "t.yaml", "-o", "t.h5", "--seed", "5", "--quiet")
    of_command = read_network(tmp_path / "t.h5")
    network = train_network(X, [classes_of(x, False) for x in X], tmp_path / "t.yaml", seed=5)
    network.save(tmp_path / "own.h5")
    for layer, arrays in of_command.learnables().items():
        for name, array in arrays.items():
            assert network.learnables()[layer][name].tobytes() == array.tobytes(), (layer, name)
    printed = run("predict", "t.h5", "t.csv").stdout
    assert run("predict", "own.h5", "t.csv", "--features", "a", "--features", "b").stdout == printed
    rows = [line.split(",") for line in printed.splitlines()[1:]]
    assert [row[1] for row in rows] == network.classify(X).tolist()
    np.testing.assert_array_equal(np.array([row[2:] for row in rows], np.float32), network.predict(X))


def small(end="softmax, classification", inner=LAST, y=None, **options):
    given = y if y is not None else [classes_of(x, False) for x in X]
    layers = layers_of(f"{inner}, fullyConnected: 2", end)
    return train_network(X, given, layers, MaxEpochs=2, MiniBatchSize=4, **options)


def test_what_goes_in_comes_out():
    once = small()
    steps = small("regression", STEPS, [responses_of(x, True) for x in X], MaskPadding=True)
    assert once.predict(X).shape == (6, 2)
    assert once.predict(X[0]).shape == (1, 2)
    assert once.classify(X).shape == (6,)
    assert once.classify(X[0]).tolist() == [once.classify(X[:1])[0]]
    assert [answer.shape for answer in steps.predict(X)] == [x.shape for x in X]
    assert steps.predict(X[0]).tobytes() == steps.predict(X)[0].tobytes()
    assert steps.predict(tuple(X))[2].tobytes() == steps.predict(X[2].astype(np.float64))[:].tobytes()
    labels = small("softmax, classification", STEPS, [classes_of(x, True) for x in X])
    assert labels.classify(X)[1].shape == (3,)
    assert set(np.concatenate(labels.classify(X))) <= {"up", "down"}
    assert steps.response_names == ("1", "2")
    assert (
        repr(once) == "<Network of 2 channels and 2 classes: sequenceinput, lstm, fc, softmax, classoutput>"
    )


def test_options_of_a_prediction():
    """As in MATLAB padding is data, so that an answer depends on the mini-batch."""
    network = small()
    together, alone = network.predict(X), network.predict(X, minibatchsize=1)
    assert not np.array_equal(together, alone)
    assert np.array_equal(alone, np.concatenate([network.predict(x) for x in X]))
    np.testing.assert_allclose(network.predict(X, MaskPadding=True), alone, rtol=1e-5)
    with pytest.raises(InputError, match="did you mean `MiniBatchSize`"):
        network.predict(X, MiniBatchSiz=1)
    with pytest.raises(InputError, match="`MaxEpochs` says nothing of how a network runs"):
        network.predict(X, MaxEpochs=1)
    with pytest.raises(InputError, match="step 1 has a value that is too large for single precision"):
        network.predict([x.astype(np.float64) * 1e300 for x in X])


@pytest.mark.parametrize("inner", [STEPS, LAST])
def test_pieces_are_answered_as_the_whole_is(inner):
    per_step = inner is STEPS
    network = small("regression", inner, [responses_of(x, per_step) for x in X], MaskPadding=True)
    whole = network.predict(X)
    for _ in range(2):
        first = network.predict_and_update_state([x[:2] for x in X])
        network.predict(X)
        rest = network.predict_and_update_state([x[2:] for x in X])
        assert len(first) == len(rest) == 6
        for n in range(6):
            answer = np.concatenate([first[n], rest[n]]) if per_step else rest[n]
            assert answer.tobytes() == whole[n].tobytes()
        network.reset_state()
    one = [network.predict_and_update_state(row[None]) for row in X[0]]
    assert one[-1][-1].tobytes() == np.atleast_2d(whole[0])[-1].tobytes()


def test_numbers_are_classes_in_fifteen_digits():
    assert small(y=[0.1 + 0.2, 0.3, 1 / 3, 1 / 3, 1 / 3, 0.3]).classes == ("0.3", "0.333333333333333")


def test_classes_that_go_on():
    network = small(y=[1, 2, 1, 2, 2, 1], MaskPadding=True)
    assert network.classes == ("1", "2")
    network.classify_and_update_state([x[:1] for x in X])
    assert network.classify_and_update_state([x[1:] for x in X]).tolist() == network.classify(X).tolist()


def test_what_is_saved_is_read(tmp_path):
    network = small(InitialLearnRate=0.1)
    network.save(tmp_path / "one.h5")
    again = read_network(str(tmp_path / "one.h5"))
    again.save(tmp_path / "two.h5")
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()
    assert again.predict(X).tobytes() == network.predict(X).tobytes()
    assert again.training_info["TrainingLoss"].tolist() == network.training_info["TrainingLoss"].tolist()
    assert len(network.training_info["TrainingLoss"]) == 2
    assert again.training_info["BaseLearnRate"][0] == 0.1


def test_what_is_no_model_is_not_written_over(tmp_path):
    network, file = small(), tmp_path / "mine.csv"
    file.write_text("mine")
    with pytest.raises(InputError, match=r"mine\.csv` is not a model: it would be overwritten"):
        network.save(file)
    assert file.read_text() == "mine"


def test_answers_are_the_next_steps():
    text = "layers: [sequenceInput: 2, lstm: 3, fullyConnected: 2, regression]\ndata: {horizon: 1}\n"
    own = train_network([x[:-1] for x in X], [x[1:] for x in X], text.replace("horizon: 1", ""), MaxEpochs=2)
    assert own.learnables()["lstm"]["Bias"].tolist() == (
        train_network(X, None, text, MaxEpochs=2).learnables()["lstm"]["Bias"].tolist()
    )


def test_ways_to_write_layers(tmp_path):
    weights = np.arange(16, dtype=np.float32).reshape(8, 2) / 10
    values = [
        {"sequenceInput": np.int64(2)},
        {"lstm": {"NumHiddenUnits": 2, "OutputMode": "last", "InputWeights": weights}},
        {"fullyConnected": (2,)},
        "softmax",
        "classification",
    ]
    text = "".join(f"- {line}\n" for line in ("sequenceInput: 2", "LSTM", "fullyConnected: 2", "softmax"))
    text += "- classification\n"
    text = text.replace(
        "LSTM", f"lstm: {{NumHiddenUnits: 2, OutputMode: last, InputWeights: {weights.tolist()}}}"
    )
    file = tmp_path / "net.yaml"
    file.write_text("layers:\n" + text + "options: {MaxEpochs: 9, InitialLearnRate: 1e-9}\nseed: 7\n")
    options = {"MaxEpochs": 1, "InitialLearnRate": 1e-9}
    whole = {"layers": values, "options": {**options, "MaxEpochs": 9}, "seed": 7}
    Y = [classes_of(x, False) for x in X]
    found = [
        train_network(X, Y, values, options, seed=7),
        train_network(X, Y, text, seed=7, **options),
        train_network(X, Y, file, maxepochs=1),
        train_network(X, Y, str(file), {"MaxEpochs": 5}, MaxEpochs=1),
        train_network(X, Y, whole, MaxEpochs=1),
    ]
    np.testing.assert_allclose(found[0].learnables()["lstm"]["InputWeights"], weights, atol=1e-6)
    for other in found[1:]:
        assert other.training_info["TrainingLoss"].shape == (1,)
        assert (
            other.learnables()["fc"]["Weights"].tobytes() == found[0].learnables()["fc"]["Weights"].tobytes()
        )


def test_iterations_are_told_and_can_be_the_last():
    told = []

    def stop(step):
        told.append((step.iteration, step.loss))
        return step.iteration == 1

    network = small(on_iteration=stop)
    assert [iteration for iteration, _ in told] == [1]
    assert network.training_info["TrainingLoss"].tolist() == [loss for _, loss in told]


def test_images_are_those_of_array_files(tmp_path):
    video = RANDOM.standard_normal((3, 4, 5, 2))
    np.save(tmp_path / "v.npy", video)
    ((expected, _),) = read_array_files([str(tmp_path / "v.npy")], DataSection(), None)
    found = sequences_of([video, video[:2]], 40, "X")
    assert found.values[:3].tobytes() == expected.values.tobytes()
    assert (found.shape, found.lengths.tolist(), found.ids) == ((4, 5, 2), [3, 2], ("1", "2"))


def test_one_channel_may_be_a_row_of_numbers():
    assert sequences_of(np.arange(3), 1, "X").values.tolist() == [[0], [1], [2]]
    assert sequences_of([[1, 2], [3.5]], 1, "X").values.tolist() == [[1], [2], [3.5]]


CHANNELS = "a sequence is T-by-C, steps by channels (in MATLAB C-by-T)"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (X[0].T, f"this is 2-by-5, but the network takes 2 channels\n --> X\nhelp: {CHANNELS}: give `X.T`"),
        ([X[0], X[1].T], f"this is 2-by-3, but the network takes 2 channels\n --> X[1]\nhelp: {CHANNELS}"),
        (X[0][0], f"this is 2, but the network takes 2 channels\n --> X\nhelp: {CHANNELS}: give `X[None]`"),
        (
            np.zeros((5, 3)),
            "the data has 3 feature channels, but sequenceInput `sequenceinput` expects 2\n --> X",
        ),
        (
            np.zeros((4, 5, 2)),
            "this is 4-by-5-by-2, but the network takes 2 channels\n --> X\n"
            "help: several sequences are a list of T-by-C arrays: give `list(X)`",
        ),
        ([X[0], np.zeros((4, 3))], "this has 3 channels, but X[0] has 2 channels\n --> X[1]"),
        ([X[0], np.array([[1, 2], [np.nan, 0]])], "step 2 has a value that is no finite number\n --> X[1]"),
        (
            [X[0], np.ma.masked_equal([[1, 2], [3, 4]], 4)],
            "step 2 has a value that is no finite number\n --> X[1]",
        ),
        ([X[0], "text"], "this is not an array of real numbers\n --> X[1]"),
        ([X[0], [[1, 2], [3]]], "this is not an array of real numbers\n --> X[1]"),
        (np.zeros((0, 2)), "the array is 0-by-2\n --> X"),
        ([1, 2], "the array is a single number\n --> X[0]"),
        ([], "`X` is empty"),
    ],
)
def test_data_that_does_not_fit(given, message):
    with pytest.raises(InputError, match=f"^error: {re.escape(message)}"):
        small().predict(given)


@pytest.mark.parametrize(
    ("inner", "end", "y", "message"),
    [
        (LAST, "softmax, classification", ["a", "b"], "`Y` is of 2, but there are 6 sequences"),
        (LAST, "softmax, classification", [*"abab", "", "a"], "a label is missing, or neither"),
        (LAST, "softmax, classification", [*"abab", None, "a"], "a label is missing, or neither"),
        (
            LAST,
            "softmax, classification",
            np.ma.masked_equal([1, 2, 1, 2, 1, 3], 3),
            "a label is missing, or neither",
        ),
        (LAST, "softmax, classification", None, "`Y` is None, but the network learns from labels"),
        (LAST, "softmax, classification: {Classes: [a, b]}", [*"ababac"], "unknown class `c`"),
        (
            LAST,
            "softmax, classification",
            [*"abcabc"],
            "fullyConnected `fc` gives 2 channels, but there are 3 classes",
        ),
        (STEPS, "softmax, classification", [*"ababab"], "there is one label for each sequence"),
        (
            STEPS,
            "softmax, classification",
            [["a", "b"]] * 6,
            "this is for 2 steps, but its sequence has 5 time",
        ),
        (
            STEPS,
            "regression",
            [x.T for x in X],
            "this is for 2 steps, but its sequence has 5 time steps\n --> Y[0]",
        ),
        (STEPS, "regression", np.zeros((6, 2)), "this is for 2 steps, but its sequence has 5"),
        (STEPS, "regression", [0.5] * 6, "there is one response for each sequence"),
        (
            STEPS,
            "regression",
            [*X[:5], X[5][:, :1]],
            "the sequences in `Y` have different numbers of responses",
        ),
        (LAST, "regression", np.zeros((5, 2)), "`Y` is of 5, but there are 6 sequences"),
        (LAST, "regression", np.full((6, 2), np.inf), "step 1 has a value that is no finite number\n --> Y"),
        (LAST, "regression", ["0"] * 6, "this is not an array of real numbers\n --> Y"),
        (LAST, "regression", None, "`Y` is None, but the network learns from responses"),
    ],
)
def test_targets_that_do_not_fit(inner, end, y, message):
    with pytest.raises(InputError, match=f"^error: {re.escape(message)}"):
        train_network(X, y, layers_of(f"{inner}, fullyConnected: 2", end))


def test_faults_of_validation_data():
    Y = [classes_of(x, False) for x in X]
    layers = layers_of(f"{LAST}, fullyConnected: 2", "softmax, classification")
    with pytest.raises(InputError, match=r"unknown class `left`\n --> Y of validation_data"):
        train_network(X, Y, layers, validation_data=(TWO, ["up", "left"]))
    with pytest.raises(InputError, match=r"X of validation_data\[1\]"):
        train_network(X, Y, layers, validation_data=([TWO[0], TWO[1].T], ["up", "up"]))
    for given in ((TWO,), (TWO, ["up", "up"], 1), TWO):
        with pytest.raises(InputError, match="`validation_data` must be a pair"):
            train_network(X, Y, layers, validation_data=given)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"MaxEpoch": 3}, "`MaxEpoch` is not a property of trainingOptions"),
        (
            {"MaxEpochs": "many"},
            "`MaxEpochs` of trainingOptions must be a positive integer, got `many`\n --> options:1",
        ),
        ({"solver": object}, "has no place in a spec"),
        ("MaxEpochs: 3", "`options` cannot be `'MaxEpochs: 3'`"),
        ({"CheckpointPath": "here"}, "`CheckpointPath` is for `lstmcli train`"),
        ({"OutputNetwork": "best-validation"}, "`OutputNetwork` best-validation needs validation data"),
    ],
)
def test_faults_of_options(change, message):
    with pytest.raises(InputError, match=re.escape(message)):
        train_network(X, [0] * 6, layers_of(f"{LAST}, fullyConnected: 2", "softmax, classification"), change)


def test_faults_of_layers(tmp_path):
    with pytest.raises(InputError, match="did you mean `NumHiddenUnits`"):
        train_network(
            X, [0] * 6, [{"sequenceInput": 2}, {"lstm": {"NumHiddenUnit": 3}}, "softmax", "classification"]
        )
    with pytest.raises(InputError, match=r"none\.yaml` cannot be read"):
        train_network(X, [0] * 6, tmp_path / "none.yaml")
    drawn = f"[{LAST}, fullyConnected: {{OutputSize: 2, WeightsInitializer: 'python:os:getpid'}}, regression]"
    with pytest.raises(InputError, match="would run Python code"):
        train_network(X, np.zeros((6, 2)), drawn)


def test_faults_of_networks(tmp_path):
    with pytest.raises(InputError, match="there is no model"):
        read_network(tmp_path / "none.h5")
    regression = small("regression", LAST, np.zeros((6, 2)))
    for ask in (regression.classify, regression.classify_and_update_state):
        with pytest.raises(InputError, match="a regression network has no classes"):
            ask(X)
    with pytest.raises(InputError, match="bilstm `biLSTM` needs whole sequences"):
        small(
            inner="sequenceInput: 2, bilstm: {NumHiddenUnits: 2, OutputMode: last}"
        ).predict_and_update_state(X)


def test_threads_are_those_that_may_be_used(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(3)), raising=False)
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    assert thread_count.thread_count() == 1
    thread_count.use_allowed_processors()
    assert thread_count.thread_count() == 3
    lstmcli.set_threads(2)
    thread_count.use_allowed_processors()
    assert thread_count.thread_count() == 2


def test_the_import_is_light():
    code = "import lstmcli, sys; print(lstmcli.__version__, {'numpy', 'yaml', 'h5py'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == f"{lstmcli.__version__} set()\n"
    assert set(dir(lstmcli)) >= {"train_network", "read_network", "Network", "InputError", "set_threads"}
    with pytest.raises(AttributeError, match="has no attribute `trainNetwork`"):
        lstmcli.trainNetwork  # noqa: B018


def test_the_example_of_the_readme(tmp_path):
    """The block runs as it stands, and prints what its comments say."""
    (example,) = re.findall(
        r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-"], input=example, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == re.findall(r"^print.*  # (.*)$", example, re.MULTILINE)
