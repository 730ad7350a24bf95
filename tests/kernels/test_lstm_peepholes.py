"""An LSTM with peepholes: right, and the same to the last bit where an LSTM without them is."""

import naive
import numpy as np
import pytest
from gradients import directional_check
from kernels.recurrence import DTYPES, PAIRS, SIZES, bits, check, check_same, fill_padding, lengths

from lstmcli.kernels import lstm
from lstmcli.kernels.division import PARTIES
from lstmcli.kernels.lstm import lstm_backward, lstm_forward, peephole_gradient
from lstmcli.kernels.memory import Memory

THREADS = (1, 2, 3, 8)
directions = pytest.mark.parametrize("D", [1, 2])
dtypes = pytest.mark.parametrize("dtype", DTYPES)


def problem(T, B, C, H, D, dtype, rng):
    """x, W, R, b, h0, c0, p with preactivations of order 1, and gradients of h, hT, cT."""
    x = rng.normal(size=(T, B, C))
    W = rng.normal(size=(4 * D * H, C)) / np.sqrt(C)
    R = rng.normal(size=(4 * D * H, H)) / np.sqrt(H)
    b, states, p = rng.normal(size=4 * D * H), rng.normal(size=(2, B, D * H)), rng.normal(size=3 * D * H)
    seeds = rng.normal(size=(T, B, D * H)), *rng.normal(size=(2, B, D * H))
    return [a.astype(dtype) for a in (x, W, R, b, *states, p)], [a.astype(dtype) for a in seeds]


def run(arrays, seeds, *settings, saves=True, memory=None, packs=True):
    """All outputs of the forward pass, then, where it saves, all of the backward pass."""
    (*plain, p), memory = arrays, Memory() if memory is None else memory
    h, hT, cT, saved = lstm_forward(*plain, *settings, True, saves, memory, packs, p)
    if not saves:
        return [h, hT, cT]
    return [h, hT, cT, *lstm_backward(saved, *seeds, True, True, memory), peephole_gradient(saved)]


def expected(arrays, seeds, *settings):
    """The same of each direction alone, side by side or below one another; of dx the sum."""
    x, *weights, h0, c0, p = arrays
    D, found = len(arrays[1]) // (4 * arrays[2].shape[1]), []
    for d in range(D):
        *own, own_p = (np.split(a, D)[d] for a in (*weights, p))
        states, seeds_of_d = ([np.split(a, D, axis=-1)[d] for a in group] for group in ((h0, c0), seeds))
        call = (x, *own, *states, *settings, d == 1)
        found.append([*naive.lstm_forward(*call, own_p), *naive.lstm_backward(*call, *seeds_of_d, own_p)])
    h, hT, cT, dx, dW, dR, db, dh0, dc0, dp = zip(*found, strict=True)
    outputs, states = ([np.concatenate(a, axis=-1) for a in group] for group in ((h, hT, cT), (dh0, dc0)))
    return [*outputs, sum(dx), *map(np.concatenate, (dW, dR, db)), *states, np.concatenate(dp)]


