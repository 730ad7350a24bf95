"""Pictures of evaluations: the numbers that are in them, at any size, and the same bytes again."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lstmcli.evaluation import Evaluation
from lstmcli.metrics import ClassificationMetrics, RegressionMetrics
from lstmcli.pictures.evaluation import draw_evaluation
from lstmcli.pictures.figure import drawn, styled
from lstmcli.records import Sequences

SPECIAL = ("$x_1$", "<b>&", "走路", "a name that goes on and on and on")


def classified(classes, samples=500):
    random = np.random.default_rng(classes)
    names = (*SPECIAL, *(f"class {k}" for k in range(classes)))[:classes]
    scores = random.uniform(size=(samples, classes)).astype(np.float32)
    return of_sequences(ClassificationMetrics(names, scores, random.integers(0, classes, samples, np.int32)))


def of_sequences(metrics, lengths=None):
    """An evaluation of sequences, or of so many steps of some."""
    counts = lengths or [1] * metrics.count
    offsets = np.concatenate([[0], np.cumsum(counts)])
    ids = tuple(f"id {n}" for n in range(len(counts)))
    sequences = Sequences(np.zeros((offsets[-1], 1), np.float32), offsets, ids)
    return Evaluation(sequences, metrics, offsets, np.arange(offsets[-1]) if lengths else None)


def responses(count, R, lengths=None):
    random = np.random.default_rng(count)
    true = random.standard_normal((count, R)).astype(np.float32)
    names = tuple(f"response {r}" for r in range(R))
    answers = true + random.standard_normal((count, R)).astype(np.float32)
    return of_sequences(RegressionMetrics(names, answers, true), lengths)


def texts(evaluation):
    """Those of its picture in SVG, which is drawn twice alike."""
    svg = drawn(draw_evaluation(evaluation), "svg")
    assert svg == drawn(draw_evaluation(evaluation), "svg")
    found = [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    return found, svg


@pytest.mark.parametrize("classes", [2, 9, 50])
def test_a_confusion_chart_has_all_counts_names_and_shares(classes):
    evaluation = classified(classes)
    metrics = evaluation.metrics
    found, svg = texts(evaluation)
    numbers = sorted(int(text) for text in found if re.fullmatch(r"\d+", text))
    assert numbers == sorted(metrics.confusion[metrics.confusion > 0].tolist())
    names = [name if len(name) < 25 else name[:23] + "…" for name in metrics.classes]
    assert sorted(text for text in found if text in names) == sorted(2 * names)
    shares = [f"{100 * v:.1f}" for v in (*metrics.recall, *metrics.precision) if not np.isnan(v)]
    assert sorted(text for text in found if re.fullmatch(r"\d+\.\d", text)) == sorted(shares)
    assert f"Accuracy {100 * metrics.accuracy:.2f} % of 500" in found
    assert len(svg) < 1_000_000


def test_responses_have_their_figures_and_the_worst_sequence():
    evaluation = responses(60, 2, lengths=[10, 20, 30])
    found, _ = texts(evaluation)
    for r in range(2):
        rmse, r2 = evaluation.metrics.rmse[r], evaluation.metrics.r2[r]
        assert f"RMSE {rmse:.4g}, R2 {r2:.4f}" in found
        own = [np.sqrt(np.mean(part[:, r] ** 2)) for part in np.split(evaluation.metrics.errors, [10, 30])]
        worst = int(np.argmax(own))
        assert f"worst: id {worst}" in found
        assert f"RMSE {own[worst]:.4g}" in found


@pytest.mark.parametrize("lengths", [None, [25_000, 15_000]])
def test_a_picture_of_many_samples_is_small(lengths):
    found, svg = texts(responses(40_000, 1, lengths))
    assert len(svg) < 600_000
    assert ("Time step (smallest and largest of each 25)" in found) == (lengths is not None)


@pytest.mark.parametrize("R", [1, 2, 6])
def test_nothing_lies_over_the_curves_or_on_another_panel(R):
    with styled():
        figure = draw_evaluation(responses(40_000, R, [25_000, 15_000]))
        figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    whole = [axes.get_tightbbox(renderer) for axes in figure.axes]
    for k, box in enumerate(whole):
        assert not any(box.overlaps(other) for other in whole[k + 1 :])
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["true", "predicted"]
    assert not any(legend.get_window_extent(renderer).overlaps(box) for box in whole)
    bars = [bar for axes in figure.axes[::3] for bar in axes.child_axes]
    assert [bar.get_title(loc="left") for bar in bars] == ["samples"] * R
    # A bar is of counts, of which none is below 1, and its name is above it.
    assert all(bar.get_ylim()[0] == 1 for bar in bars)
    assert not any(bar.get_ylabel() for bar in bars)


def test_few_finite_answers_of_many_are_points():
    evaluation = responses(5000, 1)
    evaluation.metrics.answers[1:] = np.nan
    found, _ = texts(evaluation)
    assert "samples" not in found


def test_a_constant_response_and_one_sample_can_be_drawn():
    metrics = RegressionMetrics(("y",), np.zeros((1, 1), np.float32), np.zeros((1, 1), np.float32))
    found, _ = texts(of_sequences(metrics))
    assert "RMSE 0" in found


def test_of_many_responses_the_first_are_drawn():
    found, _ = texts(responses(20, 9))
    assert "The first 8 of 9 responses" in found
    assert "response 8" not in found
