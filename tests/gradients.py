"""Gradients checked by numbers: the slope of a function along a random direction, by central difference."""

import numpy as np

STEP = 1e-6
TOLERANCE = 1e-6
ROUNDING = 1e-8
"""Of the slope of a number of about 10, which is known to 1e-15: what shows of a gradient that is 0."""


def directional_check(function, arrays, gradients, rng):
    """Asserts that gradients[k] is the gradient of function(*arrays) with respect to arrays[k], for each k.

    function : to one number; arrays, gradients : float64. The slope along a direction d ~ N(0, 1) must be
    that of the gradient g to a relative 1e-6 of |g|, the size such a slope has, or to its rounding.
    """
    for k, (a, g) in enumerate(zip(arrays, gradients, strict=True)):
        assert a.dtype == g.dtype == np.float64
        assert a.shape == g.shape
        d = rng.normal(size=a.shape)
        ahead, behind = ([*arrays[:k], a + sign * STEP * d, *arrays[k + 1 :]] for sign in (1, -1))
        numeric = (function(*ahead) - function(*behind)) / (2 * STEP)
        error = abs(numeric - np.sum(g * d))
        bound = max(TOLERANCE * np.linalg.norm(g), ROUNDING)
        assert error <= bound, f"array {k}: slope {numeric}, gradient along it {np.sum(g * d)}"
