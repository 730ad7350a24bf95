"""Initial weights: distributions, orthogonality, positions, users' functions, bits that follow the seed."""

import sys
from pathlib import Path

import numpy as np
import pytest
from layers.networks import read

from lstmcli.errors import ModelError, SpecError
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.modelfile import write_model
from lstmcli.network_file import read_network, to_model
from lstmcli.thread_count import set_threads

# About 1e6 draws each. Fans: numIn is what comes in along the columns, numOut all rows, 4H or 8H.
CASES = [
    # layer, channels, learnable, its shape, numIn, numOut
    ("lstm: {NumHiddenUnits: 500, %s}", 500, "InputWeights", (2000, 500), 500, 2000),
    ("lstm: {NumHiddenUnits: 500, %s}", 3, "RecurrentWeights", (2000, 500), 500, 2000),
    ("bilstm: {NumHiddenUnits: 250, %s}", 500, "InputWeights", (2000, 500), 500, 2000),
    ("bilstm: {NumHiddenUnits: 350, %s}", 3, "RecurrentWeights", (2800, 350), 350, 2800),
    ("gru: {NumHiddenUnits: 600, %s}", 600, "InputWeights", (1800, 600), 600, 1800),
    ("gru: {NumHiddenUnits: 600, %s}", 3, "RecurrentWeights", (1800, 600), 600, 1800),
    ("fullyConnected: {OutputSize: 800, %s}", 1250, "Weights", (800, 1250), 1250, 800),
]
VARIANCE = {
    "glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he": lambda fan_in, fan_out: 2 / fan_in,
    "narrow-normal": lambda fan_in, fan_out: 0.01**2,
}
FOURTH_MOMENT = {"glorot": 9 / 5, "he": 3, "narrow-normal": 3}
"""Of a uniform and of a normal distribution, in units of the squared variance."""


def network_of(layer, channels=3, seed=0, folder=None):
    spec = read(f"sequenceInput: {channels}, {layer}, regression")
    return initialize(build_graph(spec.layers), seed, folder or Path())


def draw(layer, channels, name, seed=0):
    """One learnable, drawn as `initialize` draws it but without the others."""
    graph = build_graph(read(f"sequenceInput: {channels}, {layer}, regression").layers)
    parameter = next(p for p in graph.nodes[1].parameters() if p.name == name)
    return parameter.initialize(np.random.default_rng(seed), parameter.shape)


@pytest.mark.parametrize("rule", VARIANCE)
@pytest.mark.parametrize(("layer", "channels", "name", "shape", "fan_in", "fan_out"), CASES)
def test_mean_and_variance(rule, layer, channels, name, shape, fan_in, fan_out):
    w = draw(layer % f"{name}Initializer: {rule}", channels, name)
    variance = VARIANCE[rule](fan_in, fan_out)
    assert w.shape == shape
    assert abs(w.mean()) <= 0.01 * np.sqrt(variance)
    assert abs(w.var() - variance) <= 0.01 * variance
    assert abs((w**4).mean() / variance**2 - FOURTH_MOMENT[rule]) <= 0.02 * FOURTH_MOMENT[rule]
    # Each gate and each column is drawn alike.
    for part in (*np.split(w, 8), *np.split(w, 5, axis=1)):
        assert abs(part.var() - variance) <= 0.03 * variance


@pytest.mark.parametrize(
    "layer", ["lstm: {NumHiddenUnits: 100000, %s}", "bilstm: {NumHiddenUnits: 50000, %s}"]
)
def test_a_narrow_normal_bias(layer):
    b = draw(layer % "BiasInitializer: narrow-normal", 1, "Bias")
    assert b.shape == (400000,)
    assert abs(b.mean()) <= 0.01 * 0.01
    assert abs(b.var() - 0.01**2) <= 0.01 * 0.01**2


