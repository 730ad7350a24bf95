"""Convolution: against loops, by numbers, for any number of threads and beside any images."""

import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.convolution import convolution_backward, convolution_forward
from lstmcli.kernels.convolution_layout import Windows
from lstmcli.kernels.memory import Memory

PLAIN = Windows((3, 2))
WINDOWS = (
    PLAIN,
    Windows((1, 1)),
    Windows((4, 1), (1, 1), (2, 1)),
    Windows((2, 3), (1, 1), (1, 2)),
    Windows((3, 2), (2, 3), (3, 2)),
    Windows((3, 4), (3, 2), (2, 1)),
    Windows((2, 1), (5, 2)),
    Windows((3, 3), (4, 6), (6, 4)),
)
IMAGES = ((1, 13, 9), (3, 14, 16), (2, 25, 1), (1, 40, 14), (20, 5, 4))
"""Images, width and height: where the loops are longest, or nothing but one, along each of the three."""
CHANNELS = ((1, 1), (1, 20), (2, 16), (12, 33), (40, 3), (17, 64))
"""C and N."""


def problem(images, channels, windows, dtype=np.float64, seed=0):
    rng, (C, N) = np.random.default_rng(seed), channels
    x = rng.normal(size=(*images, C)).astype(dtype)
    W = rng.normal(size=(*windows.size[::-1], C, N)).astype(dtype)
    b = rng.normal(size=N).astype(dtype)
    dy = rng.normal(size=(images[0], *windows.counts(*images[1:]), N)).astype(dtype)
    return x, W, b, dy


def everything(x, W, b, dy, windows, inside=None):
    memory = Memory()
    inside = inside or ((0, x.shape[1]), (0, x.shape[2]))
    y = convolution_forward(x, W, b, windows, memory)
    return [y, *convolution_backward(x, W, dy, windows, inside, memory)]


def naively(x, W, b, dy, windows):
    steps = windows.stride, windows.dilation
    y = np.array([naive.convolution_forward(image, W, b, *steps) for image in x])
    own = [naive.convolution_backward(image, W, d, *steps) for image, d in zip(x, dy, strict=True)]
    dx, dW, db = zip(*own, strict=True)
    return [y, np.array(dx), sum(dW), sum(db)]


def fits(windows, images):
    return min(windows.counts(*images[1:])) > 0


@pytest.mark.parametrize("channels", CHANNELS, ids=str)
@pytest.mark.parametrize(
    ("windows", "images"),
    [(w, i) for w in WINDOWS for i in IMAGES if fits(w, i)],
    ids=lambda given: str(tuple(given)),
)
def test_against_naive(windows, images, channels):
    arrays = problem(images, channels, windows)
    for got, want in zip(everything(*arrays, windows), naively(*arrays, windows), strict=True):
        assert got.flags.carray
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-13 * max(1, np.abs(want).max()))


@pytest.mark.parametrize("channels", [(1, 20), (16, 32), (100, 5)], ids=str)
@pytest.mark.parametrize("windows", [PLAIN, WINDOWS[4]], ids=str)
def test_single_precision(windows, channels):
    arrays = problem((2, 30, 28), channels, windows, np.float32)
    for got, want in zip(everything(*arrays, windows), naively(*arrays, windows), strict=True):
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, want, rtol=0, atol=2e-6 * np.abs(want).max())


@pytest.mark.parametrize("windows", WINDOWS, ids=str)
def test_the_gradient_of_some_pixels_is_that_of_all(windows):
    """Of ranges that begin and end anywhere, and go beyond what windows see."""
    arrays = problem((2, 25, 22), (3, 5), windows)
    whole = everything(*arrays, windows)[1]
    for inside in (((2, 21), (1, 20)), ((0, 1), (21, 22)), ((7, 9), (0, 22))):
        (left, right), (top, bottom) = inside
        part = everything(*arrays, windows, inside)[1]
        assert part.tobytes() == whole[:, left:right, top:bottom].tobytes()
    beyond = everything(*arrays, windows, ((0, 31), (0, 29)))[1]
    assert beyond[:, :25, :22].tobytes() == whole.tobytes()
    assert not beyond[:, 25:].any()
    assert not beyond[:, :, 22:].any()


