"""Pooling: against loops, by numbers, for any number of threads, and nothing sees its neighbours."""

import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.memory import Memory
from lstmcli.kernels.pooling import (
    MAX,
    MEAN,
    MEAN_OF_DATA,
    SMALL,
    PixelWindows,
    TimeWindows,
    pool_pixels,
    pool_pixels_backward,
    pool_time,
    pool_time_backward,
)

KINDS = {"max": MAX, "mean": MEAN, "mean of data": MEAN_OF_DATA}
every_kind = pytest.mark.parametrize("kind", KINDS)
IMAGES = (
    # Width and height of an image; size, stride and padding along them.
    ((6, 4), (2, 2), (2, 2), ((0, 0), (0, 0))),
    ((9, 7), (3, 2), (1, 1), ((0, 0), (0, 0))),
    ((7, 9), (2, 4), (2, 1), ((1, 0), (2, 3))),
    ((5, 8), (3, 3), (1, 2), ((2, 2), (1, 2))),
    ((8, 5), (2, 1), (3, 4), ((0, 1), (0, 0))),
    ((40, 3), (40, 3), (1, 1), ((0, 0), (0, 0))),
    ((3, 2), (3, 2), (1, 1), ((1, 2), (0, 1))),
    ((20, 1), (17, 1), (2, 1), ((3, 4), (0, 0))),
    ((5, 4), (2, 2), (4, 3), ((0, 0), (0, 0))),
)
LENGTHS = np.array([19, 19, 4, 0, 11, 19, 1], np.int32)
TIMES = ((2, 2, 0), (3, 1, 0), (3, 1, 2), (4, 3, 1), (2, 5, 0), (19, 1, 0), (10, 2, 9))
"""Size, stride, and padding on both sides."""


def numbers(*shape, dtype=np.float64, seed=0, ties=False):
    x = np.random.default_rng(seed).normal(size=shape)
    return (np.round(x) if ties else x).astype(dtype)


def used_memory(x_shape, y_shape, dtype):
    """Memory that holds what nobody may read."""
    memory = Memory()
    memory.take("dx", x_shape, dtype).fill(np.nan)
    memory.take("y", y_shape, dtype).fill(np.nan)
    return memory


def pixel_windows(size, stride, pads):
    return PixelWindows(*size[::-1], *stride[::-1], pads[1][0], pads[0][0])


def of_images(x, dy, size, stride, pads, kind):
    counts = tuple(
        (n + sum(p) - s) // d + 1 for n, s, d, p in zip(x.shape[1:3], size, stride, pads, strict=True)
    )
    windows = pixel_windows(size, stride, pads)
    memory = used_memory(x.shape, (len(x), *counts, x.shape[-1]), x.dtype)
    y = pool_pixels(x, windows, counts, KINDS[kind], memory)
    if dy is None:
        dy = numbers(*y.shape, dtype=x.dtype, seed=1)
    return y, dy, pool_pixels_backward(x, y, dy, windows, KINDS[kind], memory)