@pytest.mark.parametrize(
    ("layer", "channels", "name"),
    [
        ("lstm: 100", 12, "RecurrentWeights"),
        ("bilstm: 60", 12, "RecurrentWeights"),
        ("lstm: 1", 12, "RecurrentWeights"),
        ("lstm: {NumHiddenUnits: 10, InputWeightsInitializer: orthogonal}", 7, "InputWeights"),
        ("lstm: {NumHiddenUnits: 10, InputWeightsInitializer: orthogonal}", 40, "InputWeights"),
        ("lstm: {NumHiddenUnits: 10, InputWeightsInitializer: orthogonal}", 130, "InputWeights"),
        ("fullyConnected: {OutputSize: 30, WeightsInitializer: orthogonal}", 200, "Weights"),
        ("fullyConnected: {OutputSize: 200, WeightsInitializer: orthogonal}", 30, "Weights"),
    ],
)
def test_orthogonal_weights_have_orthonormal_columns_or_where_they_are_wide_rows(layer, channels, name):
    network = network_of(layer, channels)
    w = network.weights[network.graph.nodes[1].name][name].astype(np.float64)
    w = w if w.shape[0] >= w.shape[1] else w.T
    assert np.abs(w.T @ w - np.eye(w.shape[1])).max() <= 1e-5


def test_orthogonal_is_q_of_the_whole_stacked_matrix_with_a_positive_diagonal_of_r():
    w = draw("lstm: 20", 3, "RecurrentWeights")
    z = np.random.default_rng(0).standard_normal((80, 20))
    q, r = np.linalg.qr(z)
    np.testing.assert_allclose(w, q * np.sign(np.diag(r)), rtol=0, atol=1e-12)


def test_zeros_and_ones():
    text = "lstm: {NumHiddenUnits: 3, InputWeightsInitializer: ones, RecurrentWeightsInitializer: zeros"
    own = network_of(f"{text}, BiasInitializer: ones}}").weights["lstm"]
    assert (own["InputWeights"] == 1).all()
    assert (own["RecurrentWeights"] == 0).all()
    assert (own["Bias"] == 1).all()
    own = network_of("fullyConnected: {OutputSize: 3, WeightsInitializer: zeros, BiasInitializer: ones}")
    assert (own.weights["fc"]["Weights"] == 0).all()
    assert (own.weights["fc"]["Bias"] == 1).all()


@pytest.mark.parametrize(("word", "name", "directions"), [("lstm", "lstm", 1), ("bilstm", "biLSTM", 2)])
def test_unit_forget_gate_is_one_in_the_forget_gate_of_each_direction(word, name, directions):
    bias = network_of(f"{word}: 5").weights[name]["Bias"]
    want = np.tile(np.repeat([0, 1, 0, 0], 5), directions)
    np.testing.assert_array_equal(bias, want)


def test_initializers_run_only_where_no_values_are_given(tmp_path, functions):
    given = "[[1], [2], [3], [4]]"
    text = f"InputWeights: {given}, InputWeightsInitializer: 'python:{functions}:fail'"
    own = network_of(f"lstm: {{NumHiddenUnits: 1, {text}}}", 1, folder=tmp_path).weights["lstm"]
    np.testing.assert_array_equal(own["InputWeights"], [[1], [2], [3], [4]])


