"""Statistics of batch normalization: running estimates in training, the population's at its end."""

import signal
from dataclasses import replace

import numpy as np
import pytest
from training.commands import assert_same_weights, write_data, write_spec
from training.sessions import make_data, same_bits, start, trail
from training.test_checkpoints import checkpoints
from training.test_divergence import diverge

from lstmcli.cli.training_table import TrainingTable
from lstmcli.errors import DivergedError
from lstmcli.graph import Graph, Network
from lstmcli.layers.layer import Mode, Role
from lstmcli.minibatches import make_mini_batch
from lstmcli.modelfile import read_model
from lstmcli.passes import run_layers
from lstmcli.prediction import predict, signal_of
from lstmcli.records import Data
from lstmcli.training.population import BrokenOffError, is_due, with_population_statistics
from lstmcli.training.run import copy_weights, result_weights

FIRST = "sequenceInput: 2, batchNormalization"
LSTM = "lstm: {NumHiddenUnits: 3, OutputMode: last}"
END = f"{LSTM}, batchNormalization, fullyConnected: 3, softmax, classification"
LABEL = f"{FIRST}, dropout, fullyConnected: 4, batchNormalization, {END}"
"""Three batch normalizations: of the data, in the middle, and without a time axis."""
LENGTHS = [3, 5, 4, 2, 6]
NAMES = ("TrainedMean", "TrainedVariance")
masked_or_not = pytest.mark.parametrize("masked", [True, False], ids=["masked", "padding as data"])


def data_of(lengths=LENGTHS, layers=LABEL, **changes):
    """Data that is far from mean 0 and variance 1."""
    sequences, targets = make_data(layers, lengths, **changes)
    values = sequences.values * np.float32([3, 0.2]) + np.float32([10, -1])
    return Data(replace(sequences, values=values), targets)


def rows_of_batch(session, rows, pieces=None):
    """The steps that count of a mini-batch, or of pieces of so many steps of it."""
    batch = make_mini_batch(*session.data, np.array(rows), session.options)
    x = signal_of(batch, session.options.mask_padding, np.dtype(np.float64))
    t = np.arange(len(x.data))
    counts = (x.start <= t[:, None]) & (t[:, None] < x.stop)
    edges = range(0, len(t), pieces or len(t))
    return [x.data[k : k + (pieces or len(t))][counts[k : k + (pieces or len(t))]] for k in edges]


def finalized(session):
    run = session.run
    if is_due(session.graph, run, session.options):
        network, sequences = Network(session.graph, run.weights), session.data.sequences
        run.weights = with_population_statistics(network, sequences, session.options, never).weights
    return run.weights


def never():
    return False


def statistics_of(session, weights):
    """Of all layers, one after the other."""
    nodes = session.graph.nodes
    return [
        weights[node.name][p.name]
        for node in nodes
        for p in node.parameters(Role.STATISTIC)
        if p.name in NAMES
    ]


@masked_or_not
@pytest.mark.parametrize("pieces", [None, 3])
def test_running_estimates_follow_every_iteration(masked, pieces):
    length = {} if pieces is None else {"SequenceLength": pieces}
    session = start(
        LABEL, data_of(), MaxEpochs=3, MiniBatchSize=2, Shuffle="never", MaskPadding=masked, **length
    )
    mean, variance = np.zeros(2), np.ones(2)
    batches = [rows for _ in range(3) for rows in ([0, 1], [2, 3])]
    found = [rows for batch in batches for rows in rows_of_batch(session, batch, pieces)]
    steps, weights = trail(session)
    assert len(steps) == len(found)
    for rows, after in zip(found, weights[1:], strict=True):
        mean, variance = 0.1 * rows.mean(axis=0) + 0.9 * mean, 0.1 * rows.var(axis=0) + 0.9 * variance
        np.testing.assert_allclose(after["batchnorm_1"]["TrainedMean"], mean, rtol=2e-6)
        np.testing.assert_allclose(after["batchnorm_1"]["TrainedVariance"], variance, rtol=2e-6)
    # Those before the last iteration, to which a step that fails goes back.
    assert same_bits(session.run.good, weights[-2])


def test_a_run_that_diverges_leaves_the_statistics_of_its_last_good_network():
    layers = (
        "sequenceInput: 2, fullyConnected: 4, batchNormalization, lstm: {NumHiddenUnits: 3, OutputMode: last}"
    )
    layers += ", fullyConnected: 2, regression"
    session = start(layers, data_of(layers=layers), solver="sgdm", InitialLearnRate=1e15, MaxEpochs=1000)
    _, weights = diverge(session)
    assert any(same_bits(session.run.weights, those) for those in weights)
    assert all(np.isfinite(array).all() for array in statistics_of(session, session.run.weights))


