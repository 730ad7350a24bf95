import naive
import numpy as np
import pytest

from lstmcli.kernels import solver_steps

DTYPES = [np.float32, np.float64]
SIZES = [(1, 1), (9, 1), (40, 13)]


def matrices(count, size, dtype, seed=0):
    rng = np.random.default_rng(seed)
    return [*rng.normal(size=(count, *size)).astype(dtype)], rng.uniform(0, 0.1, size[0])


def check(results, wanted, dtype):
    for result, want in zip(results, wanted, strict=True):
        assert result.dtype == dtype
        np.testing.assert_allclose(result, want, rtol=20 * np.finfo(dtype).eps, atol=20 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_sgdm(size, dtype):
    (w, g, velocity), rates = matrices(3, size, dtype)
    wanted = naive.sgdm(*(a.astype(np.float64) for a in (w, g, velocity)), rates, 0.9)
    out = np.empty_like(w)
    assert solver_steps.sgdm([w], [2 * g], [0.5], [velocity], [rates], 0.9, [out])
    check([out, velocity], wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_rmsprop(size, dtype):
    (w, g, v), rates = matrices(3, size, dtype)
    v = abs(v)
    wanted = naive.rmsprop(*(a.astype(np.float64) for a in (w, g, v)), rates, 0.9, 1e-8)
    out = np.empty_like(w)
    assert solver_steps.rmsprop([w], [2 * g], [0.5], [v], [rates], 0.9, 1e-8, [out])
    check([out, v], wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_adam(size, dtype):
    (w, g, m, v), rates = matrices(4, size, dtype)
    v = abs(v)
    for iteration in (1, 2, 100_000):
        wanted = naive.adam(*(a.astype(np.float64) for a in (w, g, m, v)), rates, 0.9, 0.999, 1e-8, iteration)
        out = np.empty_like(w)
        assert solver_steps.adam([w], [2 * g], [0.5], [m], [v], [rates], 0.9, 0.999, 1e-8, iteration, [out])
        check([out, m, v], wanted, dtype)


def test_the_first_adam_step_is_the_rate_against_the_sign():
    (w, g), _ = matrices(2, (3, 4), np.float64)
    m, v, out = np.zeros_like(w), np.zeros_like(w), np.empty_like(w)
    rates = [np.array([0.1, 0, 0.2])]
    solver_steps.adam([w], [g], [1.0], [m], [v], rates, 0.9, 0.999, 1e-12, 1, [out])
    np.testing.assert_allclose(out - w, -np.array([[0.1], [0], [0.2]]) * np.sign(g), atol=1e-8)


STEPS = {
    "sgdm": lambda w, g, z, out: solver_steps.sgdm(w, g, [1, 1], z, [np.ones(1)] * 2, 0.9, out),
    "rmsprop": lambda w, g, z, out: solver_steps.rmsprop(w, g, [1, 1], z, [np.ones(1)] * 2, 0.9, 1e-8, out),
    "adam": lambda w, g, z, out: solver_steps.adam(
        w, g, [1, 1], z, [0 * a for a in z], [np.ones(1)] * 2, 0.9, 0.999, 1e-8, 1, out
    ),
}


@pytest.mark.parametrize("solver", STEPS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [(0, 0), (3, 16), (39, 170)])
def test_a_weight_that_is_not_finite_is_seen(solver, value, place):
    (w, g), _ = matrices(2, (40, 171), np.float32)
    zeros, out = np.zeros_like(w), np.empty_like(w)
    for number in (0, 1):
        arrays = [[a.copy() for _ in range(2)] for a in (w, g, zeros, out)]
        assert STEPS[solver](*arrays)
        arrays[0][number][place] = value
        assert not STEPS[solver](*arrays)


@pytest.mark.parametrize("dtype", DTYPES)
def test_clipping(dtype):
    (g,), _ = matrices(1, (7, 5), dtype)
    g[0, 0] = np.nan
    wanted = np.clip(g, -0.2, 0.2)
    solver_steps.clip_absolute(g, 0.2)
    assert np.isnan(g[0, 0])
    np.testing.assert_array_equal(g, wanted.astype(dtype))
    assert np.nanmax(g) == dtype(0.2)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (4, 4), (40, 13)])
def test_l2_and_the_sum_of_squares(size, dtype):
    (g, w), factors = matrices(2, size, dtype)
    wanted = g + (0.5 * factors[:, None]).astype(dtype) * w
    [squares] = solver_steps.regularize([w], [g], [0.5 * factors])
    check([g], [wanted], dtype)
    np.testing.assert_allclose(squares, np.sum(wanted.astype(np.float64) ** 2), rtol=1e-6)
    large, none = np.full((2, 100), 1e30, dtype), np.zeros(2)
    np.testing.assert_allclose(solver_steps.regularize([large], [large], [none]), [2e62], rtol=1e-6)
    g[0, 0] = np.nan
    assert np.isnan(solver_steps.regularize([w], [g], [factors])).all()


def test_each_learnable_has_blocks_scales_and_sums_of_its_own(on_threads):
    """Several learnables at once, longer than a strip, as each alone; on any number of threads."""
    rng = np.random.default_rng(5)
    shapes, blocks = [(8, 700), (3,), (4, 4001), (2, 5)], [4, 1, 2, 1]
    w, g = ([rng.normal(size=shape).astype(np.float32) for shape in shapes] for _ in range(2))
    factors, scales = [rng.uniform(0, 1, n) for n in blocks], [0.5, 1.0, 0.25, 2.0]

    def run(chosen):
        ws, gs = [w[k] for k in chosen], [g[k].copy() for k in chosen]
        velocity, out = [np.zeros_like(a) for a in ws], [np.empty_like(a) for a in ws]
        own = [factors[k] for k in chosen]
        squares = solver_steps.regularize(ws, gs, own)
        assert solver_steps.sgdm(ws, gs, [scales[k] for k in chosen], velocity, own, 0.5, out)
        return [(s, a.tobytes(), b.tobytes()) for s, a, b in zip(squares, gs, out, strict=True)]

    together = on_threads(lambda: run(range(4)), counts=(1, 2, 3))
    alone = [run([k])[0] for k in range(4)]
    assert together == [alone] * 3
    for k, (_, gradient, _) in enumerate(alone):
        rows = np.repeat(factors[k], shapes[k][0] // blocks[k]).reshape(-1, *[1] * (len(shapes[k]) - 1))
        found = np.frombuffer(gradient, np.float32).reshape(shapes[k])
        np.testing.assert_allclose(found, g[k] + rows * w[k], rtol=1e-6, atol=1e-6)
