"""What must be the same to the last bit: any number of threads, any company of an observation."""

import numpy as np
import pytest

from lstmcli.kernels.lstm import lstm_backward, lstm_forward
from lstmcli.kernels.memory import Memory

STEPS, ROWS, CHANNELS = 6, 23, 5


def network(H, dtype, rng):
    W = rng.normal(size=(4 * H, CHANNELS)).astype(dtype)
    R = (rng.normal(size=(4 * H, H)) / np.sqrt(H)).astype(dtype)
    return W, R, rng.normal(size=4 * H).astype(dtype)


def observations(H, dtype, rng):
    x = rng.normal(size=(STEPS, ROWS, CHANNELS)).astype(dtype)
    states = rng.normal(size=(2, ROWS, H)).astype(dtype)
    stop = rng.integers(0, STEPS + 1, ROWS).astype(np.int32)
    return x, states, rng.integers(0, stop + 1).astype(np.int32), stop


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("H", "state"), [(1, 0), (17, 1), (100, 0)])
def test_one_thread_equals_two(H, state, dtype, on_threads):
    rng = np.random.default_rng(H)
    W, R, b = network(H, dtype, rng)
    x, (h0, c0), start, stop = observations(H, dtype, rng)
    dh = rng.normal(size=(STEPS, ROWS, H)).astype(dtype)

    def run():
        settings, memory = (start, stop, 0, state, False, True, True), Memory()
        h, hT, cT, saved = lstm_forward(x, W, R, b, h0, c0, *settings, memory)
        return [a.tobytes() for a in (h, hT, cT, *lstm_backward(saved, dh, h0, c0, True, True, memory))]

    one, two = on_threads(run)
    assert one == two


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("H", [1, 17, 100])
def test_an_observation_does_not_see_the_others(H, reverse, dtype):
    """Alone, at another place of a smaller batch, and with more padding: the same bits."""
    rng = np.random.default_rng(H)
    weights = network(H, dtype, rng)
    x, (h0, c0), start, stop = observations(H, dtype, rng)
    dh = rng.normal(size=(STEPS, ROWS, H)).astype(dtype)
    before, after = 2, 3
    padded = np.pad(x, ((before, after), (0, 0), (0, 0)), constant_values=np.nan)
    padded_dh = np.pad(dh, ((before, after), (0, 0), (0, 0)), constant_values=np.nan)

    def run(x, dh, rows, shift):
        h, hT, cT, saved = lstm_forward(
            x[:, rows],
            *weights,
            h0[rows],
            c0[rows],
            start[rows] + shift,
            stop[rows] + shift,
            0,
            0,
            reverse,
            True,
            True,
            Memory(),
        )
        dx, _, _, _, dh0, dc0 = lstm_backward(saved, dh[:, rows], h0[rows], c0[rows], True, True, Memory())
        return h[shift : shift + STEPS], hT, cT, dx[shift : shift + STEPS], dh0, dc0

    everyone = run(x, dh, np.arange(ROWS), np.int32(0))
    companies = [np.array([n]) for n in range(ROWS)] + [np.array([22, 3, 9, 0, 14, 7, 1]), np.arange(11, 20)]
    for rows in companies:
        for source, source_dh, shift in ((x, dh, 0), (padded, padded_dh, before)):
            results = run(source, source_dh, rows, np.int32(shift))
            for k, (a, b) in enumerate(zip(results, everyone, strict=True)):
                assert a.tobytes() == (b[:, rows] if k in (0, 3) else b[rows]).tobytes()


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("H", [1, 17, 100])
def test_answers_are_the_same_where_nothing_is_saved(H, reverse):
    rng = np.random.default_rng(H)
    weights = network(H, np.float32, rng)
    x, states, start, stop = observations(H, np.float32, rng)
    for steps in (STEPS, STEPS - 1):
        inputs = (x[:steps], *weights, *states, np.minimum(start, steps), np.minimum(stop, steps))
        *with_all, _ = lstm_forward(*inputs, 0, 0, reverse, True, True, Memory())
        *with_two, saved = lstm_forward(*inputs, 0, 0, reverse, True, False, Memory())
        assert saved is None
        assert [a.tobytes() for a in with_all] == [a.tobytes() for a in with_two]