def test_statistics_that_are_not_finite_end_the_run():
    data = data_of()
    large = Data(replace(data.sequences, values=data.sequences.values * np.float32(1e30)), data.targets)
    session = start(LABEL, large, MaxEpochs=3)
    with pytest.raises(
        DivergedError, match="iteration 1: the mini-batch leaves statistics that are not finite"
    ):
        session.finish()
    assert same_bits(session.run.weights, session.network.weights)


@masked_or_not
def test_the_population_of_the_first_layer_is_all_data(masked):
    """Also the sequence that no mini-batch of an epoch has."""
    session = start(LABEL, data_of(), MaxEpochs=2, MiniBatchSize=2, Shuffle="never", MaskPadding=masked)
    session.finish()
    found = finalized(session)["batchnorm_1"]
    rows = np.concatenate([rows_of_batch(session, rows)[0] for rows in ([0, 1], [2, 3], [4])])
    if masked:
        np.testing.assert_array_equal(
            rows.sum(axis=0), session.data.sequences.values.sum(axis=0, dtype=float)
        )
    assert found["TrainedMean"].tolist() == rows.mean(axis=0).astype(np.float32).tolist()
    assert found["TrainedVariance"].tolist() == rows.var(axis=0).astype(np.float32).tolist()


@pytest.mark.parametrize("pieces", [{}, {"SequenceLength": 3}], ids=["whole", "pieces"])
def test_later_layers_see_what_the_final_network_gives_them(pieces):
    """By hand, on all data at once: each layer's statistics are those of its input, nothing random on."""
    session = start(
        LABEL, data_of(), MaxEpochs=3, MiniBatchSize=2, MaskPadding=True, InitialLearnRate=0.1, **pieces
    )
    session.finish()
    before = copy_weights(session.run.weights)
    weights = finalized(session)
    batch = make_mini_batch(*session.data, np.arange(len(LENGTHS)), session.options)
    x = signal_of(batch, True, np.dtype(np.float32))
    states = session.graph.initial_states(weights, len(LENGTHS))
    nodes = session.graph.nodes
    for k, node in enumerate(nodes):
        if node.layer.word == "batchNormalization" and not (pieces and node.size_out.steps is None):
            head = Network(Graph(nodes[:k]), weights)
            data = run_layers(head, x, states, Mode()).outputs[-1][0].data.astype(np.float64)
            t = np.arange(len(x.data))[:, None]
            rows = data if node.size_out.steps is None else data[(x.start <= t) & (t < x.stop)]
            own = weights[node.name]
            np.testing.assert_allclose(own["TrainedMean"], rows.mean(axis=0), rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(own["TrainedVariance"], rows.var(axis=0), rtol=1e-5)
            assert own["TrainedVariance"].tobytes() != before[node.name]["TrainedVariance"].tobytes()
    for layer, arrays in before.items():
        for name, array in arrays.items():
            assert name in NAMES or weights[layer][name].tobytes() == array.tobytes()


@masked_or_not
@pytest.mark.parametrize("recurrent", ["lstm: 3", "gru: 3"])
def test_pieces_begin_with_the_state_that_those_before_them_leave(masked, recurrent):
    """Two pieces of three steps each: as if they were not cut."""
    layers = f"sequenceInput: 2, {recurrent}, batchNormalization, fullyConnected: 3, softmax, classification"
    session = start(layers, data_of(layers=layers), MaskPadding=masked, SequenceLength=3)
    cut, whole = (
        with_population_statistics(session.network, session.data.sequences, options, never).weights
        for options in (session.options, replace(session.options, sequence_length="longest"))
    )
    for name in NAMES:
        want = whole["batchnorm"][name]
        np.testing.assert_allclose(cut["batchnorm"][name], want, rtol=1e-5, atol=1e-7)


def test_moving_keeps_the_running_estimates():
    runs = []
    for given in ({"BatchNormalizationStatistics": "moving"}, {}):
        session = start(LABEL, data_of(), MaxEpochs=2, **given)
        session.finish()
        before = copy_weights(session.run.weights)
        runs.append(before)
        assert same_bits(finalized(session), before) == bool(given)
    assert same_bits(*runs)


def test_statistics_that_would_not_be_finite_stay_running_estimates():
    """The sequence that no mini-batch has is too large."""
    data = data_of()
    data.sequences.values[-6:] = 1e30
    session = start(LABEL, data, MaxEpochs=1, MiniBatchSize=4, Shuffle="never")
    session.finish()
    before = copy_weights(session.run.weights)
    found = finalized(session)
    assert found["batchnorm_1"]["TrainedMean"].tobytes() == before["batchnorm_1"]["TrainedMean"].tobytes()
    assert all(np.isfinite(array).all() for array in statistics_of(session, found))


def test_the_best_network_keeps_what_it_was_validated_with():
    options = {"MaxEpochs": 12, "InitialLearnRate": 0.3, "ValidationFrequency": 1, "MaskPadding": True}
    session = start(LABEL, data_of(), validation=data_of([4, 3, 5], seed=1), **options)
    steps, weights = trail(session)
    losses = [step.validation_loss for step in steps]
    best = int(np.argmin(losses))
    assert best < len(steps) - 1
    finalized(session)
    assert same_bits(result_weights(session.run, session.options), weights[best + 1])
    session = start(
        LABEL, data_of(), validation=data_of([4, 3, 5], seed=1), OutputNetwork="last-iteration", **options
    )
    session.finish()
    assert [step.validation_loss for step in steps] == losses
    found = copy_weights(finalized(session))
    assert not same_bits(found, weights[-1])
    assert same_bits(result_weights(session.run, session.options), found)


SPEC = {"MaxEpochs": 4, "MiniBatchSize": 4, "InitialLearnRate": 0.02, "MaskPadding": True}


def test_what_is_stored_predicts_with_the_population_and_checkpoints_with_running_estimates(
    program, tmp_path
):
    spec = write_spec(tmp_path, LABEL, **SPEC)
    (tmp_path / "kept").mkdir()
    assert program("train", spec, "-o", "population.h5", "--CheckpointPath", "kept")[0] == 0
    for how in ("moving", "auto"):
        assert program("train", spec, "-o", f"{how}.h5", "--BatchNormalizationStatistics", how)[0] == 0
    population, moving = read_model("population.h5"), read_model("moving.h5")
    assert_same_weights(read_model("auto.h5"), population)
    assert_same_weights(read_model(checkpoints("kept")[8]), moving)
    for layer, arrays in moving.weights.items():
        for name, array in arrays.items():
            same = array.tobytes() == population.weights[layer][name].tobytes()
            assert same == (name not in NAMES)
    answers = {name: program("predict", name, "train.csv")[1] for name in ("population.h5", "moving.h5")}
    assert len(set(answers.values())) == 2


def test_the_same_bytes_for_one_and_two_threads(program, tmp_path, monkeypatch):
    """More than a thread's worth in every layer."""
    wide = LABEL.replace("fullyConnected: 4", "fullyConnected: 300").replace(
        "NumHiddenUnits: 3", "NumHiddenUnits: 40"
    )
    wide = wide.replace("dropout, ", "layerNormalization, ")
    spec = write_spec(tmp_path, wide, MaxEpochs=3, MiniBatchSize=32)
    write_data(tmp_path / "train.csv", [3 + k % 30 for k in range(70)])
    for threads in (1, 2):
        assert program("train", spec, "-o", f"{threads}.h5", "--threads", threads)[0] == 0
    assert (tmp_path / "1.h5").read_bytes() == (tmp_path / "2.h5").read_bytes()


def test_a_stopped_run_is_finalized_too(program, monkeypatch, tmp_path):
    spec = write_spec(tmp_path, LABEL, **SPEC)
    assert program("train", spec, "-o", "two_epochs.h5", "--MaxEpochs", 2)[0] == 0
    show = TrainingTable.show

    def show_and_signal(self, step, last):
        show(self, step, last)
        if step.iteration == 3:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(TrainingTable, "show", show_and_signal)
    assert program("train", spec, "-o", "stopped.h5", "--MaxEpochs", 1000)[0] == 130
    assert_same_weights(read_model("stopped.h5"), read_model("two_epochs.h5"))


def test_a_finalized_network_answers_as_the_formulas_say():
    """The first layer alone: (x - mean) / sqrt(variance + epsilon) of all data."""
    layers = "sequenceInput: 2, batchNormalization, regression"
    session = start(layers, data_of(layers=layers), MaxEpochs=1, InitialLearnRate=1e-12)
    session.finish()
    network = Network(session.graph, finalized(session))
    x = session.data.sequences.values.astype(np.float64)
    got = np.concatenate([p.values for p in predict(network, session.data.sequences, session.options)])
    # Padding is data: in one mini-batch of all.
    rows = rows_of_batch(session, range(len(LENGTHS)))[0]
    want = (x - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + 1e-5)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-5)


def test_statistics_can_be_broken_off():
    session = start(LABEL, data_of(), MaxEpochs=1, MiniBatchSize=2)
    network, asked = Network(session.graph, session.run.weights), iter([False, False, True])
    before = [array.copy() for array in statistics_of(session, network.weights)]
    with pytest.raises(BrokenOffError):
        with_population_statistics(network, session.data.sequences, session.options, lambda: next(asked))
    for array, was in zip(statistics_of(session, network.weights), before, strict=True):
        assert array.tobytes() == was.tobytes()
