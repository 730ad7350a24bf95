"""Forecasts, beside the same ones made step by step from whole prefixes of each series."""

from pathlib import Path

import numpy as np
import pytest
from data.numbered import series
from layers.networks import randomize

from lstmcli.data.steps_ahead import Ahead, Future, nothing_known
from lstmcli.errors import DataError, ModelError
from lstmcli.forecasting import Forecaster
from lstmcli.graph import Network
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.network_file import Stored
from lstmcli.prediction import predict
from lstmcli.records import Sequences
from lstmcli.spec_file import read_spec

LSTM = "sequenceInput: 2, lstm: {NumHiddenUnits: 3}, fullyConnected: 2"
LAST = "sequenceInput: 2, lstm: {NumHiddenUnits: 3, OutputMode: last}, fullyConnected: 2"
BILSTM = "sequenceInput: 2, bilstm: 2, fullyConnected: 2"
CAUSAL = "sequenceInput: 2, convolution1d: {FilterSize: 3, NumFilters: 2, Padding: causal}, tanh"
POOLED = "sequenceInput: 2, lstm: 2, globalAveragePooling1d, fullyConnected: 2"


def stored(layers: str, data: str, names: str = "[a, b]", options: str = "") -> Stored:
    end = f"regression: {{ResponseNames: {names}}}"
    text = f"layers: [{layers}, {end}]\noptions: {{{options}}}\ndata: {{{data}}}\n"
    spec = read_spec(text, "test.yaml", Path())
    return Stored(spec, randomize(initialize(build_graph(spec.layers), 0, Path()), 2.0))


def answers(model: Stored, x: np.ndarray) -> np.ndarray:
    """All answers to one series, float[S, R], or the one that there is, float[1, R]."""
    one = Sequences(np.ascontiguousarray(x), np.array([0, len(x)]), ("one",))
    (found,) = predict(model.network, one, model.options)
    return np.atleast_2d(found.values)


def step_by_step(
    model: Stored, sequences: Sequences, steps: int, truth: np.ndarray | None = None
) -> np.ndarray:
    """A step is the last answer to the series up to `horizon` steps before it, or to a window ending there.

    truth : float[N, steps, C] what is fed back; None for the answers
    """
    section, found = model.spec.data, []
    for n in range(len(sequences)):
        x = sequences.values[sequences.offsets[n] : sequences.offsets[n + 1]]
        for step in range(steps):
            seen = x[: len(x) + 1 - section.horizon][-(section.window or len(x)) :]
            answer = answers(model, seen)[-1]
            found.append(answer)
            x = np.vstack([x, answer if truth is None else truth[n, step]])
    return np.reshape(found, (len(sequences), steps, -1))


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open"])
@pytest.mark.parametrize(
    ("layers", "data"),
    [
        *((layers, f"horizon: {horizon}") for layers in (LSTM, LAST, CAUSAL, POOLED) for horizon in (1, 3)),
        *((layers, f"window: 4, horizon: {horizon}") for layers in (LAST, POOLED) for horizon in (1, 3)),
        *((layers, "window: 4, horizon: 1") for layers in (LSTM, BILSTM, CAUSAL)),
        (LSTM, "window: 2, horizon: 3"),
        (BILSTM, "horizon: 1"),
    ],
)
def test_forecast_is_the_answer_to_the_series_so_far(layers, data, closed):
    model = stored(layers, data, options="MiniBatchSize: 2, ResponseNormalization: zscore")
    sequences, truth = series(5, 9, 4, 7), np.random.default_rng(1).standard_normal((4, 5, 2))
    ahead = Ahead(truth.astype(np.float32), None)
    found = Forecaster(model).forecast(sequences, ahead, closed)
    expected = step_by_step(model, sequences, 5, None if closed else ahead.values)
    assert found.shape == (4, 5, 2)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    assert found[2].std(axis=0).min() > 1e-3, "steps differ, or nothing is tested"


@pytest.mark.parametrize("steps", range(1, 8))
@pytest.mark.parametrize("layers", [LSTM, BILSTM, LAST])
@pytest.mark.parametrize("data", ["horizon: 1", "horizon: 3", "window: 4, horizon: 3"])
def test_inputs_that_are_not_needed_do_not_count(layers, data, steps):
    forecaster, x = Forecaster(stored(layers, data)), series(6)
    needed, found = forecaster.inputs_needed(steps), []
    for other in (0, 9):
        values = np.random.default_rng(1).standard_normal((1, steps, 2)).astype(np.float32)
        values[:, needed:] = other
        found.append(forecaster.forecast(x, Ahead(values, None), closed=False))
    assert found[0].tobytes() == found[1].tobytes()
    if needed and data == "horizon: 1":
        values[:, needed - 1] = 9
        assert forecaster.forecast(x, Ahead(values, None), closed=False).tobytes() != found[0].tobytes()