@pytest.fixture
def functions(tmp_path, monkeypatch):
    """The name of a module of a user's functions."""
    (tmp_path / "users_functions.py").write_text(
        "import numpy as np\n"
        "calls = []\n"
        "def ramp(size):\n"
        "    calls.append(size)\n"
        "    return np.arange(np.prod(size)).reshape(size)\n"
        "def rows(size): return [[0.5] * size[1]] * size[0]\n"
        "def transposed(size): return np.zeros(size[::-1])\n"
        "def number(size): return 1.0\n"
        "def nans(size): return np.full(size, np.nan)\n"
        "def words(size): return 'glorot'\n"
        "def fail(size): raise KeyError('out of luck')\n"
        "not_a_function = 3\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield "users_functions"
    sys.modules.pop("users_functions", None)


def test_a_users_function_gets_the_size_and_gives_the_values(functions):
    names = ("InputWeights", "RecurrentWeights", "Bias")
    rules = ", ".join(f"{name}Initializer: 'python:{functions}:ramp'" for name in names)
    own = network_of(f"bilstm: {{NumHiddenUnits: 2, {rules}}}").weights["biLSTM"]
    assert sys.modules[functions].calls == [(16, 3), (16, 2), (16, 1)]
    np.testing.assert_array_equal(own["InputWeights"], np.arange(48).reshape(16, 3))
    np.testing.assert_array_equal(own["RecurrentWeights"], np.arange(32).reshape(16, 2))
    np.testing.assert_array_equal(own["Bias"], np.arange(16))
    assert all(own[name].dtype == np.float32 for name in names)


def test_a_users_function_may_return_a_list(functions):
    layer = f"fullyConnected: {{OutputSize: 2, WeightsInitializer: 'python:{functions}:rows'}}"
    np.testing.assert_array_equal(network_of(layer).weights["fc"]["Weights"], np.full((2, 3), 0.5))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("users_functions:transposed", "must return finite numbers of size 2-by-3, got 3-by-2"),
        ("users_functions:number", "must return finite numbers of size 2-by-3, got a single number"),
        ("users_functions:nans", "must return finite numbers of size 2-by-3"),
        ("users_functions:words", "failed: ValueError: "),
        ("users_functions:fail", "failed: KeyError: 'out of luck'"),
        ("users_functions:nothing", "failed: AttributeError: "),
        ("users_functions:not_a_function", "failed: TypeError: "),
        ("no_such_module:f", "failed: ModuleNotFoundError: No module named 'no_such_module'"),
    ],
)
def test_what_a_users_function_does_wrong_is_said_where_it_is_named(function, message, functions):
    with pytest.raises(SpecError) as caught:
        network_of(f"fullyConnected: {{OutputSize: 2, WeightsInitializer: 'python:{function}'}}")
    (fault,) = caught.value.faults
    assert f"`python:{function}` {message}" in fault.message
    assert fault.where.file == "test.yaml"
    assert fault.where.source[fault.where.column - 1 :].startswith(f"'python:{function}'")


def test_every_failing_function_is_reported_in_one_run(functions):
    rules = f"WeightsInitializer: 'python:{functions}:fail', BiasInitializer: 'python:{functions}:number'"
    with pytest.raises(SpecError) as caught:
        network_of(f"fullyConnected: {{OutputSize: 2, {rules}}}")
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("layers", "layer", "name"),
    [
        ("sequenceInput: 2, batchNormalization, regression", "batchnorm", "TrainedVariance"),
        (
            "sequenceInput: {InputSize: 2, Normalization: zscore, Mean: [1, 2], StandardDeviation: [0, 3]}, "
            "regression",
            "sequenceinput",
            "StandardDeviation",
        ),
    ],
)
def test_statistics_of_a_model_that_cannot_be_below_0(layers, layer, name, tmp_path):
    spec, path = read(layers), tmp_path / "m.h5"
    network = initialize(build_graph(spec.layers), 0, tmp_path)
    write_model(path, to_model(spec, network, {}))
    read_network(path)
    network.weights[layer][name][1] = -1
    write_model(path, to_model(spec, network, {}))
    with pytest.raises(ModelError, match=f"`/Layers/{layer}/{name}` has values below 0"):
        read_network(path)


STACK = "lstm: 100, bilstm: 30, fullyConnected: {OutputSize: 7, WeightsInitializer: he}"


def bits(network):
    return {(layer, name): a.tobytes() for layer, own in network.weights.items() for name, a in own.items()}


def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads():
    want = bits(network_of(STACK))
    assert bits(network_of(STACK)) == want
    for threads in (1, sys.maxsize):
        set_threads(threads)
        assert bits(network_of(STACK)) == want


def test_another_seed_gives_other_weights():
    first, second = bits(network_of(STACK)), bits(network_of(STACK, seed=1))
    drawn = {key for key in first if first[key] != second[key]}
    weights = {"InputWeights", "RecurrentWeights"}
    assert drawn == {("fc", "Weights")} | {(layer, name) for layer in ("lstm", "biLSTM") for name in weights}


def test_layers_of_the_same_kind_are_drawn_apart():
    weights = network_of("lstm: 3, lstm: 3").weights
    assert (weights["lstm_1"]["InputWeights"] != weights["lstm_2"]["InputWeights"]).all()
