import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.lstm import lstm_backward, lstm_forward
from lstmcli.kernels.memory import Memory

SIZES = [
    (1, 1, 1, 1),
    (5, 1, 1, 1),
    (1, 3, 2, 17),
    (4, 6, 1, 16),
    (6, 7, 3, 5),
    (5, 9, 12, 100),
    (3, 13, 65, 33),
    (7, 2, 40, 64),
]
PAIRS = [(gate, state) for gate in (0, 1) for state in (0, 1, 2)]
DTYPES = [np.float32, np.float64]


def problem(T, B, C, H, dtype, rng):
    """x, W, R, b, h0, c0 with preactivations of order 1, and gradients of h, hT, cT."""
    x = rng.normal(size=(T, B, C))
    W = rng.normal(size=(4 * H, C)) / np.sqrt(C)
    R = rng.normal(size=(4 * H, H)) / np.sqrt(H)
    b, h0, c0 = rng.normal(size=4 * H), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    seeds = rng.normal(size=(T, B, H)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    return [a.astype(dtype) for a in (x, W, R, b, h0, c0)], [a.astype(dtype) for a in seeds]


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


def run(arrays, seeds, start, stop, gate, state, reverse, need_dx=True):
    """All outputs of the forward pass, then all of the backward pass."""
    memory = Memory()
    h, hT, cT, saved = lstm_forward(*arrays, start, stop, gate, state, reverse, True, True, memory)
    return [h, hT, cT, *lstm_backward(saved, *seeds, need_dx, True, memory)]


def expected(arrays, seeds, start, stop, gate, state, reverse):
    settings = (*arrays, start, stop, gate, state, reverse)
    return [*naive.lstm_forward(*settings), *naive.lstm_backward(*settings, *seeds)]


def check(results, wanted, dtype):
    for result, want in zip(results, wanted, strict=True):
        assert result.dtype == dtype
        assert result.shape == want.shape
        size = max(1.0, np.max(np.abs(want), initial=0))
        np.testing.assert_allclose(result, want, rtol=0, atol=(5e-6 if dtype == np.float32 else 1e-12) * size)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("padding", ["none", "left", "right", "both"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_against_naive(size, padding, dtype):
    rng = np.random.default_rng([*size, len(padding)])
    arrays, seeds = problem(*size, dtype, rng)
    start, stop = lengths(*size[:2], padding, rng)
    for reverse in (False, True):
        settings = (start, stop, 0, 0, reverse)
        check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_activation_pairs_against_naive(gate, state, dtype):
    rng = np.random.default_rng(1)
    arrays, seeds = problem(6, 5, 3, 17, dtype, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state, False)
    check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("reverse", [False, True])
def test_skipped_steps_are_not_looked_at(reverse, dtype):
    rng = np.random.default_rng(2)
    arrays, seeds = problem(8, 6, 3, 20, dtype, rng)
    start, stop = lengths(8, 6, "both", rng)
    plain = run(arrays, seeds, start, stop, 0, 0, reverse)
    arrays[0] = fill_padding(arrays[0], start, stop, np.nan)
    seeds[0] = fill_padding(seeds[0], start, stop, np.nan)
    for a, b in zip(plain, run(arrays, seeds, start, stop, 0, 0, reverse), strict=True):
        assert a.tobytes() == b.tobytes()
    h, dx = plain[0], plain[3]
    np.testing.assert_array_equal(h, fill_padding(h, start, stop, 0))
    np.testing.assert_array_equal(dx, fill_padding(dx, start, stop, 0))


def test_no_step_counts():
    arrays, seeds = problem(4, 3, 2, 5, np.float64, np.random.default_rng(3))
    start = stop = np.array([0, 2, 4], np.int32)
    h, hT, cT, dx, dW, dR, db, dh0, dc0 = run(arrays, seeds, start, stop, 0, 0, False)
    for zero in (h, dx, dW, dR, db):
        assert not zero.any()
    for a, b in zip((hT, cT, dh0, dc0), (*arrays[4:], *seeds[1:]), strict=True):
        np.testing.assert_array_equal(a, b)


def test_without_gradients_of_the_outputs_and_without_dx():
    rng = np.random.default_rng(4)
    arrays, (dh, dhT, dcT) = problem(5, 4, 3, 40, np.float64, rng)
    settings = (*lengths(5, 4, "right", rng), 0, 0, False)
    zeros = run(arrays, (np.zeros_like(dh), dhT, dcT), *settings)
    without = run(arrays, (None, dhT, dcT), *settings, need_dx=False)
    assert without[3] is None
    del zeros[3], without[3]
    for a, b in zip(zeros, without, strict=True):
        assert a.tobytes() == b.tobytes()


@pytest.mark.parametrize("kernel_input", range(6), ids=["x", "W", "R", "b", "h0", "c0"])
def test_nan_comes_out(kernel_input):
    arrays, seeds = problem(3, 2, 2, 5, np.float32, np.random.default_rng(5))
    arrays[kernel_input].flat[0] = np.nan
    h, *_ = run(arrays, seeds, *lengths(3, 2, "none", None), 0, 0, False)
    assert np.isnan(h).any()


def test_layouts_do_not_matter_and_arguments_stay():
    rng = np.random.default_rng(6)
    arrays, seeds = problem(5, 4, 3, 6, np.float32, rng)
    settings = (*lengths(5, 4, "both", rng), 0, 0, False)
    kept = [a.copy() for a in (*arrays, *seeds)]
    plain = run(arrays, seeds, *settings)
    for a, b in zip(kept, (*arrays, *seeds), strict=True):
        np.testing.assert_array_equal(a, b)
    wide = [np.repeat(a, 2, axis=-1)[..., ::2] for a in (*arrays, *seeds)]
    for a in wide:
        a.flags.writeable = False
    for a, b in zip(plain, run(wide[:6], wide[6:], *settings), strict=True):
        assert a.tobytes() == b.tobytes()


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_gradients_by_numbers(gate, state, reverse):
    rng = np.random.default_rng(7)
    arrays, seeds = problem(6, 5, 4, 18, np.float64, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state, reverse)

    def loss(*arrays):
        outputs = lstm_forward(*arrays, *settings, True, True, Memory())[:3]
        return sum(float(np.sum(a * b)) for a, b in zip(outputs, seeds, strict=True))

    directional_check(loss, arrays, run(arrays, seeds, *settings)[3:], rng)
