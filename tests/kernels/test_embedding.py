"""Vectors of words: which column each number takes, and what comes back for each."""

import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.embedding import STRIP, embedding_backward, embedding_forward
from lstmcli.kernels.memory import Memory

KINDS = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def naive_column(number, words, width):
    """The column of a number from 0, or None for zeros."""
    near = np.floor(np.float64(number) + 0.5)
    if 1 <= near <= words:
        return int(near) - 1
    return words if words < width else None


def naive_forward(x, W, words):
    columns = [naive_column(number, words, W.shape[1]) for number in x]
    return np.array([np.zeros(len(W)) if k is None else np.float64(W[:, k]) for k in columns])


def naive_backward(x, dy, words, width):
    dW = np.zeros((dy.shape[1], width))
    for number, row in zip(x, dy, strict=True):
        column = naive_column(number, words, width)
        if column is not None:
            dW[:, column] += row
    return dW


@KINDS
@pytest.mark.parametrize("other", [0, 1])
@pytest.mark.parametrize(
    ("N", "D", "words"), [(1, 1, 1), (7, 3, 2), (40, STRIP, 5), (50, STRIP + 1, 300), (300, 70, 9)]
)
def test_against_naive(N, D, words, other, dtype):
    rng = np.random.default_rng([N, D, words])
    x = rng.integers(-1, words + 3, N).astype(dtype)
    W, dy, memory = rng.normal(size=(D, words + other)), rng.normal(size=(N, D)), Memory()
    W, dy = W.astype(dtype), dy.astype(dtype)
    y, found = embedding_forward(x, W, words, memory)
    dW = embedding_backward(found, dy, words + other, memory)
    assert y.dtype == dW.dtype == dtype
    assert (y == naive_forward(x, W, words)).all()
    np.testing.assert_allclose(dW, naive_backward(x, dy, words, words + other), atol=50 * np.finfo(dtype).eps)


@pytest.mark.parametrize(
    ("number", "column"),
    [
        *((1, 0), (2, 1), (3, 2), (4, 3), (0, 3), (-1, 3), (1e30, 3), (-1e30, 3)),
        *((np.nan, 3), (np.inf, 3), (-np.inf, 3), (0.49, 3), (0.51, 0), (1.49, 0), (3.49, 2), (3.51, 3)),
    ],
)
@KINDS
def test_numbers_of_no_word_take_the_last_column(number, column, dtype):
    W = np.arange(4, dtype=dtype)[None]
    assert embedding_forward(np.array([number], dtype), W, 3, Memory())[0] == [[column]]
    alone = embedding_forward(np.array([number], dtype), W[:, :3].copy(), 3, Memory())[0]
    assert alone == [[0 if column == 3 else column]]


def test_large_numbers_are_exact():
    """Half of one more than 2^23 is no number of single precision."""
    words = 2**23 + 2
    W = np.zeros((1, words + 1), np.float32)
    W[0, -3:] = 1, 2, 3
    x = np.array([words - 1, words, words + 1], np.float32)
    assert embedding_forward(x, W, words, Memory())[0].ravel().tolist() == [1, 2, 3]


def test_nothing_is_left_from_the_call_before():
    memory, W = Memory(), np.ones((3, 5), np.float32)
    for numbers in ([1, 2, 3, 4], [5, 2]):
        x = np.array(numbers, np.float32)
        y, found = embedding_forward(x, W, 4, memory)
        dW = embedding_backward(found, np.ones_like(y), 5, memory)
        assert dW.tolist() == [[float(number in numbers) for number in range(1, 6)]] * 3


def test_words_that_are_not_there_have_an_infinite_vector_in_vain():
    W = np.full((2, 4), np.inf, np.float32)
    W[:, 1] = 3
    assert embedding_forward(np.array([2], np.float32), W, 3, Memory())[0].tolist() == [[3, 3]]


def test_gradient_by_numbers():
    rng = np.random.default_rng(0)
    x, W, dy = rng.integers(0, 9, 30).astype(np.float64), rng.normal(size=(5, 8)), rng.normal(size=(30, 5))
    found = embedding_forward(x, W, 7, Memory())[1]
    directional_check(
        lambda W: float(np.sum(dy * embedding_forward(x, W, 7, Memory())[0])),
        [W],
        [embedding_backward(found, dy, 8, Memory())],
        rng,
    )


def test_shares_are_right_and_the_same_for_any_number_of_threads(on_threads):
    rng = np.random.default_rng(0)
    N, D, words = 5003, 3 * STRIP + 5, 401
    x = (words * rng.random(N) ** 3 + 1).astype(np.int64).astype(np.float32)
    W, dy = (rng.normal(size=shape).astype(np.float32) for shape in ((D, words + 1), (N, D)))

    def run():
        y, found = embedding_forward(x, W, words, Memory())
        return y, embedding_backward(found, dy, words + 1, Memory())

    results = on_threads(run, (1, 2, 3))
    y, dW = results[0]
    assert (y == naive_forward(x, W, words)).all()
    np.testing.assert_allclose(dW, naive_backward(x, dy, words, words + 1), atol=2e-3)
    assert len({(y.tobytes(), dW.tobytes()) for y, dW in results}) == 1
