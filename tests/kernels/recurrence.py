"""What the tests of recurrent kernels share: sizes, lengths, comparisons."""

import numpy as np

from lstmcli.kernels.division import PARTIES

SIZES = [
    (1, 1, 1, 1),
    (5, 1, 1, 1),
    (1, 3, 2, 17),
    (4, 6, 1, 16),
    (6, 7, 3, 5),
    (5, 9, 12, 100),
    (3, 13, 65, 33),
    (7, 2, 40, 64),
    (4, 1, 2, 120),
    (0, 3, 2, 17),
]
"""T, B, C, H."""
PAIRS = [(gate, state) for gate in (0, 1) for state in (0, 1, 2)]
"""Codes of activations."""
DTYPES = [np.float32, np.float64]
STEPS, CHANNELS = 6, 5
"""Of `observations`."""


def observations(count, B, width, dtype, rng):
    """x, so many states, start, stop: the first observation from the second step on, the others of any length
    from 0 on; the first state of some is zeros.
    """
    x = rng.normal(size=(STEPS, B, CHANNELS)).astype(dtype)
    states = rng.normal(size=(count, B, width)).astype(dtype)
    states[0, 1::3] = 0
    stop = rng.integers(0, STEPS + 1, B).astype(np.int32)
    start = rng.integers(0, stop + 1).astype(np.int32)
    start[0], stop[0] = 1, STEPS
    return x, states, start, stop


def record_parties(monkeypatch, kernels):
    """How many threads share observations in each pass of a module of kernels from now on."""
    found, divide = [], kernels.divide

    def recorded(*arguments):
        division = divide(*arguments)
        found.append(max(division.items[:, PARTIES]))
        return division

    monkeypatch.setattr(kernels, "divide", recorded)
    return found


def lengths(T, B, padding, rng):
    """start, stop: all steps, or uneven lengths from 0 to T with the padding on one side, or both."""
    start, stop = np.zeros(B, np.int32), np.full(B, T, np.int32)
    if padding in ("left", "both"):
        start[:] = rng.integers(0, T + 1, B)
    if padding in ("right", "both"):
        stop[:] = rng.integers(start, T + 1)
    return start, stop


def fill_padding(x, start, stop, value):
    """x with `value` in the steps that do not count."""
    t = np.arange(len(x))[:, None]
    return np.where(((start <= t) & (t < stop))[:, :, None], x, np.asarray(value, x.dtype))


def check(results, wanted, dtype):
    """Results of this kind are what is wanted but for rounding."""
    for result, want in zip(results, wanted, strict=True):
        assert result.dtype == dtype
        assert result.shape == want.shape
        size = max(1.0, np.max(np.abs(want), initial=0))
        np.testing.assert_allclose(result, want, rtol=0, atol=(5e-6 if dtype == np.float32 else 1e-12) * size)


def bits(arrays):
    """Of each array."""
    return [a.tobytes() for a in arrays]


def check_same(results, wanted):
    """Results have the same bits."""
    assert bits(results) == bits(wanted)
