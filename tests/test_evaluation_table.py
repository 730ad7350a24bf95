"""Rows of sequences and of steps: each is what the network answered, and the worst are the worst."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from layers.networks import answers, build, options, random_sequences, random_targets, randomize
from sklearn import metrics as sklearn

from lstmcli.data.parse import Texts
from lstmcli.data.writing import csv_rows
from lstmcli.evaluation import evaluate
from lstmcli.evaluation_table import sequence_rows, step_rows

LENGTHS = (5, 9, 1, 7, 4)
CLASSES = "softmax, classification: {Classes: [name 0, name 1, name 2]}"
RESPONSES = "regression: {ResponseNames: [name 0, name 1, name 2]}"


def evaluated(end, mode, **changes):
    """Each sequence's answers and targets, and the evaluation."""
    layers = f"lstm: {{NumHiddenUnits: 3, OutputMode: {mode}}}, fullyConnected: 3"
    network = randomize(build(f"sequenceInput: 2, {layers}, {end}"), scale=2)
    sequences = random_sequences(LENGTHS, 2)
    targets = random_targets(network, sequences)
    own = np.split(targets.values, sequences.offsets[1:-1] if mode == "sequence" else range(1, len(LENGTHS)))
    return (
        answers(network, sequences, **changes),
        own,
        evaluate(network, sequences, targets, options(**changes)),
    )


def read(rows):
    """What a reader of CSV finds."""
    lines = [",".join(rows.columns), *csv_rows(list(rows.columns.values()))]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def test_a_classifier_of_sequences():
    found, targets, evaluation = evaluated(CLASSES, "last")
    rows = read(sequence_rows(evaluation))
    for n, row in enumerate(rows):
        label = int(found[n].argmax())
        assert row == {
            "sequence": str(n + 1),
            "true": f"name {targets[n][0]}",
            "predicted": f"name {label}",
            "correct": str(int(label == targets[n][0])),
            "score": row["score"],
        }
        assert np.float32(row["score"]) == found[n][targets[n][0]]
    worst = read(sequence_rows(evaluation).worst(len(LENGTHS)))
    assert worst == sorted(rows, key=lambda row: (row["correct"], float(row["score"])))
    assert read(sequence_rows(evaluation).wrong()) == [row for row in rows if row["correct"] == "0"]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("length", ["longest", "shortest"])
def test_a_classifier_of_steps(length, side):
    network_sees = {"sequence_length": length, "sequence_padding_direction": side, "mini_batch_size": 2}
    found, targets, evaluation = evaluated(CLASSES, "sequence", **network_sees)
    kept = [
        t[len(t) - len(y) :] if side == "left" else t[: len(y)] for t, y in zip(targets, found, strict=True)
    ]
    rows = read(step_rows(evaluation, None))
    firsts = [len(t) - len(y) + 1 if side == "left" else 1 for t, y in zip(targets, found, strict=True)]
    wanted = [
        [str(n + 1), str(firsts[n] + t), f"name {kept[n][t]}", f"name {y[t].argmax()}"]
        for n, y in enumerate(found)
        for t in range(len(y))
    ]
    assert [[row[name] for name in ("sequence", "step", "true", "predicted")] for row in rows] == wanted
    for n, row in enumerate(read(sequence_rows(evaluation))):
        right = found[n].argmax(axis=1) == kept[n]
        assert (row["sequence"], row["correct"], row["samples"]) == (
            str(n + 1),
            str(right.sum()),
            str(len(right)),
        )
        assert float(row["accuracy"]) == sklearn.accuracy_score(kept[n], found[n].argmax(axis=1))
        score = np.mean([y[t] for y, t in zip(found[n].astype(np.float64), kept[n], strict=True)])
        assert float(row["score"]) == pytest.approx(score, abs=1e-12)
    worst = sequence_rows(evaluation).worst(2).columns["accuracy"]
    assert list(worst) == sorted(sequence_rows(evaluation).columns["accuracy"])[:2]


def test_a_regressor_of_sequences():
    found, targets, evaluation = evaluated(RESPONSES, "last")
    rows = read(sequence_rows(evaluation))
    assert [(row["sequence"], row["response"]) for row in rows] == [
        (str(n + 1), f"name {r}") for n in range(len(LENGTHS)) for r in range(3)
    ]
    true, predicted, error = (
        np.array([row[name] for row in rows], np.float32) for name in ("true", "predicted", "error")
    )
    np.testing.assert_array_equal(true, np.concatenate(targets).ravel())
    np.testing.assert_array_equal(predicted, np.concatenate(found))
    np.testing.assert_allclose(error, true - predicted, atol=1e-6)
    sizes = np.abs(true.astype(np.float64) - predicted).reshape(-1, 3) / evaluation.metrics.rmse
    worst = read(sequence_rows(evaluation).worst(3))
    assert worst == [rows[k] for k in np.argsort(-sizes.ravel(), kind="stable")[:3]]


def test_a_regressor_of_steps():
    found, targets, evaluation = evaluated(RESPONSES, "sequence")
    rows = read(sequence_rows(evaluation))
    for n, (y, t) in enumerate(zip(found, targets, strict=True)):
        y, t = y.astype(np.float64), t.astype(np.float64)
        for r, row in enumerate(rows[3 * n : 3 * n + 3]):
            assert (row["sequence"], row["response"], row["samples"]) == (
                str(n + 1),
                f"name {r}",
                str(len(t)),
            )
            wanted = {
                "rmse": sklearn.root_mean_squared_error(t[:, r], y[:, r]),
                "mae": sklearn.mean_absolute_error(t[:, r], y[:, r]),
                "mape": sklearn.mean_absolute_percentage_error(t[:, r], y[:, r]),
            }
            for name, value in wanted.items():
                assert float(row[name]) == pytest.approx(value, rel=1e-12)
            # Of one step there is no R2.
            r2 = sklearn.r2_score(t[:, r], y[:, r]) if len(t) > 1 else None
            assert row["r2"] == "" if r2 is None else float(row["r2"]) == pytest.approx(r2, rel=1e-12)
    steps = step_rows(evaluation, None)
    np.testing.assert_array_equal(steps.columns["true"], np.concatenate(targets).ravel())
    assert list(steps.columns["step"][::3]) == [t for length in LENGTHS for t in range(1, length + 1)]


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
def test_answers_that_are_no_numbers_are_the_worst(wrong):
    _, _, found = evaluated(RESPONSES, "sequence")
    answers = found.metrics.answers.copy()
    answers[6, 1] = wrong
    found = replace(found, metrics=replace(found.metrics, answers=answers))
    rows = step_rows(found, None)
    assert len(rows.wrong()) == len(rows)
    assert rows.worst(1).columns["predicted"].tolist() == pytest.approx([wrong], nan_ok=True)
    own = [row for row in read(rows.worst(len(rows))) if row["response"] == "name 1"]
    sizes = [abs(float(row["error"])) for row in own[1:]]
    assert sizes == sorted(sizes, reverse=True)
    (worst,) = read(sequence_rows(found).worst(1))
    (true,) = [row for row in read(sequence_rows(found)) if row["rmse"] in ("inf", "")]
    assert worst == true


def test_some_rows_have_the_texts_of_these_alone():
    _, _, evaluation = evaluated(RESPONSES, "sequence")
    some = step_rows(evaluation, None).select(slice(20, 40)).columns["sequence"]
    assert isinstance(some, Texts)
    assert some.texts == ("2", "3")[: len(some.texts)]
