"""Kernels that divide their work, on so much of it that they do: right, and the same bits for any threads."""

import naive
import numpy as np
import pytest

from lstmcli.kernels import losses, solver_steps
from lstmcli.kernels.assembly import side_by_side
from lstmcli.kernels.dropout import dropout
from lstmcli.kernels.fully_connected import fully_connected_backward, fully_connected_forward
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.softmax import softmax, softmax_backward

ROWS, COLUMNS = 5003, 37
"""More than two strips of anything, and no multiple of one."""
THREADS = (1, 2, 3)
rng = np.random.default_rng(0)
x, dy = rng.normal(size=(2, ROWS, COLUMNS)).astype(np.float32)
y = naive.softmax(x).astype(np.float32)
t = rng.integers(-1, COLUMNS, ROWS).astype(np.int32)
w = rng.uniform(0.5, 2, COLUMNS).astype(np.float32)
weight = (rng.uniform(0.5, 2, ROWS) * rng.integers(0, 2, ROWS)).astype(np.float32)
W, b = rng.normal(size=(700, 300)).astype(np.float32), rng.normal(size=700).astype(np.float32)
wide, dwide = (rng.normal(size=(400, n)).astype(np.float32) for n in (300, 700))


def clipped():
    g = 3 * x
    solver_steps.clip_absolute(g, 0.5)
    return g


def assembled():
    out = np.zeros((1700, 3, COLUMNS), np.float32)
    side_by_side(x, np.array([0, 1700, 3400]), np.full(3, 1600), np.array([0, 50, 100]), out)
    return out


def assembled_by_slices():
    out = np.zeros((1700, 3, COLUMNS), np.float32)
    for k in range(3):
        out[50 * k : 50 * k + 1600, k] = x[1700 * k : 1700 * k + 1600]
    return out


def dropped():
    return dropout(x, 0.3, np.uint64(7))


def dropped_in_pieces():
    """An element's fate follows from its place alone: of the same array cut short it is the same."""
    short = dropout(x[:100], 0.3, np.uint64(7))
    full = dropped()
    kept = full != 0
    assert (full[:100] == short).all()
    np.testing.assert_allclose(full[kept], x[kept] / np.float32(0.7), rtol=1e-6)
    assert abs(kept.mean() - 0.7) < 0.01
    return full


CASES = {
    "softmax": (lambda: softmax(x, Memory()), lambda: naive.softmax(x)),
    "gradient of softmax": (lambda: softmax_backward(y, dy, Memory()), lambda: naive.softmax_backward(y, dy)),
    "cross-entropy": (lambda: losses.cross_entropy(y, t, w), lambda: naive.cross_entropy(y, t, w)),
    "gradient of cross-entropy": (
        lambda: losses.cross_entropy_gradient(y, t, w, 0.5),
        lambda: naive.cross_entropy_gradient(y, t, w, 0.5),
    ),
    "squared error": (
        lambda: losses.half_squared_error(x, dy, weight),
        lambda: naive.half_squared_error(x, dy, weight),
    ),
    "gradient of squared error": (
        lambda: losses.half_squared_error_gradient(x, dy, weight),
        lambda: naive.half_squared_error_gradient(x, dy, weight),
    ),
    "fully connected": (
        lambda: fully_connected_forward(wide, W, b, Memory()),
        lambda: naive.fully_connected_forward(wide, W, b),
    ),
    "dx, dW and db": (
        lambda: np.concatenate([g.ravel() for g in fully_connected_backward(wide, W, dwide, True, Memory())]),
        lambda: np.concatenate([g.ravel() for g in naive.fully_connected_backward(wide, W, dwide)]),
    ),
    "db of many rows": (
        lambda: fully_connected_backward(x, W[:370, :COLUMNS], np.repeat(dy, 10, axis=1), False, Memory())[2],
        lambda: np.repeat(dy, 10, axis=1).sum(axis=0, dtype=np.float64),
    ),
    "clipping": (clipped, lambda: np.clip(3 * x, -0.5, 0.5)),
    "assembly": (assembled, assembled_by_slices),
    "dropout": (dropped, dropped_in_pieces),
}


@pytest.mark.parametrize("name", CASES)
def test_shares_are_right_and_the_same_for_any_number_of_threads(name, on_threads):
    kernel, wanted = CASES[name]
    results = [np.array(result) for result in on_threads(kernel, THREADS)]
    want = np.array(wanted())
    np.testing.assert_allclose(results[0], want, rtol=0, atol=3e-6 * max(1, np.abs(want).max()))
    assert len({result.tobytes() for result in results}) == 1