def time_windows(size, stride, padding, lengths, side, T):
    """Windows over each sequence, and their steps: as many as of the longest."""
    start = T - lengths if side == "left" else 0 * lengths
    counts = np.where(lengths > 0, np.maximum(0, (lengths + 2 * padding - size) // stride + 1), 0)
    steps = max(0, (T + 2 * padding - size) // stride + 1)
    y_start = steps - counts if side == "left" else 0 * counts
    where = (start, start + lengths, start - padding, y_start, y_start + counts)
    return TimeWindows(size, stride, *(a.astype(np.int32) for a in where)), steps


def of_time(x, dy, windows, steps, kind):
    memory = used_memory(x.shape, (steps, *x.shape[1:]), x.dtype)
    y = pool_time(x, windows, steps, KINDS[kind], memory)
    if dy is None:
        dy = numbers(*y.shape, dtype=x.dtype, seed=1)
    return y, dy, pool_time_backward(x, y, dy, windows, KINDS[kind], memory)


@every_kind
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 3, 8, 16, 37])
@pytest.mark.parametrize(("image", "size", "stride", "pads"), IMAGES)
def test_images_against_naive(image, size, stride, pads, channels, dtype, ties, kind):
    x = numbers(3, *image, channels, dtype=dtype, ties=ties)
    y, dy, dx = of_images(x, None, size, stride, pads, kind)
    assert y.dtype == dx.dtype == dtype
    limit = 0 if kind == "max" else 8 * np.finfo(dtype).eps
    for n in range(3):
        want = naive.pooling(x[n], size, stride, pads, kind)
        np.testing.assert_allclose(y[n], want, rtol=0, atol=limit)
        want = naive.pooling_backward(x[n], dy[n], size, stride, pads, kind)
        np.testing.assert_allclose(dx[n], want, rtol=0, atol=8 * np.finfo(dtype).eps)


@every_kind
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("channels", [1, 3, 16, 37])
@pytest.mark.parametrize(("size", "stride", "padding"), TIMES)
def test_sequences_against_naive(size, stride, padding, channels, side, ties, kind):
    T = int(LENGTHS.max())
    x = numbers(T, len(LENGTHS), channels, ties=ties)
    windows, steps = time_windows(size, stride, padding, LENGTHS, side, T)
    y, dy, dx = of_time(x, None, windows, steps, kind)
    how = (size, 1), (stride, 1), ((padding, padding), (0, 0)), kind
    for b in range(len(LENGTHS)):
        own, out = slice(windows.start[b], windows.stop[b]), slice(windows.y_start[b], windows.y_stop[b])
        image = x[own, b, None]
        if len(image) == 0:
            assert not y[:, b].any()
            assert not dx[:, b].any()
            continue
        want = naive.pooling(image, *how)[:, 0]
        np.testing.assert_allclose(y[out, b], want, rtol=0, atol=1e-15)
        want = naive.pooling_backward(image, dy[out, b, None], *how)[:, 0]
        np.testing.assert_allclose(dx[own, b], want, rtol=0, atol=1e-14)
        for a, part in ((y, out), (dx, own)):
            rest = np.delete(a[:, b], np.arange(part.start, part.stop), axis=0)
            assert not rest.any()


@every_kind
def test_gradients_by_numbers(kind):
    x = numbers(2, 9, 7, 5)
    how = (3, 2), (2, 1), ((1, 1), (0, 1)), kind
    _, dy, dx = of_images(x, None, *how)
    directional_check(
        lambda x: float(np.sum(dy * of_images(x, dy, *how)[0])), [x], [dx], np.random.default_rng(2)
    )
    x = numbers(19, len(LENGTHS), 5)
    how = *time_windows(4, 3, 1, LENGTHS, "right", 19), kind
    _, dy, dx = of_time(x, None, *how)
    directional_check(
        lambda x: float(np.sum(dy * of_time(x, dy, *how)[0])), [x], [dx], np.random.default_rng(2)
    )


@every_kind
def test_nan_stays(kind):
    """Wherever it stands in a window, and in no other channel."""
    for place in np.ndindex(3, 12):
        x = numbers(1, 12, 3, 20, dtype=np.float32)
        x[0, place[1], place[0], 18] = np.nan
        y, _, _ = of_images(x, None, (12, 3), (1, 1), ((0, 0), (0, 0)), kind)
        assert np.flatnonzero(np.isnan(y)).tolist() == [18]


def test_infinite_numbers_are_numbers():
    x = np.full((1, 4, 1, 1), -np.inf, np.float32)
    y, _, dx = of_images(x, np.ones((1, 2, 1, 1), np.float32), (2, 1), (2, 1), ((0, 0), (0, 0)), "max")
    assert (y == -np.inf).all()
    assert dx.ravel().tolist() == [1, 0, 1, 0]


@every_kind
@pytest.mark.parametrize("channels", [1, 20])
@pytest.mark.parametrize(("image", "size", "stride", "pads"), IMAGES[:4])
def test_images_do_not_see_each_other(image, size, stride, pads, channels, kind, on_threads):
    """And have the same bits for any number of threads, on more than a share for each."""
    count = 2 * SMALL // (image[0] * image[1] * channels) + 3
    x = numbers(count, *image, channels, dtype=np.float32)
    how = size, stride, pads, kind
    results = on_threads(lambda: of_images(x, None, *how), (1, 2, 3))
    y, dy, dx = results[0]
    for other in results[1:]:
        assert [a.tobytes() for a in other] == [a.tobytes() for a in (y, dy, dx)]
    for n in ([0], [count - 1], [5, 2, 3]):
        own = of_images(x[n], dy[n], *how)
        assert [a.tobytes() for a in own] == [a[n].tobytes() for a in (y, dy, dx)]


@every_kind
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("channels", [1, 20])
@pytest.mark.parametrize(("size", "stride", "padding"), TIMES)
def test_sequences_do_not_see_each_other(size, stride, padding, channels, side, kind, on_threads):
    T = 90
    lengths = np.random.default_rng(0).integers(0, T, 2 * SMALL // (T * channels) + 3).astype(np.int32)
    lengths[1:5] = T
    x = numbers(T, len(lengths), channels, dtype=np.float32)
    windows, steps = time_windows(size, stride, padding, lengths, side, T)
    results = on_threads(lambda: of_time(x, None, windows, steps, kind), (1, 2, 3))
    y, dy, dx = results[0]
    for other in results[1:]:
        assert [a.tobytes() for a in other] == [a.tobytes() for a in (y, dy, dx)]
    for b in ([0], [3], [7, 2, 3, 4]):
        own, _ = time_windows(size, stride, padding, lengths[b], side, T)
        alone = of_time(np.ascontiguousarray(x[:, b]), dy[:, b], own, steps, kind)
        assert [a.tobytes() for a in alone] == [a[:, b].tobytes() for a in (y, dy, dx)]


@every_kind
def test_sequences_without_a_window(kind):
    """None has as many steps as a window, or there is no step at all."""
    for T in (3, 0):
        windows, steps = time_windows(4, 1, 0, np.full(2, T, np.int32), "right", T)
        y, _, dx = of_time(numbers(T, 2, 5), None, windows, steps, kind)
        assert y.shape == (0, 2, 5)
        assert dx.shape == (T, 2, 5)
        assert not dx.any()
