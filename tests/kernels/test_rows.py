"""Rows and matrices in flat arrays, of every size about that of a vector; what stands around them stays."""

import numpy as np
import pytest

from lstmcli.kernels.compiled.rows import add_row, copy_row, copy_transposed, fill_row

SIZES = range(18)
dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@dtypes
@pytest.mark.parametrize(("a_at", "b_at", "a_gap", "b_gap"), [(0, 0, 0, 0), (3, 5, 2, 1), (1, 0, 0, 7)])
def test_copy_transposed(a_at, b_at, a_gap, b_gap, dtype):
    """gap : what is between one row and the next."""
    for rows in SIZES:
        for columns in SIZES:
            a_step, b_step = columns + a_gap, rows + b_gap
            a = np.arange(a_at + rows * a_step + 3, dtype=dtype)
            b = -1 - np.arange(b_at + columns * b_step + 3, dtype=dtype)
            wanted = b.copy()
            for u in range(rows):
                for k in range(columns):
                    wanted[b_at + k * b_step + u] = a[a_at + u * a_step + k]
            copy_transposed(a, a_at, a_step, rows, columns, b, b_at, b_step)
            assert b.tobytes() == wanted.tobytes()


@dtypes
@pytest.mark.parametrize(("a_at", "b_at"), [(0, 0), (3, 5)])
@pytest.mark.parametrize("count", [*SIZES, 31, 32, 33])
def test_copy_add_and_fill(count, a_at, b_at, dtype):
    a = np.arange(a_at + count + 3, dtype=dtype)
    before = -1 - 2 * np.arange(b_at + count + 3, dtype=dtype)
    source, place = a[a_at : a_at + count], np.s_[b_at : b_at + count]
    for change, result in (
        (lambda b: copy_row(a, a_at, b, b_at, count), source),
        (lambda b: add_row(a, a_at, b, b_at, count), before[place] + source),
        (lambda b: fill_row(b, b_at, count, 7), 7),
    ):
        b, wanted = before.copy(), before.copy()
        wanted[place] = result
        change(b)
        assert b.tobytes() == wanted.tobytes()
