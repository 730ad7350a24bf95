"""sequenceInput: normalizations and their statistics, MinLength, the number of channels."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from layers.example import Example
from layers.networks import answers, build, node_of, options, random_sequences, random_targets, read

from lstmcli.data_fit import check_sequences
from lstmcli.data_statistics import measure_statistics, require_statistics
from lstmcli.errors import DataError, SpecError
from lstmcli.graph_building import build_graph
from lstmcli.initialization import initialize
from lstmcli.layers.layer import Mode
from lstmcli.records import Signal

PROPERTIES = "Name InputSize MinLength Normalization Mean StandardDeviation Min Max"
REQUIRED = ("InputSize: 4",)
AFTER = "{}, fullyConnected: 3, regression"
EXAMPLES = (
    *(
        Example(f"sequenceInput: {{InputSize: 4, Normalization: {word}}}", (), network=AFTER)
        for word in ("none", "zerocenter", "zscore", "rescale-symmetric", "rescale-zero-one")
    ),
    Example("sequenceInput: {InputSize: [3, 2, 4], Normalization: zscore}", (), network=AFTER),
)

LENGTHS = (6, 2, 11)
FORMULAS = {
    "none": lambda x, all_steps: x,
    "zerocenter": lambda x, all_steps: x - all_steps.mean(axis=0),
    "zscore": lambda x, all_steps: (x - all_steps.mean(axis=0)) / all_steps.std(axis=0, ddof=1),
    "rescale-symmetric": lambda x, all_steps: 2 * (x - all_steps.min(axis=0)) / np.ptp(all_steps, axis=0) - 1,
    "rescale-zero-one": lambda x, all_steps: (x - all_steps.min(axis=0)) / np.ptp(all_steps, axis=0),
}
STATISTICS = {
    "none": [],
    "zerocenter": ["Mean"],
    "zscore": ["Mean", "StandardDeviation"],
    "rescale-symmetric": ["Max", "Min"],
    "rescale-zero-one": ["Max", "Min"],
}


def training_sequences(shift=3.0, scale=40.0):
    sequences = random_sequences(LENGTHS, 4)
    return replace(sequences, values=(scale * sequences.values + shift).astype(np.float32))


def unmeasured(properties):
    """A network as it is before it sees data."""
    spec = read(f"sequenceInput: {{InputSize: 4, {properties}}}, fullyConnected: 2, regression")
    return initialize(build_graph(spec.layers), 0, Path())


def measured(properties, sequences, **changes):
    network = unmeasured(properties)
    return measure_statistics(network, sequences, random_targets(network, sequences), options(**changes))


def normalize(network, values):
    """The layer's output for one sequence."""
    node = node_of(network, "sequenceInput")
    start = np.zeros(1, np.int32)
    x = Signal(values[:, None], start, start + len(values))
    return node.layer.forward(network.weights[node.name], (x,), (), Mode()).outputs[0].data[:, 0]


@pytest.mark.parametrize("normalization", FORMULAS)
def test_normalization_follows_its_formula_over_all_steps_of_all_sequences(normalization):
    sequences = training_sequences()
    network = measured(f"Normalization: {normalization}", sequences)
    steps = sequences.values.astype(np.float64)
    other = training_sequences(5, 10).values
    for x in (sequences.values, other):
        want = FORMULAS[normalization](x.astype(np.float64), steps)
        np.testing.assert_allclose(normalize(network, x), want, rtol=2e-6, atol=2e-6)
    assert sorted(network.weights["sequenceinput"]) == STATISTICS[normalization]


@pytest.mark.parametrize(("normalization", "low"), [("rescale-symmetric", -1), ("rescale-zero-one", 0)])
def test_rescaling_meets_its_range_exactly(normalization, low):
    sequences = training_sequences()
    y = normalize(measured(f"Normalization: {normalization}", sequences), sequences.values)
    assert (y.min(axis=0) == low).all()
    assert (y.max(axis=0) == 1).all()


@pytest.mark.parametrize("normalization", FORMULAS)
def test_a_channel_that_is_constant_in_training_becomes_constant(normalization):
    sequences = training_sequences()
    sequences.values[:, 2] = 0.1
    network = measured(f"Normalization: {normalization}", sequences)
    constant = {"none": np.float32(0.1), "rescale-symmetric": -1.0}.get(normalization, 0.0)
    assert (normalize(network, sequences.values)[:, 2] == constant).all()
    other = sequences.values.copy()
    other[:, 2] = 7
    assert np.isfinite(normalize(network, other)).all()


