import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.attention import KEYS, PARTS, QUERIES, attention_backward, attention_forward
from lstmcli.kernels.memory import Memory

SIZES = [
    # T, B, heads, K, V
    (1, 1, 1, 1, 1),
    (5, 4, 3, 6, 12),
    (17, 3, 2, 64, 34),
    (29, 5, 4, 64, 64),
    (KEYS + 33, 2, 1, 5, 40),
    (QUERIES + 70, 1, 1, 16, 16),
    (2 * QUERIES + 1, 2, 1, 3, 2),
]
LONG = (PARTS * QUERIES + 40, 2, 1, 4, 4)
"""With parts of more queries than the fewest; too much for loops, but not for differences."""
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_size_and_long = pytest.mark.parametrize("size", [*SIZES, LONG], ids=str)
KEY = np.uint64(5)
either_mask = pytest.mark.parametrize("causal", [False, True])


def problem(T, B, heads, K, V, dtype, masked=True):
    """x, do, start and stop; one observation counts from the first step to the last, one may not at all."""
    rng = np.random.default_rng([T, B, K])
    x, do = rng.normal(size=(T, B, 2 * K + V)).astype(dtype), rng.normal(size=(T, B, V)).astype(dtype)
    length = np.where(np.arange(B) == 0, T, rng.integers(0, T + 1, B) if masked else T)
    start = np.where(np.arange(B) % 2, T - length, 0)
    return x, do, start.astype(np.int32), (start + length).astype(np.int32)


def both(x, do, start, stop, heads, K, causal, memory, probability=0.0):
    saved = attention_forward(x, start, stop, heads, K, causal, probability, KEY, memory)
    o = saved.o.copy()
    return o, attention_backward(saved, do, memory)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@either_mask
@every_size
def test_against_naive(size, causal, dtype):
    x, do, start, stop = problem(*size, dtype)
    heads, K = size[2:4]
    o, dx = both(x, do, start, stop, heads, K, causal, Memory())
    q, k, v = np.split(x, (K, 2 * K), axis=2)
    wanted = naive.attention(q, k, v, start, stop, heads, causal)
    assert o.dtype == dx.dtype == dtype
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(o, wanted, rtol=0, atol=20 * eps * max(1, np.abs(wanted).max()))
    wanted = naive.attention_backward(q, k, v, start, stop, heads, causal, do)
    np.testing.assert_allclose(dx, wanted, rtol=0, atol=30 * eps * max(1, np.abs(wanted).max()))
    t = np.arange(size[0])[:, None]
    skipped = (t < start) | (t >= stop)
    assert not o[skipped].any()
    assert not dx[skipped].any()


@either_mask
@pytest.mark.parametrize("probability", [0.0, 0.3])
@every_size_and_long
def test_gradients_by_numbers(size, probability, causal):
    x, do, start, stop = problem(*size, np.float64)
    heads, K = size[2:4]
    _, dx = both(x, do, start, stop, heads, K, causal, Memory(), probability)
    directional_check(
        lambda x: float(np.sum(do * both(x, do, start, stop, heads, K, causal, Memory(), probability)[0])),
        [x],
        [dx],
        np.random.default_rng(1),
    )


@pytest.mark.parametrize("probability", [0.0, 0.3])
@either_mask
@every_size_and_long
def test_the_same_bits_for_any_threads(size, causal, probability, on_threads):
    """Also for more threads than there are pairs of an observation and a head."""
    x, do, start, stop = problem(*size, np.float32)
    heads, K = size[2:4]

    def run():
        results = both(x, do, start, stop, heads, K, causal, Memory(), probability)
        return [a.tobytes() for a in results]

    one, *others = on_threads(run, (1, 2, 3, 7))
    assert all(other == one for other in others)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@either_mask
@every_size_and_long
def test_an_observation_has_the_same_bits_alone(size, causal, dtype):
    x, do, start, stop = problem(*size, dtype)
    heads, K = size[2:4]
    o, dx = both(x, do, start, stop, heads, K, causal, Memory())
    for b in np.flatnonzero(stop > start):
        own = np.s_[start[b] : stop[b], b : b + 1]
        first, last = np.zeros(1, np.int32), stop[b : b + 1] - start[b : b + 1]
        alone = both(x[own], do[own], first, last, heads, K, causal, Memory())
        assert [a.tobytes() for a in alone] == [o[own].tobytes(), dx[own].tobytes()]


@either_mask
def test_a_memory_is_used_again(causal):
    """By another problem of another size in between, larger and smaller."""
    memory = Memory()
    for size in (SIZES[3], SIZES[6], SIZES[1], SIZES[3]):
        x, do, start, stop = problem(*size, np.float32)
        heads, K = size[2:4]
        got = both(x, do, start, stop, heads, K, causal, memory)
        want = both(x, do, start, stop, heads, K, causal, Memory())
        assert [a.tobytes() for a in got] == [a.tobytes() for a in want]


def test_large_scores_do_not_overflow():
    """Each query sees one key alone, but for those whose keys are alike."""
    T = 2 * KEYS
    x = np.zeros((T, 1, 3), np.float32)
    x[:, 0, 0], x[:, 0, 1], x[:, 0, 2] = 1e4, np.arange(T) * 1e4, np.arange(T)
    x[-2:, 0, 1] = T * 1e4
    start, stop = np.zeros(1, np.int32), np.full(1, T, np.int32)
    o, dx = both(x, np.ones((T, 1, 1), np.float32), start, stop, 1, 1, False, Memory())
    assert (o == T - 1.5).all()
    assert np.isfinite(dx).all()
    assert dx[:, 0, 2].tolist() == [0] * (T - 2) + [T / 2] * 2


def test_the_weights_that_are_dropped_follow_from_the_key():
    x, _, start, stop = problem(*SIZES[3], np.float32)
    one, same, other = (
        attention_forward(x, start, stop, 4, 64, False, 0.3, np.uint64(k), Memory()).o for k in (1, 1, 2)
    )
    assert one.tobytes() == same.tobytes()
    assert one.tobytes() != other.tobytes()