@pytest.mark.parametrize("data", ["horizon: 3", "window: 4, horizon: 3", "window: 3, horizon: 3"])
def test_a_window_with_all_answers_gives_as_many_steps_as_the_horizon(data):
    """A layer that sees a window from both ends answers its last steps as it was trained to."""
    model = stored(BILSTM, data)
    x = series(6)
    found = Forecaster(model).forecast(x, nothing_known(x, 7), closed=True)[0]
    known = x.values
    for first in (0, 3):
        block = answers(model, known[-(model.spec.data.window or len(known)) :])[-3:]
        np.testing.assert_allclose(found[first : first + 3], block, rtol=1e-5, atol=1e-6)
        known = np.vstack([known, found[first : first + 3]])
    np.testing.assert_allclose(
        found[6], answers(model, known[-(model.spec.data.window or 12) :])[-3], rtol=1e-5
    )


def test_forecast_of_a_law_that_is_known():
    """x(t + 1) = 2 x(t) + 1 and y(t + 1) = -y(t), answered in the other order, on their own scale."""
    weights = "fullyConnected: {OutputSize: 2, Weights: [[0, -1], [2, 0]], Bias: [0, 1]}"
    model = stored(f"sequenceInput: 2, {weights}", "horizon: 1", "[y, x]")
    model = Stored(model.spec, initialize(model.network.graph, 0, Path()))
    values = np.array([[9, 9], [1, 5], [3, 2]], np.float32)
    sequences = Sequences(values, np.array([0, 2, 3]), ("k", "k"), ("x", "y"))
    forecaster = Forecaster(model)
    found = forecaster.forecast(sequences, nothing_known(sequences, 3), closed=True)
    assert forecaster.responses == ("y", "x")
    assert found.tolist() == [[[-5, 3], [5, 7], [-5, 15]], [[-2, 7], [2, 15], [-2, 31]]]


def test_inputs_that_are_not_answered_are_taken_as_known():
    """x(t + 1) = x(t) + 10 z(t)."""
    weights = "fullyConnected: {OutputSize: 1, Weights: [[10, 1]], Bias: [0]}"
    model = stored(f"sequenceInput: 2, {weights}", "horizon: 1", "[x]")
    model = Stored(model.spec, initialize(model.network.graph, 0, Path()))
    channels = ("z", "x")
    history = Sequences(np.array([[1, 5], [2, 7]], np.float32), np.array([0, 1, 2]), ("k", "m"), channels)
    known = np.array([[3], [4], [0], [-1], [0]], np.float32)
    times = np.array(list("abcde"), object)
    future = Sequences(known, np.array([0, 3, 5]), ("m", "k"), ("z",), times)
    forecaster = Forecaster(model)
    assert forecaster.unanswered(history) == ("z",)
    ahead = Future(future).ahead(history, 2, 2)
    assert forecaster.forecast(history, ahead, closed=True)[..., 0].tolist() == [[15, 5], [27, 57]]
    assert ahead.times.tolist() == list("deab")
    with pytest.raises(DataError, match="`k` has 2 steps to come, but 3 must be known to forecast 3"):
        Future(future).ahead(history, 3, 3)
    more = Future(future).ahead(history, 3, forecaster.inputs_needed(3))
    assert forecaster.forecast(history, more, closed=True)[..., 0].tolist() == [[15, 5, 5], [27, 57, 97]]
    assert more.times.tolist() == ["d", "e", "", "a", "b", "c"]
    lost = Sequences(history.values, history.offsets, ("k", "q"), channels)
    with pytest.raises(DataError, match="sequence `q` has 0 steps to come"):
        Future(future).ahead(lost, 2, 1)
    alone = Future(future).ahead(lost, 1, 0)
    assert forecaster.forecast(lost, alone, closed=True)[..., 0].tolist() == [[15], [27]]
    assert alone.times.tolist() == ["d", ""]


def test_columns_without_names_are_the_responses_in_order():
    sequences = series(4, channels=None)
    forecaster = Forecaster(stored(LSTM, "horizon: 1", "['1', '2']"))
    assert forecaster.fed(sequences) == [0, 1]
    assert forecaster.unanswered(sequences) == ()
    assert forecaster.fed(series(4)) == [0, 1]
    one = Forecaster(stored(LSTM[:-1] + "1", "horizon: 1", "['1']"))
    with pytest.raises(ModelError, match="answers `1`, which is not one of its inputs"):
        one.fed(sequences)


