"""Batch and layer normalization against the formulas, by numbers, and for any number of threads."""

import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.memory import Memory
from lstmcli.kernels.normalization import (
    Moments,
    batch_backward,
    batch_forward,
    joined,
    layer_backward,
    layer_forward,
    moments,
)

EPSILON = 1e-3
# More channels than are taken together, fewer, no multiple of any vector, one; images and single steps.
SHAPES = [
    (7, 5, 1, 3),
    (3, 4, 6, 20),
    (1, 6, 1, 129),
    (40, 3, 1, 100),
    (5, 2, 1, 1),
    (1, 1, 1, 2),
    (2, 3, 9, 37),
]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
every_kind = pytest.mark.parametrize("kind", [np.float32, np.float64])
MANY = (30, 40, 5, 37)
"""More than two strips for each of three threads."""


def steps_of(T, B, masked, seed=0):
    """start and stop; without masking all steps. One observation of several has no step that counts."""
    if not masked:
        return np.zeros(B, np.int32), np.full(B, T, np.int32)
    random = np.random.default_rng(seed)
    start = random.integers(0, T, B)
    stop = random.integers(start + 1, T + 1)
    if B > 1:
        stop[-1] = start[-1]
    return start.astype(np.int32), stop.astype(np.int32)


def counted(T, start, stop):
    t = np.arange(T)[:, None]
    return (start <= t) & (t < stop)


def close(got, want, kind):
    assert got.dtype == kind
    want = np.asarray(want)
    limit = 2e-6 if kind == np.float32 else 1e-13
    np.testing.assert_allclose(got, want, rtol=0, atol=limit * max(1, np.abs(want).max(initial=0)))


def normalized(x, mean, variance):
    return (x - mean) / np.sqrt(variance + EPSILON)


class Batch:
    """Random data of a shape, and batch normalization of it in training."""

    def __init__(self, shape, kind, masked, mean=0.0):
        random = np.random.default_rng(shape)
        self.x, self.dy = random.normal(size=(2, *shape)).astype(kind)
        self.x += kind(mean)
        self.scale, self.offset = random.normal(size=(2, shape[-1])).astype(kind)
        self.start, self.stop = steps_of(*shape[:2], masked)
        self.counted = counted(shape[0], self.start, self.stop)

    def forward(self, x, scale, offset, memory):
        found = moments(x, self.start, self.stop, memory)
        y, saved = batch_forward(x, found.mean, found.variance, scale, offset, EPSILON, memory)
        return found, y, saved

    def backward(self, memory):
        found, _, saved = self.forward(self.x, self.scale, self.offset, memory)
        return batch_backward(
            self.x, self.dy, self.start, self.stop, saved, found.rows, need_dx=True, memory=memory
        )


@every_shape
@every_kind
@pytest.mark.parametrize("masked", [True, False])
def test_moments_and_batch_normalization_are_the_formulas(shape, kind, masked):
    case = Batch(shape, kind, masked)
    found, y, _ = case.forward(case.x, case.scale, case.offset, Memory())
    x = case.x.astype(np.float64)
    rows = x[case.counted].reshape(-1, shape[-1])
    assert found.rows == len(rows)
    np.testing.assert_allclose(found.mean, rows.mean(axis=0), rtol=0, atol=1e-14)
    np.testing.assert_allclose(found.variance, rows.var(axis=0), rtol=0, atol=1e-14)
    close(y, case.scale * normalized(x, rows.mean(axis=0), rows.var(axis=0)) + case.offset, kind)


