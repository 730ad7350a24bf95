import numpy as np
import pytest

from lstmcli.kernels.assembly import side_by_side


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (17,)])
def test_against_slices(shape, dtype):
    rng = np.random.default_rng(len(shape))
    values = rng.integers(-9, 9, (20, *shape)).astype(dtype)
    first, count, start = np.array([4, 0, 12]), np.array([3, 5, 0]), np.array([0, 1, 6])
    out = np.full((6, 3, *shape), 7, dtype)
    wanted = out.copy()
    for b in range(3):
        wanted[start[b] : start[b] + count[b], b] = values[first[b] : first[b] + count[b]]
    side_by_side(values, first, count, start, out)
    assert out.tobytes() == wanted.tobytes()


def test_values_of_another_kind_are_converted():
    out = np.zeros((2, 1, 2), np.float32)
    side_by_side(np.array([[1.5, 2], [3, 4]]), np.array([0]), np.array([2]), np.array([0]), out)
    assert out[:, 0].tolist() == [[1.5, 2], [3, 4]]
