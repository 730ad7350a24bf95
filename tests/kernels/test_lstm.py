import naive
import numpy as np
import pytest
from gradients import directional_check
from kernels.recurrence import DTYPES, PAIRS, SIZES, check, check_same, fill_padding, lengths

from lstmcli.kernels.lstm import lstm_backward, lstm_forward
from lstmcli.kernels.memory import Memory

directions = pytest.mark.parametrize("D", [1, 2])


def problem(T, B, C, H, D, dtype, rng):
    """x, W, R, b, h0, c0 with preactivations of order 1, and gradients of h, hT, cT."""
    x = rng.normal(size=(T, B, C))
    W = rng.normal(size=(4 * D * H, C)) / np.sqrt(C)
    R = rng.normal(size=(4 * D * H, H)) / np.sqrt(H)
    b, states = rng.normal(size=4 * D * H), rng.normal(size=(2, B, D * H))
    seeds = rng.normal(size=(T, B, D * H)), *rng.normal(size=(2, B, D * H))
    return [a.astype(dtype) for a in (x, W, R, b, *states)], [a.astype(dtype) for a in seeds]


def run(arrays, seeds, start, stop, gate, state, need_dx=True, need_states=True):
    """All outputs of the forward pass, then all of the backward pass."""
    memory = Memory()
    h, hT, cT, saved = lstm_forward(*arrays, start, stop, gate, state, True, True, memory)
    return [h, hT, cT, *lstm_backward(saved, *seeds, need_dx, need_states, memory)]


def expected(arrays, seeds, *settings):
    """The same of each direction alone, side by side or below one another; of dx the sum."""
    x, *weights, h0, c0 = arrays
    D, found = len(arrays[1]) // (4 * arrays[2].shape[1]), []
    for d in range(D):
        own = [np.split(a, D)[d] for a in weights]
        states, seeds_of_d = ([np.split(a, D, axis=-1)[d] for a in group] for group in ((h0, c0), seeds))
        call = (x, *own, *states, *settings, d == 1)
        found.append([*naive.lstm_forward(*call), *naive.lstm_backward(*call, *seeds_of_d)])
    h, hT, cT, dx, dW, dR, db, dh0, dc0 = zip(*found, strict=True)
    outputs, gradients, states = (h, hT, cT), (dW, dR, db), (dh0, dc0)
    outputs, states = ([np.concatenate(a, axis=-1) for a in group] for group in (outputs, states))
    return [*outputs, sum(dx), *map(np.concatenate, gradients), *states]


@directions
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("padding", ["none", "left", "right", "both"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_against_naive(size, padding, dtype, D):
    rng = np.random.default_rng([*size, len(padding)])
    arrays, seeds = problem(*size, D, dtype, rng)
    settings = (*lengths(*size[:2], padding, rng), 0, 0)
    check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@directions
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_activation_pairs_against_naive(gate, state, dtype, D):
    rng = np.random.default_rng(1)
    arrays, seeds = problem(6, 5, 3, 17, D, dtype, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state)
    check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@directions
@pytest.mark.parametrize("dtype", DTYPES)
def test_skipped_steps_are_not_looked_at(dtype, D):
    rng = np.random.default_rng(2)
    arrays, seeds = problem(8, 6, 3, 20, D, dtype, rng)
    start, stop = lengths(8, 6, "both", rng)
    plain = run(arrays, seeds, start, stop, 0, 0)
    arrays[0] = fill_padding(arrays[0], start, stop, np.nan)
    seeds[0] = fill_padding(seeds[0], start, stop, np.nan)
    check_same(run(arrays, seeds, start, stop, 0, 0), plain)
    h, dx = plain[0], plain[3]
    np.testing.assert_array_equal(h, fill_padding(h, start, stop, 0))
    np.testing.assert_array_equal(dx, fill_padding(dx, start, stop, 0))


@directions
def test_no_step_counts(D):
    arrays, seeds = problem(4, 3, 2, 5, D, np.float64, np.random.default_rng(3))
    start = stop = np.array([0, 2, 4], np.int32)
    h, hT, cT, dx, dW, dR, db, dh0, dc0 = run(arrays, seeds, start, stop, 0, 0)
    for zero in (h, dx, dW, dR, db):
        assert not zero.any()
    for a, b in zip((hT, cT, dh0, dc0), (*arrays[4:], *seeds[1:]), strict=True):
        np.testing.assert_array_equal(a, b)


@directions
def test_without_gradients_of_the_outputs_of_the_input_and_of_the_states(D):
    rng = np.random.default_rng(4)
    arrays, (dh, dhT, dcT) = problem(5, 4, 3, 40, D, np.float64, rng)
    settings = (*lengths(5, 4, "right", rng), 0, 0)
    zeros = run(arrays, (np.zeros_like(dh), dhT, dcT), *settings)
    without = run(arrays, (None, dhT, dcT), *settings, need_dx=False, need_states=False)
    assert without[3] is None
    check_same(without[:3] + without[4:7], zeros[:3] + zeros[4:7])


@directions
@pytest.mark.parametrize("saves", [False, True])
def test_the_last_states_without_the_outputs(saves, D):
    rng = np.random.default_rng(5)
    arrays, _ = problem(5, 4, 3, 40, D, np.float32, rng)
    settings = (*lengths(5, 4, "both", rng), 0, 0)
    h, *last, _ = lstm_forward(*arrays, *settings, False, saves, Memory())
    assert h.shape == (0, 4, D * 40)
    check_same(last, lstm_forward(*arrays, *settings, True, saves, Memory())[1:3])


@directions
@pytest.mark.parametrize("place", [0, -1])
@pytest.mark.parametrize("kernel_input", range(6), ids=["x", "W", "R", "b", "h0", "c0"])
def test_nan_comes_out_of_the_directions_that_it_enters(kernel_input, place, D):
    arrays, seeds = problem(3, 2, 2, 5, D, np.float32, np.random.default_rng(5))
    arrays[kernel_input].flat[place] = np.nan
    h, *_ = run(arrays, seeds, *lengths(3, 2, "none", None), 0, 0)
    entered = {0, D - 1} if kernel_input == 0 else {place % D}
    assert {d for d in range(D) if np.isnan(np.split(h, D, axis=-1)[d]).any()} == entered


@directions
def test_layouts_do_not_matter_and_arguments_stay(D):
    rng = np.random.default_rng(6)
    arrays, seeds = problem(5, 4, 3, 6, D, np.float32, rng)
    settings = (*lengths(5, 4, "both", rng), 0, 0)
    kept = [a.copy() for a in (*arrays, *seeds)]
    plain = run(arrays, seeds, *settings)
    check_same((*arrays, *seeds), kept)
    wide = [np.repeat(a, 2, axis=-1)[..., ::2] for a in (*arrays, *seeds)]
    for a in wide:
        a.flags.writeable = False
    check_same(run(wide[:6], wide[6:], *settings), plain)


@directions
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_gradients_by_numbers(gate, state, D):
    rng = np.random.default_rng(7)
    arrays, seeds = problem(6, 5, 4, 18, D, np.float64, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state)

    def loss(*arrays):
        outputs = lstm_forward(*arrays, *settings, True, True, Memory())[:3]
        return sum(float(np.sum(a * b)) for a, b in zip(outputs, seeds, strict=True))

    directional_check(loss, arrays, run(arrays, seeds, *settings)[3:], rng)