@every_shape
@every_kind
@pytest.mark.parametrize("masked", [True, False])
def test_gradients_of_batch_normalization_are_the_formulas(shape, kind, masked):
    """dx = scale s (dy - [counts] (mean of dy + n mean of dy n)) with s = 1 / sqrt(v + epsilon)."""
    case = Batch(shape, kind, masked)
    dx, dscale, doffset = case.backward(Memory())
    x, dy = case.x.astype(np.float64), case.dy.astype(np.float64)
    rows = x[case.counted].reshape(-1, shape[-1])
    n = normalized(x, rows.mean(axis=0), rows.var(axis=0))
    wanted_offset, wanted_scale = dy.sum(axis=(0, 1, 2)), (dy * n).sum(axis=(0, 1, 2))
    back = (wanted_offset + n * wanted_scale) / len(rows) * case.counted[:, :, None, None]
    close(doffset, wanted_offset, kind)
    close(dscale, wanted_scale, kind)
    close(dx, case.scale / np.sqrt(rows.var(axis=0) + EPSILON) * (dy - back), kind)


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("shape", [(7, 5, 1, 3), (2, 3, 9, 37)], ids=str)
def test_gradients_of_batch_normalization_by_numbers(shape, masked):
    case = Batch(shape, np.float64, masked)
    directional_check(
        lambda *at: float(np.sum(case.dy * case.forward(*at, Memory())[1])),
        [case.x, case.scale, case.offset],
        list(case.backward(Memory())),
        np.random.default_rng(0),
    )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_gradients_where_mean_and_variance_are_given(shape):
    case = Batch(shape, np.float64, True)
    random, C = np.random.default_rng(1), shape[-1]
    mean, variance = random.normal(size=C), random.uniform(0.5, 2, C)

    def forward(x, scale, offset, memory):
        return batch_forward(x, mean, variance, scale, offset, EPSILON, memory)

    memory = Memory()
    y, saved = forward(case.x, case.scale, case.offset, memory)
    close(y, case.scale * normalized(case.x, mean, variance) + case.offset, np.float64)
    given = (case.x, case.dy, case.start, case.stop, saved, 0)
    directional_check(
        lambda *at: float(np.sum(case.dy * forward(*at, Memory())[0])),
        [case.x, case.scale, case.offset],
        list(batch_backward(*given, need_dx=True, memory=memory)),
        random,
    )
    without = batch_backward(*given, need_dx=False, memory=memory)
    assert without[0] is None


def test_a_mean_that_is_large_beside_the_deviations_costs_no_digits():
    """float32 has 2^-7 between neighbours at 1e5: the deviations are exact multiples of it."""
    case = Batch((50, 4, 1, 5), np.float32, True, mean=1e5)
    found, y, _ = case.forward(case.x, np.ones(5, np.float32), np.zeros(5, np.float32), Memory())
    x = case.x.astype(np.float64)
    rows = x[case.counted].reshape(-1, 5)
    np.testing.assert_allclose(found.variance, rows.var(axis=0), rtol=1e-12)
    close(y, normalized(x, rows.mean(axis=0), rows.var(axis=0)), np.float32)


def test_a_constant_channel_has_variance_0():
    x = np.full((9, 3, 1, 2), 0.1, np.float32)
    found = moments(x, *steps_of(9, 3, False), Memory())
    assert found.mean.tolist() == [np.float32(0.1)] * 2
    assert found.variance.tolist() == [0, 0]


