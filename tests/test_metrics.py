"""Figures of answers, against scikit-learn's."""

import numpy as np
import pytest
from sklearn import metrics as sklearn

from lstmcli.metrics import ClassificationMetrics, RegressionMetrics

CLASSES = [2, 3, 7]
seeds = pytest.mark.parametrize("seed", range(20))


def classified(seed, classes, ties=False):
    random = np.random.default_rng(seed)
    N = int(random.integers(classes, 200))
    scores = random.uniform(size=(N, classes)).astype(np.float32)
    scores = np.round(scores, 1) if ties else scores
    targets = np.concatenate([np.arange(classes), random.integers(0, classes, N - classes)])
    random.shuffle(targets)
    return ClassificationMetrics(tuple(map(str, range(classes))), scores, targets.astype(np.int32))


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


@seeds
@pytest.mark.parametrize("classes", CLASSES)
def test_classifiers(seed, classes):
    found = classified(seed, classes)
    true, predicted, labels = found.targets, found.scores.argmax(axis=1), np.arange(classes)
    assert found.confusion.tolist() == sklearn.confusion_matrix(true, predicted, labels=labels).tolist()
    close(found.accuracy, sklearn.accuracy_score(true, predicted))
    close(found.balanced_accuracy, sklearn.balanced_accuracy_score(true, predicted))
    wanted = sklearn.precision_recall_fscore_support(
        true, predicted, labels=labels, average=None, zero_division=np.nan
    )
    for got, want in zip((found.precision, found.recall, found.f1, found.support), wanted, strict=True):
        close(got, want)
    for k in range(1, classes):
        if classes > 2:
            close(found.top(k), sklearn.top_k_accuracy_score(true, found.scores, k=k, labels=labels))
    assert found.top(classes) == 1


@seeds
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("classes", CLASSES)
def test_areas(seed, classes, ties):
    found = classified(seed, classes, ties)
    for k, area in enumerate(found.auc):
        close(area, sklearn.roc_auc_score(found.targets == k, found.scores[:, k]))


def test_what_is_no_number_is_ranked_first():
    nan = np.nan
    scores = np.array([[nan, nan, nan], [0.1, nan, 0.2], [0.1, 0.2, 0.7]], np.float32)
    found = ClassificationMetrics(("a", "b", "c"), scores, np.array([1, 2, 2], np.int32))
    assert found.predicted.tolist() == [0, 1, 2]
    assert [found.top(k) for k in (1, 2, 3)] == [found.accuracy, 1, 1] == [1 / 3, 1, 1]
    assert np.isnan(found.auc).all()


def test_equal_scores_are_ranked_as_they_stand():
    found = ClassificationMetrics(("a", "b", "c"), np.ones((3, 3), np.float32), np.arange(3, dtype=np.int32))
    assert [found.top(k) for k in (1, 2, 3)] == [1 / 3, 2 / 3, 1]
    assert found.accuracy == found.top(1)


def test_what_is_of_nothing():
    scores = np.array([[0.9, 0.1, 0], [0.2, 0.8, 0]], np.float32)
    found = ClassificationMetrics(("a", "b", "c"), scores, np.array([0, 0], np.int32))
    assert np.isnan(found.precision).tolist() == [False, False, True]
    assert np.isnan(found.recall).tolist() == [False, True, True]
    assert np.isnan(found.f1).tolist() == [False, False, True]
    assert np.isnan(found.auc).all()
    assert found.balanced_accuracy == 0.5


@seeds
@pytest.mark.parametrize("responses", [1, 3])
def test_regressors(seed, responses):
    random = np.random.default_rng(seed)
    answers, targets = random.normal(size=(2, int(random.integers(2, 100)), responses)).astype(np.float32)
    found = RegressionMetrics(tuple(map(str, range(responses))), answers, targets)
    raw = {"multioutput": "raw_values"}
    wide = targets.astype(np.float64), answers.astype(np.float64)
    close(found.rmse, sklearn.root_mean_squared_error(*wide, **raw))
    close(found.mae, sklearn.mean_absolute_error(*wide, **raw))
    close(found.mape, sklearn.mean_absolute_percentage_error(*wide, **raw))
    close(found.r2, sklearn.r2_score(*wide, **raw))


def test_what_has_no_share():
    """A constant target has no spread to explain, and of 0 there are no shares."""
    found = RegressionMetrics(("y",), np.ones((2, 1), np.float32), np.zeros((2, 1), np.float32))
    assert np.isnan(found.r2).all()
    assert np.isnan(found.mape).all()
    assert found.mae.tolist() == [1]
