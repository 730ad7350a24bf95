"""Predictions as lines of CSV: what any reader of CSV finds in them is what the network answered."""

import csv

import numpy as np
import pytest
from layers.networks import read

from lstmcli.graph_building import build_graph
from lstmcli.prediction import Prediction
from lstmcli.prediction_table import PredictionTable
from lstmcli.records import Sequences

SEQUENCES = Sequences(
    values=np.zeros((5, 1), np.float32),
    offsets=np.array([0, 2, 5]),
    ids=('say "a", b', "5"),
    times=np.array(["0", "0,5", "1", "", "2"], object),
)


def table(end, mode="sequence", time=None, scores=True):
    text = f"sequenceInput: 1, lstm: {{NumHiddenUnits: 2, OutputMode: {mode}}}, {end}"
    graph = build_graph(read(text).layers)
    return PredictionTable(graph, time, labels=True, scores=scores, per_step=graph.output_size.time)


def rows(table, values):
    """What the lines hold: answers to the second sequence from its step 1 on, then to the first."""
    predictions = [Prediction(1, values[:2], 1), Prediction(0, values[2:], 0)]
    return list(csv.reader([table.header(), *table.lines(SEQUENCES, predictions)]))


def test_numbers_read_back_as_the_same():
    random = np.random.default_rng(0)
    special = [0, -0.0, 1, 0.1, 1e-45, 1.1754944e-38, 3.4028235e38, 16777216, 1e10, -123456.78, 1e-5, 1 / 3]
    anything = random.integers(0, 2**32, 100_000, np.uint64).astype(np.uint32).view(np.float32)
    values = np.append(np.array(special, np.float32), anything[np.isfinite(anything)])
    values = np.append(values, np.zeros(-len(values) % 4, np.float32)).reshape(4, -1)
    names = ", ".join(f"r{k}" for k in range(values.shape[1]))
    end = f"fullyConnected: {values.shape[1]}, regression: {{ResponseNames: [{names}]}}"
    found = np.array([row[1:] for row in rows(table(end), values)[1:]], np.float32)
    np.testing.assert_array_equal(found.view(np.uint32), values.view(np.uint32))


def test_numbers_have_no_digit_too_many():
    values = np.array([[0.1], [1e-7], [2], [16777216]], np.float32)
    found = rows(table("fullyConnected: 1, regression: {ResponseNames: [r]}"), values)
    assert [row[1] for row in found] == ["r", "0.1", "1e-7", "2", "16777216"]


def test_rows_of_steps():
    end = 'fullyConnected: 2, softmax, classification: {Classes: ["a, b", c]}'
    values = np.array([[0.25, 0.75], [1, 0], [0, 1], [0.5, 0.5]], np.float32)
    assert rows(table(end, time="t"), values) == [
        ["sequence", "t", "label", "a, b", "c"],
        ["5", "", "c", "0.25", "0.75"],
        ["5", "2", "a, b", "1", "0"],
        ['say "a", b', "0", "c", "0", "1"],
        ['say "a", b', "0,5", "a, b", "0.5", "0.5"],
    ]


@pytest.mark.parametrize("scores", [True, False])
def test_a_row_a_sequence(scores):
    end = "fullyConnected: 2, softmax, classification: {Classes: [yes, no]}"
    predictions = [Prediction(0, np.array([0.25, 0.75], np.float32), 0)]
    shown = table(end, "last", time="t", scores=scores)
    lines = [shown.header(), *shown.lines(SEQUENCES, predictions)]
    assert lines == ["sequence,label" + ",yes,no" * scores, '"say ""a"", b",no' + ",0.25,0.75" * scores]