@pytest.mark.parametrize("steps", [4, 0])
def test_where_nothing_counts_there_are_no_rows(steps):
    where = np.full(2, steps // 2, np.int32)
    found = moments(np.ones((steps, 2, 1, 3)), where, where, Memory())
    assert (found.rows, found.mean.tolist(), found.variance.tolist()) == (0, [0, 0, 0], [0, 0, 0])


def test_moments_of_parts_join_to_those_of_all():
    x = np.random.default_rng(0).normal(2, 3, (50, 1, 1, 4))
    nothing = Moments(0, np.zeros(4), np.zeros(4))
    found = nothing
    for first, last in ((0, 7), (7, 7), (7, 30), (30, 50)):
        part = x[first:last].reshape(-1, 4)
        own = Moments(len(part), part.mean(axis=0), part.var(axis=0)) if len(part) else nothing
        found = joined(found, own)
    assert found.rows == 50
    np.testing.assert_allclose(found.mean, x.reshape(-1, 4).mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(found.variance, x.reshape(-1, 4).var(axis=0), rtol=1e-14)


class Groups:
    """Random data of rows of all pixels and channels, and layer normalization of it."""

    def __init__(self, shape, kind, over_time, mean=0.0):
        T, B, P, C = shape
        random = np.random.default_rng(shape)
        self.x, self.dy = random.normal(size=(2, T, B, P * C)).astype(kind)
        self.x += kind(mean)
        self.scale, self.offset = random.normal(size=(2, C)).astype(kind)
        self.over_time, (self.start, self.stop) = over_time, steps_of(T, B, over_time)

    def forward(self, x, scale, offset, memory):
        how = (self.start, self.stop, self.over_time)
        return layer_forward(x, *how, scale, offset, EPSILON, memory)

    def backward(self, memory):
        _, statistics = self.forward(self.x, self.scale, self.offset, memory)
        how = (self.start, self.stop, self.over_time)
        return layer_backward(self.x, self.dy, *how, self.scale, statistics, memory)

    def parts(self):
        """Where the groups lie."""
        T, B, _ = self.x.shape
        if self.over_time:
            return [np.s_[self.start[b] : self.stop[b], b] for b in range(B) if self.start[b] < self.stop[b]]
        return [np.s_[t : t + 1, b] for t in range(T) for b in range(B)]

    def wanted(self):
        """y, dx, dscale and doffset by the formulas in float64."""
        C = len(self.scale)
        y, dx = np.zeros(self.x.shape), np.zeros(self.x.shape)
        dscale, doffset = np.zeros(C), np.zeros(C)
        for part in self.parts():
            x, dy = (a[part].astype(np.float64).reshape(-1, C) for a in (self.x, self.dy))
            n = normalized(x, x.mean(), x.var())
            d = dy * self.scale
            y[part] = (self.scale * n + self.offset).reshape(y[part].shape)
            own = (d - d.mean() - n * (d * n).mean()) / np.sqrt(x.var() + EPSILON)
            dx[part] = own.reshape(dx[part].shape)
            dscale, doffset = dscale + (dy * n).sum(axis=0), doffset + dy.sum(axis=0)
        return y, dx, dscale, doffset


@every_shape
@every_kind
@pytest.mark.parametrize("over_time", [True, False])
def test_layer_normalization_is_the_formulas(shape, kind, over_time):
    case, memory = Groups(shape, kind, over_time), Memory()
    y = case.forward(case.x, case.scale, case.offset, memory)[0].copy()
    for got, want in zip((y, *case.backward(memory)), case.wanted(), strict=True):
        close(got, want, kind)


@pytest.mark.parametrize("over_time", [True, False])
@pytest.mark.parametrize("shape", [(7, 5, 1, 3), (2, 3, 9, 37)], ids=str)
def test_gradients_of_layer_normalization_by_numbers(shape, over_time):
    case = Groups(shape, np.float64, over_time)
    directional_check(
        lambda *at: float(np.sum(case.dy * case.forward(*at, Memory())[0])),
        [case.x, case.scale, case.offset],
        list(case.backward(Memory())),
        np.random.default_rng(0),
    )


@pytest.mark.parametrize("over_time", [True, False])
def test_a_large_mean_costs_layer_normalization_no_digits(over_time):
    case = Groups((6, 4, 2, 19), np.float32, over_time, mean=1e4)
    y, _ = case.forward(case.x, case.scale, case.offset, Memory())
    close(y, case.wanted()[0], np.float32)


@pytest.mark.parametrize("case", [Groups(MANY, np.float32, True), Groups(MANY, np.float32, False)])
def test_layer_normalization_on_any_number_of_threads(case, on_threads):
    def work():
        memory = Memory()
        y = case.forward(case.x, case.scale, case.offset, memory)[0].copy()
        return [a.tobytes() for a in (y, *case.backward(memory))]

    results = on_threads(work, (1, 2, 3))
    assert results[0] == results[1] == results[2]
    memory = Memory()
    y = case.forward(case.x, case.scale, case.offset, memory)[0].copy()
    for got, want in zip((y, *case.backward(memory)), case.wanted(), strict=True):
        close(got, want, np.float32)


@pytest.mark.parametrize("masked", [True, False])
def test_batch_normalization_on_any_number_of_threads(masked, on_threads):
    case = Batch(MANY, np.float32, masked)

    def work():
        memory = Memory()
        found, y, _ = case.forward(case.x, case.scale, case.offset, memory)
        bits = [a.tobytes() for a in (found.mean, found.variance, y)]
        return bits + [a.tobytes() for a in case.backward(memory)]

    results = on_threads(work, (1, 2, 3))
    assert results[0] == results[1] == results[2]
    rows = case.x[case.counted].reshape(-1, MANY[-1]).astype(np.float64)
    found, _, _ = case.forward(case.x, case.scale, case.offset, Memory())
    np.testing.assert_allclose(found.variance, rows.var(axis=0), rtol=1e-13)
