"""Padding: against NumPy's `pad`, image by image and sequence by sequence, and its gradient."""

import numpy as np
import pytest

from lstmcli.kernels.memory import Memory
from lstmcli.kernels.padding import (
    EXCLUDE_EDGE,
    INCLUDE_EDGE,
    REPLICATE,
    VALUE,
    Filling,
    pad_images,
    pad_sequences,
    unpad,
)

FILLINGS = {
    Filling(VALUE, 2.5): {"mode": "constant", "constant_values": 2.5},
    Filling(REPLICATE): {"mode": "edge"},
    Filling(INCLUDE_EDGE): {"mode": "symmetric"},
    Filling(EXCLUDE_EDGE): {"mode": "reflect"},
}
SIDES = (
    ((0, 0), (0, 0)),
    ((1, 2), (0, 0)),
    ((0, 0), (3, 0)),
    ((0, 1), (2, 2)),
    ((9, 11), (13, 8)),
)
"""The last ones go to and fro in a mirror."""
every_filling = pytest.mark.parametrize("filling", FILLINGS, ids=lambda filling: f"edges {filling.edges}")


def check_gradient(x, pad):
    """`unpad` is the transpose of `pad`, whose copy changes with x nowhere but inside."""
    padded = pad(x)
    moved, inside = padded.data - pad(0 * x).data, np.zeros(padded.data.shape, bool)
    (left, right), (top, bottom) = padded.inside
    inside[:, left:right, top:bottom] = True
    assert not moved[~inside].any()
    d = np.random.default_rng(1).normal(size=moved[:, left:right, top:bottom].shape)
    dx = unpad(d, padded, x.shape[-3] * x.shape[-2], Memory())
    assert dx.size == x.size
    np.testing.assert_allclose(
        (dx.ravel() * x.ravel()).sum(), (d * moved[:, left:right, top:bottom]).sum(), rtol=1e-10
    )


@every_filling
@pytest.mark.parametrize("sides", SIDES, ids=str)
@pytest.mark.parametrize("shape", [(2, 5, 4, 3), (1, 1, 1, 1), (3, 2, 1, 20), (2, 1, 6, 1)], ids=str)
def test_images(shape, sides, filling):
    x = np.random.default_rng(0).normal(size=shape)

    def pad(x):
        return pad_images(x, sides, filling, Memory())

    np.testing.assert_array_equal(pad(x).data, np.pad(x, ((0, 0), *sides, (0, 0)), **FILLINGS[filling]))
    check_gradient(x, pad)


def test_images_without_padding_are_not_copied():
    x = np.zeros((2, 3, 4, 5), np.float32)
    assert pad_images(x, ((0, 0), (0, 0)), Filling(), Memory()).data is x


@every_filling
@pytest.mark.parametrize("side", ["left", "right", "none"])
@pytest.mark.parametrize(("before", "after"), [(0, 0), (2, 1), (0, 9), (11, 4)])
@pytest.mark.parametrize("channels", [1, 3, 20])
def test_every_sequence_has_its_own_ends(channels, before, after, side, filling):
    T, length = 7, np.array([7, 1, 4, 0, 6] if side != "none" else [7] * 5, np.int32)
    start = T - length if side == "left" else 0 * length
    x, width = np.random.default_rng(0).normal(size=(T, 5, channels)), before + T + after

    def pad(x):
        return pad_sequences(x, start, start + length, start - before, width, filling, Memory())

    data = pad(x).data[0]
    assert np.isfinite(data).all()
    for b, n in enumerate(length.tolist()):
        if n:
            own = x[start[b] : start[b] + n, b]
            want = np.pad(own, ((before, after), (0, 0)), **FILLINGS[filling])
            np.testing.assert_array_equal(data[: len(want), b], want)
    check_gradient(x, pad)


@every_filling
@pytest.mark.parametrize("sides", [((3, 2), (1, 4)), ((3, 2), (0, 0))], ids=str)
def test_images_on_any_number_of_threads(sides, filling, on_threads):
    x = np.random.default_rng(0).normal(size=(7, 40, 31, 9)).astype(np.float32)

    def run():
        padded = pad_images(x, sides, filling, Memory())
        (left, right), (top, bottom) = padded.inside
        d = np.ascontiguousarray(padded.data[:, left:right, top:bottom])
        return [padded.data.copy(), unpad(d, padded, 40 * 31, Memory()).copy()]

    results = on_threads(run, (1, 2, 3))
    np.testing.assert_array_equal(results[0][0], np.pad(x, ((0, 0), *sides, (0, 0)), **FILLINGS[filling]))
    assert len({b"".join(a.tobytes() for a in result) for result in results}) == 1


@every_filling
def test_sequences_on_any_number_of_threads(filling, on_threads):
    T, B = 300, 23
    x = np.random.default_rng(0).normal(size=(T, B, 20)).astype(np.float32)
    length = np.random.default_rng(1).integers(1, T, B).astype(np.int32)

    def run():
        padded = pad_sequences(x, T - length, 0 * length + T, T - length - 8, T + 8, filling, Memory())
        return [padded.data.copy(), unpad(padded.data, padded, T * B, Memory()).copy()]

    assert len({b"".join(a.tobytes() for a in result) for result in on_threads(run, (1, 2, 3))}) == 1
