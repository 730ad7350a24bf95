"""What must be the same to the last bit: on any number of threads, in any company of an observation, and in a
memory that has been used.
"""

import numpy as np
import pytest
from kernels.recurrence import CHANNELS, STEPS, bits, observations, record_parties

from lstmcli.kernels import gru
from lstmcli.kernels.gru import gru_backward, gru_forward
from lstmcli.kernels.memory import Memory

ROWS = 23
THREADS = (1, 2, 3, 4, 8)
dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])
resetting = pytest.mark.parametrize("resets_state", [False, True])


def network(H, dtype, rng):
    W = rng.normal(size=(3 * H, CHANNELS)).astype(dtype)
    R = (rng.normal(size=(3 * H, H)) / np.sqrt(H)).astype(dtype)
    return W, R, rng.normal(size=6 * H).astype(dtype)


def passes(inputs, seeds, state, resets_state, saves, memory, packs=True):
    """Bits of all results forward and, where it is saved, backward."""
    *outputs, saved = gru_forward(*inputs, 0, state, resets_state, True, saves, memory, packs)
    return bits(outputs) + bits(gru_backward(saved, *seeds, True, True, memory) if saves else ())


@pytest.fixture
def parties(monkeypatch):
    """How many threads shared observations in each pass so far."""
    return record_parties(monkeypatch, gru)


@dtypes
@resetting
@pytest.mark.parametrize("saves", [False, True])
@pytest.mark.parametrize(
    ("B", "H", "shares"),
    [
        (ROWS, 1, False),
        (ROWS, 17, False),
        (ROWS, 100, False),
        (10, 100, True),
        (1, 100, True),
        (3, 150, True),
    ],
)
def test_one_thread_equals_many(B, H, shares, saves, resets_state, dtype, on_threads, parties):
    """shares : there are so few observations that threads share them, each for other hidden units."""
    rng = np.random.default_rng([B, H])
    weights = network(H, dtype, rng)
    x, (h0,), start, stop = observations(1, B, H, dtype, rng)
    inputs, seeds = (x, *weights, h0, start, stop), (rng.normal(size=(STEPS, B, H)).astype(dtype), h0)
    how = (H % 3, resets_state, saves)
    first, *others = on_threads(lambda: passes(inputs, seeds, *how, Memory()), THREADS)
    assert all(other == first for other in others)
    on_one, on_most = parties[: 1 + saves], parties[-1 - saves :]
    assert (max(on_one), min(on_most) > 1, max(on_most) > 1) == (1, shares, shares)


@dtypes
@resetting
@pytest.mark.parametrize("H", [1, 17, 100])
def test_an_observation_does_not_see_the_others(H, resets_state, dtype):
    """Alone, at another place of a smaller batch, and with more padding: the same bits."""
    rng = np.random.default_rng(H)
    weights = network(H, dtype, rng)
    x, (h0,), start, stop = observations(1, ROWS, H, dtype, rng)
    dh = rng.normal(size=(STEPS, ROWS, H)).astype(dtype)
    before, after = 2, 3
    padded = np.pad(x, ((before, after), (0, 0), (0, 0)), constant_values=np.nan)
    padded_dh = np.pad(dh, ((before, after), (0, 0), (0, 0)), constant_values=np.nan)

    def run(x, dh, rows, shift):
        memory, lengths = Memory(), (start[rows] + shift, stop[rows] + shift)
        how = (0, 0, resets_state, True, True, memory)
        h, hT, saved = gru_forward(x[:, rows], *weights, h0[rows], *lengths, *how)
        dx, _, _, _, dh0 = gru_backward(saved, dh[:, rows], h0[rows], True, True, memory)
        return h[shift : shift + STEPS], hT, dx[shift : shift + STEPS], dh0

    everyone = run(x, dh, np.arange(ROWS), np.int32(0))
    companies = [np.array([n]) for n in range(ROWS)] + [np.array([22, 3, 9, 0, 14, 7, 1]), np.arange(11, 20)]
    for rows in companies:
        for source, source_dh, shift in ((x, dh, 0), (padded, padded_dh, before)):
            results = run(source, source_dh, rows, np.int32(shift))
            for k, (a, b) in enumerate(zip(results, everyone, strict=True)):
                assert a.tobytes() == (b[:, rows] if k in (0, 2) else b[rows]).tobytes()


@resetting
@pytest.mark.parametrize("H", [1, 17, 100])
def test_answers_are_the_same_where_nothing_is_saved(H, resets_state):
    rng = np.random.default_rng(H)
    weights = network(H, np.float32, rng)
    x, (h0,), start, stop = observations(1, ROWS, H, np.float32, rng)
    for steps in (STEPS, STEPS - 1):
        inputs = (x[:steps], *weights, h0, np.minimum(start, steps), np.minimum(stop, steps))
        *with_all, _ = gru_forward(*inputs, 0, 0, resets_state, True, True, Memory())
        *with_two, saved = gru_forward(*inputs, 0, 0, resets_state, True, False, Memory())
        assert saved is None
        assert bits(with_all) == bits(with_two)


@resetting
@pytest.mark.parametrize("packs", [False, True])
@pytest.mark.parametrize("saves", [False, True])
def test_what_a_memory_held_before_does_not_matter(saves, packs, resets_state, on_threads):
    """Batches of other sizes, with other weights if these are packed each time, else with the first batch's,
    which are not looked at again.
    """
    H, used = 100, Memory()

    def check(seed, B):
        rng = np.random.default_rng(seed)
        weights = network(H, np.float32, rng if packs else np.random.default_rng(0))
        x, (h0,), start, stop = observations(1, B, H, np.float32, rng)

        def run(memory, given, packs):
            how = (0, resets_state, saves, memory, packs)
            return passes((x, *given, h0, start, stop), (None, h0), *how)

        wanted = run(Memory(), weights, True)
        assert on_threads(lambda: run(used, weights, packs or seed == 0), (1, 4)) == [wanted, wanted]
        if not (packs or saves):
            assert run(used, [np.full_like(a, np.nan) for a in weights], False) == wanted

    for seed, B in enumerate((3, ROWS, 1, 7)):
        check(seed, B)


@resetting
def test_what_a_memory_held_may_be_nan(resets_state):
    """Panels are not filled to their end, and what is multiplied by zeros has to be finite."""
    rng = np.random.default_rng(0)
    weights, (x, (h0,), start, stop) = network(17, np.float32, rng), observations(1, 7, 17, np.float32, rng)
    memory, inputs = Memory(), (x, *weights, h0, start, stop)
    wanted = passes(inputs, (None, h0), 0, resets_state, True, Memory())
    passes(inputs, (None, h0), 0, resets_state, True, memory)
    for array in memory._arrays.values():
        array[:] = np.nan
    assert passes(inputs, (None, h0), 0, resets_state, True, memory) == wanted
