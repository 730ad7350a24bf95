"""Sums, products and arrays side by side: against NumPy, shares, shapes of every width."""

import naive
import numpy as np
import pytest
from gradients import directional_check

from lstmcli.kernels import joins
from lstmcli.kernels.memory import Memory

WIDTHS = [(1,), (1, 1), (3, 1), (16, 16), (20, 12, 7), (2, 40), (1500, 3)]


def arrays(count, shape, dtype=np.float32, seed=0):
    return list(np.random.default_rng(seed).normal(size=(count, *shape)).astype(dtype))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("shape", [(1,), (3, 5), (2, 3, 40), (17, 131)])
def test_sums_products_and_their_gradients(count, shape, dtype):
    *xs, dy = arrays(count + 1, shape, dtype)
    want_sum, want_product = xs[0] + xs[1], xs[0] * xs[1]
    for x in xs[2:]:
        want_sum, want_product = want_sum + x, want_product * x
    assert joins.add(xs, Memory()).tobytes() == want_sum.tobytes()
    assert joins.multiply(xs, Memory()).tobytes() == want_product.tobytes()
    exact = naive.multiply_backward([x.astype(np.float64) for x in xs], dy.astype(np.float64))
    for got, want in zip(joins.multiply_backward(xs, dy, Memory()), exact, strict=True):
        assert got.dtype == dtype
        np.testing.assert_allclose(got, want, rtol=10 * np.finfo(dtype).eps)


def test_the_gradient_of_a_product_by_numbers():
    *xs, dy = arrays(5, (3, 7), np.float64)
    gradients = joins.multiply_backward(xs, dy, Memory())

    def product(*at):
        return float(np.sum(dy * joins.multiply(at, Memory())))

    directional_check(product, xs, gradients, np.random.default_rng(1))


def test_zeros_in_a_product_have_a_gradient():
    xs = [np.array([0, 0, 2], np.float32), np.array([3, 0, 0], np.float32), np.array([5, 5, 5], np.float32)]
    got = joins.multiply_backward(xs, np.ones(3, np.float32), Memory())
    assert [dx.tolist() for dx in got] == [[15, 0, 0], [0, 0, 10], [0, 0, 0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("rows", [1, 2, 29])
def test_side_by_side_and_apart_again(rows, widths, dtype):
    xs = [arrays(1, (rows, width), dtype, seed)[0] for seed, width in enumerate(widths)]
    y = joins.concatenate(xs, Memory())
    assert y.dtype == dtype
    assert y.tobytes() == np.concatenate(xs, axis=1).tobytes()
    parts = joins.split(y, widths, Memory())
    assert [part.tobytes() for part in parts] == [x.tobytes() for x in xs]


def test_nothing_is_written_behind_an_array():
    memory = Memory()
    behind = {name: memory.take(name, (100,), np.float32) for name in ("y", "dx0", "dx1")}
    for held in behind.values():
        held[:] = 7
    xs = arrays(2, (3, 5))
    joins.concatenate(xs, memory)
    assert (behind["y"][30:] == 7).all()
    joins.multiply(xs, memory)
    assert (behind["y"][30:] == 7).all()
    joins.split(arrays(1, (3, 10))[0], (5, 5), memory)
    joins.multiply_backward(xs, xs[0], memory)
    assert all((behind[name][15:] == 7).all() for name in ("dx0", "dx1"))


def test_what_is_not_contiguous_is_taken_as_it_is():
    *xs, dy = (x[:, ::2] for x in arrays(3, (6, 8)))
    assert joins.add(xs, Memory()).tolist() == (xs[0] + xs[1]).tolist()
    assert joins.multiply_backward(xs, dy, Memory())[0].tolist() == (dy * xs[1]).tolist()
    assert joins.concatenate(xs, Memory()).tolist() == np.concatenate(xs, axis=1).tolist()
    assert joins.split(dy, (1, 3), Memory())[1].tolist() == dy[:, 1:].tolist()


SHARED = {
    "sum": lambda xs: [joins.add(xs, Memory())],
    "product": lambda xs: [joins.multiply(xs, Memory())],
    "gradient of a product": lambda xs: joins.multiply_backward(xs[:2], xs[2], Memory()),
    "side by side": lambda xs: [joins.concatenate(xs, Memory())],
    "apart": lambda xs: joins.split(xs[0], (30, 1, 6), Memory()),
}


@pytest.mark.parametrize("name", SHARED)
def test_shares_are_right_and_the_same_for_any_number_of_threads(name, on_threads):
    xs = arrays(3, (5003, 37))
    assert xs[0].size > 3 * joins.SMALL
    found = on_threads(lambda: [part.tobytes() for part in SHARED[name](xs)], (1, 2, 3))
    wanted = {
        "sum": [(xs[0] + xs[1]) + xs[2]],
        "product": [(xs[0] * xs[1]) * xs[2]],
        "gradient of a product": [xs[2] * xs[1], xs[2] * xs[0]],
        "side by side": [np.concatenate(xs, axis=1)],
        "apart": np.split(xs[0], [30, 31], axis=1),
    }
    assert found == [[np.ascontiguousarray(part).tobytes() for part in wanted[name]]] * 3
