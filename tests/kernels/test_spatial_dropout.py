"""Spatial dropout: one fate for each channel of an observation, from the key and the place alone."""

import numpy as np
import pytest

from lstmcli.kernels import spatial_dropout as module
from lstmcli.kernels.dropout import dropout
from lstmcli.kernels.memory import Memory
from lstmcli.kernels.spatial_dropout import spatial_dropout

KEY = np.uint64(0xDEADBEEF12345678)


def random(shape, dtype=np.float32):
    return np.random.default_rng(0).normal(size=shape).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (7, 5, 1, 3), (3, 4, 6, 21), (2, 3, 4, 64)])
def test_each_channel_of_an_observation_is_kept_or_dropped(shape, dtype):
    x = random(shape, dtype)
    y = spatial_dropout(x, 0.4, KEY, Memory())
    mask = dropout(np.ones((shape[1], shape[3]), dtype), 0.4, KEY)
    assert y.dtype == dtype
    assert (y == x * mask[:, None]).all()


def test_a_second_pass_asks_for_no_memory():
    x, memory = random((3, 4, 6, 21)), Memory()
    first = spatial_dropout(x, 0.5, KEY, memory)
    assert spatial_dropout(x, 0.5, KEY, memory) is first


def test_shares_are_the_same_for_any_number_of_threads(on_threads):
    x = random((40, 19, 9, 37))
    assert x.size > 3 * module.SMALL
    found = on_threads(lambda: spatial_dropout(x, 0.3, KEY, Memory()).tobytes(), (1, 2, 3))
    wanted = x * dropout(np.ones((19, 37), np.float32), 0.3, KEY)[:, None]
    assert (np.frombuffer(found[0], np.float32).reshape(x.shape) == wanted).all()
    assert len(set(found)) == 1
