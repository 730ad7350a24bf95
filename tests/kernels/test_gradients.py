"""The check by numbers finds a wrong gradient."""

import numpy as np
import pytest
from gradients import directional_check


def cubes(a, b):
    return float(np.sum(a**3) + np.sum(b))


def test_a_right_gradient_passes():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(3, 4)), rng.normal(size=5)
    directional_check(cubes, [a, b], [3 * a**2, np.ones(5)], rng)


def test_a_gradient_wrong_by_1e_5_fails():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(3, 4)), rng.normal(size=5)
    with pytest.raises(AssertionError, match="array 1"):
        directional_check(cubes, [a, b], [3 * a**2, np.full(5, 1 + 1e-5)], rng)
