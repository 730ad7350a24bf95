"""Curves that are thinned and smoothed, against sums over all of their points."""

import numpy as np
import pytest

from lstmcli.pictures.curve import REACH, Curve, panels_of


def curve_of(values, most):
    curve = Curve(most)
    for number, value in enumerate(values, start=1):
        curve.add(number, value)
    return curve


def test_a_short_curve_is_itself():
    values = [3.0, 1.0, 2.0]
    curve = curve_of(values, most=2)
    assert curve.raw() == ([1, 2, 3], values)
    assert curve.means() == curve.raw()


@pytest.mark.parametrize("count", [5, 8, 9, 64, 1000])
def test_a_long_curve_keeps_extremes_and_means(count):
    values = np.random.default_rng(count).normal(size=count)
    curve = curve_of(values, most=2)
    size = curve.size
    groups = [range(k, min(k + size, count)) for k in range(0, count, size)]
    assert 2 <= len(groups) <= 4
    x, means = curve.means()
    assert x == [(group[0] + group[-1]) / 2 + 1 for group in groups]
    np.testing.assert_allclose(means, [values[group].mean() for group in groups], rtol=1e-12)
    x, y = curve.raw()
    assert x[::2] == x[1::2] == curve.means()[0]
    assert y == [end for group in groups for end in (values[group].min(), values[group].max())]


def test_what_is_no_number_is_no_point():
    curve = curve_of([np.nan, 2.0, np.inf, 4.0, np.nan], most=5)
    assert (curve.raw(), curve.last) == (([2, 4], [2.0, 4.0]), 4.0)
    assert not curve_of([np.nan], most=5)


@pytest.mark.parametrize("count", [1, 2, 77])
def test_smoothing_is_a_mean_with_falling_weights(count):
    values = np.random.default_rng(count).normal(size=count)
    distances = np.abs(np.arange(count)[:, None] - np.arange(count))
    weights = np.exp(-distances / (count * REACH))
    wanted = weights @ values / weights.sum(axis=1)
    np.testing.assert_allclose(curve_of(values, most=100).smooth()[1], wanted, rtol=1e-10)


def test_a_constant_curve_stays_constant():
    x, y = curve_of([5.0] * 3000, most=100).smooth()
    np.testing.assert_allclose(y, 5.0, rtol=1e-12)
    assert (x[0], x[-1]) == (8.5, 2996.5)


def test_the_panels_of_a_history():
    history = {
        "TrainingRMSE": [3.0, 2.0],
        "TrainingLoss": [9.0, 4.0],
        "ValidationRMSE": [np.nan, 2.5],
        "ValidationLoss": [np.nan, 6.25],
    }
    rmse, loss = panels_of(history)
    assert (rmse.label, rmse.name, loss.label, loss.name) == ("RMSE", "RMSE", "Loss", "loss")
    assert (rmse.training.raw(), loss.validation.raw()) == (([1, 2], [3.0, 2.0]), ([2], [6.25]))