def test_series_that_are_too_short():
    x = series(3, 2, 1)
    assert len(Forecaster(stored(LSTM, "horizon: 1")).forecast(x, nothing_known(x, 1), closed=True)) == 3
    with pytest.raises(DataError) as caught:
        Forecaster(stored(LSTM, "horizon: 3")).forecast(x, nothing_known(x, 1), closed=True)
    assert [fault.message for fault in caught.value.faults] == [
        "sequence `l` has 2 time steps, but `horizon` 3 needs 3",
        "sequence `m` has 1 time step, but `horizon` 3 needs 3",
    ]
    filters = "sequenceInput: 2, convolution1d: [3, 2], globalMaxPooling1d"
    with pytest.raises(DataError, match=r"sequence `l` has 2 time steps, but .* leaves T - 2 of T"):
        Forecaster(stored(filters, "horizon: 1")).forecast(x, nothing_known(x, 1), closed=True)
    wide = series(5)
    with pytest.raises(DataError, match=r"sequence `k` has 2 time steps, but .* leaves T - 2 of T"):
        Forecaster(stored(filters, "window: 2, horizon: 1")).forecast(
            wide, nothing_known(wide, 1), closed=True
        )


@pytest.mark.parametrize(("horizon", "steps"), [(1, 3), (2, 4), (3, 5)])
def test_the_shortest_window_must_be_long_enough(horizon, steps):
    """Of a network that answers once the first of several answers is to the fewest steps."""
    filters = "sequenceInput: 2, convolution1d: [3, 2], globalMaxPooling1d"
    forecaster = Forecaster(stored(filters, f"window: 9, horizon: {horizon}"))
    x = series(steps, steps - 1)
    enough = Sequences(x.values[:steps], x.offsets[:2], ("k",), x.channels)
    assert np.isfinite(forecaster.forecast(enough, nothing_known(enough, 4), closed=True)).all()
    with pytest.raises(DataError, match=r"sequence `l` has 2 time steps, but .* leaves T - 2 of T"):
        forecaster.forecast(x, nothing_known(x, 1), closed=True)


@pytest.mark.parametrize("data", ["window: 3, horizon: 2", "window: 2, horizon: 4", "horizon: 3"])
def test_every_step_that_the_network_sees_must_be_usable(data):
    words = "wordEmbedding: {Dimension: 2, NumWords: 5, OOVMode: error}"
    last = "lstm: {NumHiddenUnits: 2, OutputMode: last}, fullyConnected: 1"
    model = stored(f"sequenceInput: 1, {words}, {last}", data, "[a]")
    window, horizon = model.spec.data.window or 9, model.spec.data.horizon
    for step in range(9):
        values = np.ones((9, 1), np.float32)
        values[step] = 6
        x = Sequences(values, np.array([0, 9]), ("k",), ("a",))
        if step <= 9 - horizon - window:
            Forecaster(model).forecast(x, nothing_known(x, 1), closed=True)
            continue
        with pytest.raises(DataError, match=r"`k` has 6 for a word, but .* takes numbers from 1 to 5"):
            Forecaster(model).forecast(x, nothing_known(x, 1), closed=True)


def test_sequences_of_one_name_do_not_share_a_state():
    model = stored(LSTM, "horizon: 1")
    own, same = series(5, 7, 4), series(5, 7, 4, ids="aaa")
    found = [Forecaster(model).forecast(x, nothing_known(x, 4), closed=True) for x in (own, same)]
    np.testing.assert_array_equal(*found)
    np.testing.assert_allclose(found[1], step_by_step(model, same, 4), rtol=1e-5, atol=1e-6)


def test_networks_that_do_not_forecast():
    with pytest.raises(ModelError, match="trained without `horizon`"):
        Forecaster(stored(LSTM, "window: 3"))
    text = "layers: [sequenceInput: 1, fullyConnected: 2, softmax, classification: {Classes: [a, b]}]\n"
    spec = read_spec(text + "data: {horizon: 1}\n", "test.yaml", Path())
    network: Network = initialize(build_graph(spec.layers), 0, Path())
    with pytest.raises(ModelError, match="answers with classes"):
        Forecaster(Stored(spec, network))
    words = stored(
        "sequenceInput: 1, wordEmbedding: [2, 3], fullyConnected: 1", "horizon: 1, words: w", "[w]"
    )
    with pytest.raises(ModelError, match="takes words"):
        Forecaster(words)
