"""What must be the same to the last bit: on any number of threads, in any company of an observation, for a
direction alone and beside the other, and in a memory that has been used.
"""

import numpy as np
import pytest
from kernels.recurrence import CHANNELS, STEPS, bits, observations, record_parties

from lstmcli.kernels import lstm
from lstmcli.kernels.lstm import lstm_backward, lstm_forward
from lstmcli.kernels.memory import Memory

ROWS = 23
THREADS = (1, 2, 3, 4, 8)
directions = pytest.mark.parametrize("D", [1, 2])
dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def network(H, D, dtype, rng):
    W = rng.normal(size=(4 * D * H, CHANNELS)).astype(dtype)
    R = (rng.normal(size=(4 * D * H, H)) / np.sqrt(H)).astype(dtype)
    return W, R, rng.normal(size=4 * D * H).astype(dtype)


def passes(inputs, seeds, state, saves, memory, packs=True):
    """Bits of all results forward and, where it is saved, backward."""
    *outputs, saved = lstm_forward(*inputs, 0, state, True, saves, memory, packs)
    return bits(outputs) + bits(lstm_backward(saved, *seeds, True, True, memory) if saves else ())


@pytest.fixture
def parties(monkeypatch):
    """How many threads shared observations in each pass so far."""
    return record_parties(monkeypatch, lstm)


@dtypes
@directions
@pytest.mark.parametrize("saves", [False, True])
@pytest.mark.parametrize(
    ("B", "H", "shares"),
    [
        (ROWS, 1, False),
        (ROWS, 17, False),
        (ROWS, 100, False),
        (10, 100, True),
        (1, 100, True),
        (3, 120, True),
    ],
)
def test_one_thread_equals_many(B, H, shares, saves, D, dtype, on_threads, parties):
    """shares : there are so few observations that threads share them, each for other hidden units."""
    rng = np.random.default_rng([B, H])
    weights = network(H, D, dtype, rng)
    x, states, start, stop = observations(2, B, D * H, dtype, rng)
    inputs, seeds = (
        (x, *weights, *states, start, stop),
        (rng.normal(size=(STEPS, B, D * H)).astype(dtype), *states),
    )
    first, *others = on_threads(lambda: passes(inputs, seeds, H % 3, saves, Memory()), THREADS)
    assert all(other == first for other in others)
    on_one, on_most = parties[: 1 + saves], parties[-1 - saves :]
    assert (max(on_one), min(on_most) > 1, max(on_most) > 1) == (1, shares, shares)


@dtypes
@directions
@pytest.mark.parametrize("H", [1, 17, 100])
def test_an_observation_does_not_see_the_others(H, D, dtype):
    """Alone, at another place of a smaller batch, and with more padding: the same bits."""
    rng = np.random.default_rng(H)
    weights = network(H, D, dtype, rng)
    x, (h0, c0), start, stop = observations(2, ROWS, D * H, dtype, rng)
    dh = rng.normal(size=(STEPS, ROWS, D * H)).astype(dtype)
    before, after = 2, 3
    padded = np.pad(x, ((before, after), (0, 0), (0, 0)), constant_values=np.nan)
    padded_dh = np.pad(dh, ((before, after), (0, 0), (0, 0)), constant_values=np.nan)

    def run(x, dh, rows, shift):
        states, memory = (h0[rows], c0[rows]), Memory()
        lengths = start[rows] + shift, stop[rows] + shift
        h, hT, cT, saved = lstm_forward(x[:, rows], *weights, *states, *lengths, 0, 0, True, True, memory)
        dx, _, _, _, dh0, dc0 = lstm_backward(saved, dh[:, rows], *states, True, True, memory)
        return h[shift : shift + STEPS], hT, cT, dx[shift : shift + STEPS], dh0, dc0

    everyone = run(x, dh, np.arange(ROWS), np.int32(0))
    companies = [np.array([n]) for n in range(ROWS)] + [np.array([22, 3, 9, 0, 14, 7, 1]), np.arange(11, 20)]
    for rows in companies:
        for source, source_dh, shift in ((x, dh, 0), (padded, padded_dh, before)):
            results = run(source, source_dh, rows, np.int32(shift))
            for k, (a, b) in enumerate(zip(results, everyone, strict=True)):
                assert a.tobytes() == (b[:, rows] if k in (0, 3) else b[rows]).tobytes()


@dtypes
@pytest.mark.parametrize("H", [5, 100])
def test_each_of_two_directions_is_one_alone(H, dtype):
    """The second one on the steps in reverse; the input's gradient is the sum of both."""
    rng = np.random.default_rng(H)
    weights = network(H, 2, dtype, rng)
    x, states, start, stop = observations(2, ROWS, 2 * H, dtype, rng)
    dh = rng.normal(size=(STEPS, ROWS, 2 * H)).astype(dtype)

    def run(x, weights, states, start, stop, dh):
        h, hT, cT, saved = lstm_forward(x, *weights, *states, start, stop, 0, 0, True, True, Memory())
        dx, _, _, _, dh0, dc0 = lstm_backward(saved, dh, *states, True, True, Memory())
        return h, dx, hT, cT, dh0, dc0

    h, dx, *last = run(x, weights, states, start, stop, dh)
    parts = []
    for d, way in ((0, 1), (1, -1)):
        spans = (start, stop) if d == 0 else (STEPS - stop, STEPS - start)
        own, beside = [np.split(a, 2)[d] for a in weights], np.s_[..., d * H : (d + 1) * H]
        own_h, own_dx, *own_last = run(x[::way], own, states[beside], *spans, dh[::way][beside])
        assert bits([h[beside], *(a[beside] for a in last)]) == bits([own_h[::way], *own_last])
        parts.append(own_dx[::way])
    assert dx.tobytes() == (parts[0] + parts[1]).tobytes()


@directions
@pytest.mark.parametrize("H", [1, 17, 100])
def test_answers_are_the_same_where_nothing_is_saved(H, D):
    rng = np.random.default_rng(H)
    weights = network(H, D, np.float32, rng)
    x, states, start, stop = observations(2, ROWS, D * H, np.float32, rng)
    for steps in (STEPS, STEPS - 1):
        inputs = (x[:steps], *weights, *states, np.minimum(start, steps), np.minimum(stop, steps))
        *with_all, _ = lstm_forward(*inputs, 0, 0, True, True, Memory())
        *with_two, saved = lstm_forward(*inputs, 0, 0, True, False, Memory())
        assert saved is None
        assert bits(with_all) == bits(with_two)


@directions
@pytest.mark.parametrize("packs", [False, True])
@pytest.mark.parametrize("saves", [False, True])
def test_what_a_memory_held_before_does_not_matter(saves, packs, D, on_threads):
    """Batches of other sizes, with other weights if these are packed each time, else with the first batch's,
    which are not looked at again.
    """
    H, used = 100, Memory()

    def check(seed, B):
        rng = np.random.default_rng(seed)
        weights = network(H, D, np.float32, rng if packs else np.random.default_rng(0))
        x, states, start, stop = observations(2, B, D * H, np.float32, rng)

        def run(memory, given, packs):
            return passes((x, *given, *states, start, stop), (None, *states), 0, saves, memory, packs)

        wanted = run(Memory(), weights, True)
        assert on_threads(lambda: run(used, weights, packs or seed == 0), (1, 4)) == [wanted, wanted]
        if not (packs or saves):
            assert run(used, [np.full_like(a, np.nan) for a in weights], False) == wanted

    for seed, B in enumerate((3, ROWS, 1, 7)):
        check(seed, B)