def test_gradients_by_numbers():
    windows = Windows((3, 2), (2, 1), (1, 3))
    x, W, b, dy = problem((2, 9, 8), (3, 4), windows)
    directional_check(
        lambda x, W, b: float(np.sum(dy * convolution_forward(x, W, b, windows, Memory()))),
        [x, W, b],
        [np.array(d) for d in everything(x, W, b, dy, windows)[1:]],
        np.random.default_rng(1),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("windows", "images", "channels"),
    [
        (Windows((5, 1)), (1, 90, 41), (24, 70)),
        (Windows((9, 1)), (1, 3000, 1), (8, 16)),
        (Windows((3, 1), (2, 1)), (1, 3000, 3), (1, 20)),
        (Windows((5, 5)), (9, 28, 28), (1, 20)),
        (Windows((3, 3), (2, 2)), (5, 41, 33), (17, 40)),
        (Windows((2, 3)), (1, 30, 600), (4, 8)),
        (Windows((3, 3)), (30, 5, 4), (160, 200)),
    ],
    ids=str,
)
def test_the_same_bits_on_any_number_of_threads(windows, images, channels, dtype, on_threads):
    """And right, on more than each thread would do for itself."""
    arrays = problem(images, channels, windows, dtype)
    results = on_threads(lambda: [a.copy() for a in everything(*arrays, windows)], (1, 2, 3))
    assert all([a.tobytes() for a in other] == [a.tobytes() for a in results[0]] for other in results[1:])
    limit = 40 * np.finfo(dtype).eps
    for got, want in zip(results[0], naively(*arrays, windows), strict=True):
        np.testing.assert_allclose(got, want, rtol=0, atol=limit * np.abs(want).max())


@pytest.mark.parametrize("windows", [PLAIN, WINDOWS[4], Windows((2, 1))], ids=str)
def test_an_image_does_not_see_the_others(windows):
    x, W, b, dy = problem((11, 14, 9), (3, 20), windows, np.float32)
    y, dx = (a.copy() for a in everything(x, W, b, dy, windows)[:2])
    for n in [[0], [10, 3, 4], [*range(2, 9)]]:
        own = everything(x[n], W, b, dy[n], windows)
        assert own[0].tobytes() == y[n].tobytes()
        assert own[1].tobytes() == dx[n].tobytes()


@pytest.mark.parametrize("windows", [Windows((3, 1)), Windows((3, 1), (2, 1), (2, 1))], ids=str)
def test_a_sequence_does_not_see_the_others(windows):
    x, W, b, dy = problem((1, 50, 13), (3, 20), windows, np.float32)
    y, dx = (a.copy() for a in everything(x, W, b, dy, windows)[:2])
    for n in [[0], [12, 3, 4], [*range(2, 9)]]:
        own = everything(np.ascontiguousarray(x[:, :, n]), W, b, dy[:, :, n], windows)
        assert own[0].tobytes() == y[:, :, n].tobytes()
        assert own[1].tobytes() == dx[:, :, n].tobytes()


def test_what_the_weights_gradient_is_without_dx():
    x, W, b, dy = problem((2, 9, 8), (3, 4), PLAIN)
    dx, *gradients = convolution_backward(x, W, dy, PLAIN, None, Memory())
    assert dx is None
    assert [a.tobytes() for a in gradients] == [a.tobytes() for a in everything(x, W, b, dy, PLAIN)[2:]]


def test_images_too_small_for_a_window():
    windows = Windows((5, 1))
    x, W, b, dy = problem((1, 4, 3), (2, 6), windows)
    y, dx, dW, db = everything(x, W, b, dy, windows)
    assert y.shape == (1, 0, 3, 6)
    assert (dx.shape, dW.shape, db.shape) == (x.shape, W.shape, b.shape)
    assert not any(gradient.any() for gradient in (dx, dW, db))


def test_weights_are_packed_once():
    x, W, b, _ = problem((2, 9, 8), (3, 4), PLAIN)
    memory = Memory()
    before = convolution_forward(x, W, b, PLAIN, memory).tobytes()
    assert convolution_forward(x, 0 * W, 0 * b, PLAIN, memory, packs=False).tobytes() == before
    assert not convolution_forward(x, 0 * W, 0 * b, PLAIN, memory).any()