def test_one_step_of_data_has_no_spread():
    sequences = random_sequences([1], 4)
    network = measured("Normalization: zscore", sequences)
    assert (network.weights["sequenceinput"]["StandardDeviation"] == 0).all()
    assert (normalize(network, sequences.values) == 0).all()


def test_given_statistics_are_measured_anew_unless_reset_is_off():
    sequences = training_sequences()
    given = "Normalization: zscore, Mean: [1, 2, 3, 4], StandardDeviation: [[5], [6], [7], [8]]"
    kept = measured(given, sequences, reset_input_normalization=False).weights["sequenceinput"]
    np.testing.assert_array_equal(kept["Mean"], np.array([1, 2, 3, 4], np.float32))
    np.testing.assert_array_equal(kept["StandardDeviation"], np.array([5, 6, 7, 8], np.float32))
    anew = measured(given, sequences).weights["sequenceinput"]
    np.testing.assert_allclose(anew["Mean"], sequences.values.mean(axis=0, dtype=np.float64), rtol=1e-6)


def test_without_reset_only_what_is_missing_is_measured():
    sequences = training_sequences()
    network = measured(
        "Normalization: rescale-zero-one, Max: [400, 400, 400, 400]",
        sequences,
        reset_input_normalization=False,
    )
    statistics = network.weights["sequenceinput"]
    assert (statistics["Max"] == 400).all()
    np.testing.assert_array_equal(statistics["Min"], sequences.values.min(axis=0))


def test_statistics_that_nobody_gave_or_measured_are_asked_for():
    with pytest.raises(SpecError, match="sequenceInput `sequenceinput` needs its `StandardDeviation`"):
        require_statistics(unmeasured("Normalization: zscore, Mean: [1, 2, 3, 4]"))
    require_statistics(measured("Normalization: zscore", training_sequences()))


def test_a_statistic_of_another_size_is_refused():
    with pytest.raises(SpecError, match="`Mean` of sequenceInput `sequenceinput` must be 4-by-1, got 3-by-1"):
        unmeasured("Normalization: zerocenter, Mean: [1, 2, 3]")


def test_padding_is_normalized_where_it_is_data():
    network = build("sequenceInput: {InputSize: 1, Normalization: zscore, Mean: 3, StandardDeviation: 2}, "
                    "lstm: {NumHiddenUnits: 5, OutputMode: last}, regression")  # fmt: skip
    short, long = random_sequences([2], 1, seed=1), random_sequences([4], 1, seed=2)
    both = replace(
        long,
        values=np.concatenate([short.values, long.values]),
        offsets=np.array([0, 2, 6]),
        ids=("1", "2"),
    )
    by_hand = replace(long, values=np.concatenate([short.values, np.full((2, 1), 7, np.float32)]))
    padded = answers(network, both, sequence_padding_value=7.0)[0]
    assert padded.tobytes() == answers(network, by_hand)[0].tobytes()


def test_min_length_refuses_shorter_sequences():
    graph = build("sequenceInput: {InputSize: 4, MinLength: 3}, fullyConnected: 2, regression").graph
    check_sequences(graph, random_sequences([3, 4], 4), options(), trained=False)
    with pytest.raises(DataError, match=r"sequence `2` has 2 time steps, but .* has `MinLength` 3"):
        check_sequences(graph, random_sequences([3, 2, 1], 4), options(), trained=False)


def test_another_number_of_channels_is_refused():
    graph = build("sequenceInput: 4, fullyConnected: 2, regression").graph
    nameless = random_sequences([3], 3)
    named = replace(nameless, channels=("x", "y", "z"))
    choose, size = "choose 4 with `features`", "set `InputSize` to 3 in the spec"
    for sequences, trained, help in (
        (nameless, False, size),
        (nameless, True, None),
        (named, False, f"{choose}, or {size}"),
        (named, True, choose),
    ):
        with pytest.raises(DataError, match=r"the data has 3 feature channels.* expects 4") as caught:
            check_sequences(graph, sequences, options(), trained)
        assert caught.value.faults[0].help == help
