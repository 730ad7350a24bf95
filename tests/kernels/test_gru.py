import naive
import numpy as np
import pytest
from gradients import directional_check
from kernels.recurrence import DTYPES, PAIRS, SIZES, check, check_same, fill_padding, lengths

from lstmcli.kernels.gru import gru_backward, gru_forward
from lstmcli.kernels.memory import Memory

MODES = {"product reset": (3, False), "state reset": (3, True), "two biases": (6, False)}
"""Rows of the bias, and whether it is the state that is reset."""
modes = pytest.mark.parametrize("mode", MODES)


def problem(T, B, C, H, mode, dtype, rng):
    """x, W, R, b, h0 with preactivations of order 1, and gradients of h, hT."""
    x = rng.normal(size=(T, B, C))
    W = rng.normal(size=(3 * H, C)) / np.sqrt(C)
    R = rng.normal(size=(3 * H, H)) / np.sqrt(H)
    b, h0 = rng.normal(size=MODES[mode][0] * H), rng.normal(size=(B, H))
    seeds = rng.normal(size=(T, B, H)), rng.normal(size=(B, H))
    return [a.astype(dtype) for a in (x, W, R, b, h0)], [a.astype(dtype) for a in seeds]


def run(arrays, seeds, start, stop, gate, state, mode, need_dx=True, need_states=True):
    """All outputs of the forward pass, then all of the backward pass."""
    memory = Memory()
    h, hT, saved = gru_forward(*arrays, start, stop, gate, state, MODES[mode][1], True, True, memory)
    return [h, hT, *gru_backward(saved, *seeds, need_dx, need_states, memory)]


def expected(arrays, seeds, start, stop, gate, state, mode):
    """The same by the formulas."""
    call = (*arrays, start, stop, gate, state, MODES[mode][1])
    return [*naive.gru_forward(*call), *naive.gru_backward(*call, *seeds)]


@modes
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("padding", ["none", "left", "right", "both"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_against_naive(size, padding, dtype, mode):
    rng = np.random.default_rng([*size, len(padding)])
    arrays, seeds = problem(*size, mode, dtype, rng)
    settings = (*lengths(*size[:2], padding, rng), 0, 0, mode)
    check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@modes
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_activation_pairs_against_naive(gate, state, dtype, mode):
    rng = np.random.default_rng(1)
    arrays, seeds = problem(6, 5, 3, 17, mode, dtype, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state, mode)
    check(run(arrays, seeds, *settings), expected(arrays, seeds, *settings), dtype)


@modes
@pytest.mark.parametrize("dtype", DTYPES)
def test_skipped_steps_are_not_looked_at(dtype, mode):
    rng = np.random.default_rng(2)
    arrays, seeds = problem(8, 6, 3, 20, mode, dtype, rng)
    settings = (*lengths(8, 6, "both", rng), 0, 0, mode)
    plain = run(arrays, seeds, *settings)
    arrays[0] = fill_padding(arrays[0], *settings[:2], np.nan)
    seeds[0] = fill_padding(seeds[0], *settings[:2], np.nan)
    check_same(run(arrays, seeds, *settings), plain)
    h, dx = plain[0], plain[2]
    np.testing.assert_array_equal(h, fill_padding(h, *settings[:2], 0))
    np.testing.assert_array_equal(dx, fill_padding(dx, *settings[:2], 0))


@modes
def test_no_step_counts(mode):
    arrays, seeds = problem(4, 3, 2, 5, mode, np.float64, np.random.default_rng(3))
    start = stop = np.array([0, 2, 4], np.int32)
    h, hT, dx, dW, dR, db, dh0 = run(arrays, seeds, start, stop, 0, 0, mode)
    for zero in (h, dx, dW, dR, db):
        assert not zero.any()
    np.testing.assert_array_equal(hT, arrays[4])
    np.testing.assert_array_equal(dh0, seeds[1])


@modes
def test_without_gradients_of_the_outputs_of_the_input_and_of_the_states(mode):
    rng = np.random.default_rng(4)
    arrays, (dh, dhT) = problem(5, 4, 3, 40, mode, np.float64, rng)
    settings = (*lengths(5, 4, "right", rng), 0, 0, mode)
    zeros = run(arrays, (np.zeros_like(dh), dhT), *settings)
    without = run(arrays, (None, dhT), *settings, need_dx=False, need_states=False)
    assert without[2] is None
    check_same(without[:2] + without[3:6], zeros[:2] + zeros[3:6])


@modes
@pytest.mark.parametrize("saves", [False, True])
def test_the_last_states_without_the_outputs(saves, mode):
    rng = np.random.default_rng(5)
    arrays, _ = problem(5, 4, 3, 40, mode, np.float32, rng)
    settings = (*lengths(5, 4, "both", rng), 0, 0, MODES[mode][1])
    h, last, _ = gru_forward(*arrays, *settings, False, saves, Memory())
    assert h.shape == (0, 4, 40)
    check_same([last], [gru_forward(*arrays, *settings, True, saves, Memory())[1]])


@modes
@pytest.mark.parametrize("place", [0, -1])
@pytest.mark.parametrize("kernel_input", range(5), ids=["x", "W", "R", "b", "h0"])
def test_nan_comes_out(kernel_input, place, mode):
    arrays, seeds = problem(3, 2, 2, 5, mode, np.float32, np.random.default_rng(5))
    arrays[kernel_input].flat[place] = np.nan
    h, *_ = run(arrays, seeds, *lengths(3, 2, "none", None), 0, 0, mode)
    assert np.isnan(h).any()


@modes
def test_layouts_do_not_matter_and_arguments_stay(mode):
    rng = np.random.default_rng(6)
    arrays, seeds = problem(5, 4, 3, 6, mode, np.float32, rng)
    settings = (*lengths(5, 4, "both", rng), 0, 0, mode)
    kept = [a.copy() for a in (*arrays, *seeds)]
    plain = run(arrays, seeds, *settings)
    check_same((*arrays, *seeds), kept)
    wide = [np.repeat(a, 2, axis=-1)[..., ::2] for a in (*arrays, *seeds)]
    for a in wide:
        a.flags.writeable = False
    check_same(run(wide[:5], wide[5:], *settings), plain)


def test_two_biases_are_one_but_for_the_candidate():
    """b' of r and z adds to b; with b' of n at 0 the product alone is reset."""
    arrays, seeds = problem(5, 4, 3, 20, "two biases", np.float64, np.random.default_rng(8))
    b = arrays[3].reshape(2, 3, 20)
    b[1, 2] = 0
    settings = (*lengths(5, 4, "none", None), 0, 0)
    both = run(arrays, seeds, *settings, "two biases")
    arrays[3] = b.sum(axis=0).ravel()
    one = run(arrays, seeds, *settings, "product reset")
    check([*both[:5], both[5][:60], both[6]], one, np.float64)


@modes
@pytest.mark.parametrize(("gate", "state"), PAIRS)
def test_gradients_by_numbers(gate, state, mode):
    rng = np.random.default_rng(7)
    arrays, seeds = problem(6, 5, 4, 18, mode, np.float64, rng)
    settings = (*lengths(6, 5, "both", rng), gate, state)

    def loss(*arrays):
        outputs = gru_forward(*arrays, *settings, MODES[mode][1], True, True, Memory())[:2]
        return sum(float(np.sum(a * b)) for a, b in zip(outputs, seeds, strict=True))

    directional_check(loss, arrays, run(arrays, seeds, *settings, mode)[2:], rng)