@directions
@dtypes
@pytest.mark.parametrize("padding", ["none", "both"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_against_naive(size, padding, dtype, D):
    rng = np.random.default_rng([*size, len(padding)])
    arrays, seeds = problem(*size, D, dtype, rng)
    settings = (*lengths(*size[:2], padding, rng), 0, 0)
    check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@dtypes
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_activation_pairs_against_naive(gate, state, dtype):
    rng = np.random.default_rng(1)
    arrays, seeds = problem(6, 5, 3, 17, 1, dtype, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state)
    check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@directions
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_gradients_by_numbers(gate, state, D):
    rng = np.random.default_rng(7)
    arrays, seeds = problem(6, 5, 4, 18, D, np.float64, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state)

    def loss(*arrays):
        outputs = run(arrays, seeds, *settings)[:3]
        return sum(float(np.sum(a * b)) for a, b in zip(outputs, seeds, strict=True))

    directional_check(loss, arrays, run(arrays, seeds, *settings)[3:], rng)


@directions
@dtypes
def test_peepholes_of_zeros_are_none(dtype, D):
    rng = np.random.default_rng(2)
    (*plain, p), seeds = problem(6, 5, 3, 20, D, dtype, rng)
    settings = (*lengths(6, 5, "both", rng), 0, 0)
    *found, dp = run([*plain, np.zeros_like(p)], seeds, *settings)
    memory = Memory()
    *outputs, saved = lstm_forward(*plain, *settings, True, True, memory)
    check_same(found, [*outputs, *lstm_backward(saved, *seeds, True, True, memory)])
    assert dp.all()


@dtypes
def test_skipped_steps_are_not_looked_at(dtype):
    rng = np.random.default_rng(3)
    arrays, seeds = problem(8, 6, 3, 20, 1, dtype, rng)
    start, stop = lengths(8, 6, "both", rng)
    plain = run(arrays, seeds, start, stop, 0, 0)
    arrays[0] = fill_padding(arrays[0], start, stop, np.nan)
    seeds[0] = fill_padding(seeds[0], start, stop, np.nan)
    check_same(run(arrays, seeds, start, stop, 0, 0), plain)


def test_nan_comes_out_of_every_gate_that_it_enters():
    arrays, seeds = problem(3, 2, 2, 5, 1, np.float32, np.random.default_rng(4))
    start, stop = lengths(3, 2, "none", None)
    for gate in range(3):
        p = arrays[-1].copy()
        p[gate * 5 + 4] = np.nan
        h, *_ = run([*arrays[:-1], p], seeds, start, stop, 0, 0)
        assert np.isnan(h[0]).tolist() == [[False] * 4 + [True]] * 2
        assert np.isnan(h[1:]).all()


@directions
@dtypes
@pytest.mark.parametrize(
    ("B", "H", "shares"), [(23, 17, False), (23, 100, False), (1, 100, True), (3, 120, True)]
)
def test_one_thread_equals_many(B, H, shares, dtype, D, on_threads, monkeypatch):
    """shares : there are so few observations that threads share them, each for other hidden units."""
    parties, divide = [], lstm.divide

    def recorded(*arguments):
        division = divide(*arguments)
        parties.append(max(division.items[:, PARTIES]))
        return division

    monkeypatch.setattr(lstm, "divide", recorded)
    rng = np.random.default_rng([B, H])
    arrays, seeds = problem(6, B, 5, H, D, dtype, rng)
    start, stop = lengths(6, B, "both", rng)
    start[0], stop[0] = 1, 6
    settings = (start, stop, 0, H % 3)
    first, *others = on_threads(lambda: bits(run(arrays, seeds, *settings)), THREADS)
    assert all(other == first for other in others)
    assert (parties[-1] > 1) == shares


@dtypes
@pytest.mark.parametrize("H", [1, 17, 100])
def test_an_observation_does_not_see_the_others(H, dtype):
    rng = np.random.default_rng(H)
    (x, W, R, b, h0, c0, p), seeds = problem(6, 23, 5, H, 1, dtype, rng)
    start, stop = lengths(6, 23, "both", rng)

    def of(rows):
        arrays = (x[:, rows], W, R, b, h0[rows], c0[rows], p)
        own = [seeds[0][:, rows], *(seed[rows] for seed in seeds[1:])]
        h, hT, cT, dx, *_, dh0, dc0, _ = run(arrays, own, start[rows], stop[rows], 0, 0)
        return [h, hT[None], cT[None], dx, dh0[None], dc0[None]]

    everyone = of(np.arange(23))
    for rows in (*(np.array([n]) for n in range(23)), np.array([22, 3, 9, 0, 14, 7, 1]), np.arange(11, 20)):
        check_same(of(rows), [a[:, rows] for a in everyone])


@pytest.mark.parametrize("saves", [False, True])
def test_what_a_memory_held_before_does_not_matter(saves):
    """Batches of other sizes; with the first batch's weights, which need not be looked at again."""
    used, (_, W, R, b, _, _, p) = Memory(), problem(6, 1, 5, 100, 1, np.float32, np.random.default_rng(0))[0]
    for seed, B in enumerate((3, 23, 1, 7)):
        rng = np.random.default_rng(seed)
        (x, _, _, _, h0, c0, _), seeds = problem(6, B, 5, 100, 1, np.float32, rng)
        settings = (*lengths(6, B, "both", rng), 0, 0)
        arrays = (x, W, R, b, h0, c0, p)
        wanted = bits(run(arrays, seeds, *settings, saves=saves))
        packs = saves or seed == 0
        assert bits(run(arrays, seeds, *settings, saves=saves, memory=used, packs=packs)) == wanted
        if not packs:
            arrays = (x, *(np.full_like(a, np.nan) for a in (W, R, b)), h0, c0, np.full_like(p, np.nan))
            assert bits(run(arrays, seeds, *settings, saves=False, memory=used, packs=False)) == wanted
