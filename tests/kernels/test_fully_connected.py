import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels.fully_connected import fully_connected_backward, fully_connected_forward
from lstmcli.kernels.memory import Memory

SIZES = [(1, 1, 1), (27, 100, 9), (5, 1, 70), (131, 17, 3), (300, 65, 64)]


def problem(N, I, O, dtype, rng):  # noqa: E741
    shapes = ((N, I), (O, I), (O,), (N, O))
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_against_naive(size, dtype):
    x, W, b, dy = problem(*size, dtype, np.random.default_rng(size))
    results = [
        fully_connected_forward(x, W, b, Memory()),
        *fully_connected_backward(x, W, dy, True, Memory()),
    ]
    wanted = [naive.fully_connected_forward(x, W, b), *naive.fully_connected_backward(x, W, dy)]
    for result, want in zip(results, wanted, strict=True):
        assert result.dtype == dtype
        assert result.flags.carray
        size = np.max(np.abs(want))
        np.testing.assert_allclose(result, want, rtol=0, atol=20 * np.finfo(dtype).eps * max(1, size))


def test_without_dx():
    x, W, _, dy = problem(7, 5, 3, np.float32, np.random.default_rng(0))
    dx, dW, db = fully_connected_backward(x, W, dy, False, Memory())
    assert dx is None
    _, with_dW, with_db = fully_connected_backward(x, W, dy, True, Memory())
    assert (dW.tobytes(), db.tobytes()) == (with_dW.tobytes(), with_db.tobytes())


def test_gradients_by_numbers():
    rng = np.random.default_rng(1)
    x, W, b, dy = problem(11, 7, 5, np.float64, rng)
    directional_check(
        lambda x, W, b: float(np.sum(dy * fully_connected_forward(x, W, b, Memory()))),
        [x, W, b],
        fully_connected_backward(x, W, dy, True, Memory()),
        rng,
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_thread_equals_two(dtype, on_threads):
    x, W, b, dy = problem(201, 70, 9, dtype, np.random.default_rng(2))

    def run():
        memory = Memory()
        y = fully_connected_forward(x, W, b, memory)
        return [a.tobytes() for a in (y, *fully_connected_backward(x, W, dy, True, memory))]

    one, two = on_threads(run)
    assert one == two


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_row_does_not_see_the_others(dtype):
    x, W, b, dy = problem(70, 33, 9, dtype, np.random.default_rng(3))
    y = fully_connected_forward(x, W, b, Memory())
    dx, _, _ = fully_connected_backward(x, W, dy, True, Memory())
    for rows in [[n] for n in range(70)] + [[69, 3, 41, 0, 8], list(range(20, 50))]:
        assert fully_connected_forward(x[rows], W, b, Memory()).tobytes() == y[rows].tobytes()
        own, _, _ = fully_connected_backward(x[rows], W, dy[rows], True, Memory())
        assert own.tobytes() == dx[rows].tobytes()
