"""The gates and states of each step of recurrent kernels, against the formulas."""

import naive
import numpy as np
import pytest
from kernels.recurrence import DTYPES, SIZES, check, lengths
from kernels.test_gru import MODES
from kernels.test_gru import problem as gru_problem
from kernels.test_lstm_peepholes import problem as lstm_problem

from lstmcli.kernels import gru, lstm
from lstmcli.kernels.memory import Memory

dtypes = pytest.mark.parametrize("dtype", DTYPES)
sizes = pytest.mark.parametrize("size", SIZES, ids=str)


def counted(inside, start, stop):
    """What was found, with 0 at the steps that do not count."""
    t = np.arange(inside.shape[1])[:, None]
    return np.where(((start <= t) & (t < stop))[..., None], inside, inside.dtype.type(0))


@dtypes
@pytest.mark.parametrize("peepholes", [False, True])
@pytest.mark.parametrize("D", [1, 2])
@sizes
def test_lstm(size, D, peepholes, dtype):
    rng = np.random.default_rng([*size, D])
    (*arrays, p), _ = lstm_problem(*size, D, dtype, rng)
    start, stop = lengths(*size[:2], "both", rng)
    how = (True, True, Memory(), True, p if peepholes else None)
    *_, saved = lstm.lstm_forward(*arrays, start, stop, 0, 0, *how)
    x, *weights, h0, c0 = arrays
    wanted = []
    for d in range(D):
        *own, own_p = (np.split(a, D)[d] for a in (*weights, p))
        states = (np.split(a, D, axis=-1)[d] for a in (h0, c0))
        call = (x, *own, *states, start, stop, 0, 0, d == 1)
        wanted.append(naive.lstm_inside(*call, own_p if peepholes else None))
    check([counted(lstm.look_inside(saved), start, stop)], [np.concatenate(wanted, axis=-1)], dtype)


@dtypes
@pytest.mark.parametrize("mode", MODES)
@sizes
def test_gru(size, mode, dtype):
    rng = np.random.default_rng([*size, 3])
    arrays, _ = gru_problem(*size, mode, dtype, rng)
    start, stop = lengths(*size[:2], "both", rng)
    settings = (*arrays, start, stop, 0, 0, MODES[mode][1])
    *_, saved = gru.gru_forward(*settings, True, True, Memory())
    check([counted(gru.look_inside(saved), start, stop)], [naive.gru_inside(*settings)], dtype)
