import numpy as np
import pytest

from lstmcli.kernels.dropout import dropout

KEY = np.uint64(0xDEADBEEF12345678)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_share_mean_and_variance(probability):
    n = 1_000_000
    y = dropout(np.ones((1000, 1000), np.float32), probability, KEY).astype(np.float64)
    deviation = np.sqrt(probability * (1 - probability) / n)
    assert abs(np.mean(y == 0) - probability) < 5 * deviation
    assert abs(y.mean() - 1) < 5 * deviation / (1 - probability)
    np.testing.assert_allclose(y.var(), probability / (1 - probability), rtol=0.02)
    assert np.unique(y).tolist() == [0, np.float32(1 / (1 - probability))]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradient_has_the_same_mask(dtype):
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 29, 27, 100)).astype(dtype)
    y, dx = dropout(x, 0.3, KEY), dropout(dy, 0.3, KEY)
    assert y.dtype == dx.dtype == dtype
    np.testing.assert_array_equal(y == 0, dx == 0)
    np.testing.assert_array_equal(y, np.where(y == 0, 0, x * dtype(1 / 0.7)))
    np.testing.assert_array_equal(dx, np.where(y == 0, 0, dy * dtype(1 / 0.7)))


def test_the_mask_depends_on_key_and_place_only():
    mask = dropout(np.ones(40_000, np.float32), 0.5, KEY) == 0
    np.testing.assert_array_equal(dropout(np.ones((200, 200)), 0.5, KEY).ravel() == 0, mask)
    np.testing.assert_array_equal(dropout(np.ones(17, np.float32), 0.5, KEY) == 0, mask[:17])


def test_masks_of_near_keys_and_near_places_are_not_related():
    n = 100_000
    # One apart, and one step of the generator apart.
    keys = [np.uint64((int(KEY) + k) % 2**64) for k in (0, 1, 0x9E3779B97F4A7C15)]
    masks = [dropout(np.ones(n, np.float32), 0.5, key) > 0 for key in keys]
    pairs = [(masks[0], masks[1]), *((masks[0][lag:], other[: n - lag]) for other in masks for lag in (1, 2))]
    for a, b in pairs:
        assert abs(np.mean(a == b) - 0.5) < 5 * 0.5 / np.sqrt(n)


def test_probability_zero_keeps_everything():
    x = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    np.testing.assert_array_equal(dropout(x, 0, KEY), x)


def test_one_thread_equals_two(on_threads):
    one, two = on_threads(lambda: dropout(np.ones(100_001, np.float32), 0.5, KEY).tobytes())
    assert one == two
