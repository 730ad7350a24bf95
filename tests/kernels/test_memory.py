import numpy as np
import pytest

from lstmcli.kernels.memory import ALIGNED, Memory


def test_an_array_that_is_taken_again_holds_what_it_held():
    memory = Memory()
    assert memory.is_new
    memory.take("h", (3, 4), np.float32)[...] = 5
    assert not memory.is_new
    assert (memory.take("h", (3, 4), np.float32) == 5).all()
    assert (memory.take("h", (2, 2), np.float32) == 5).all()
    assert not memory.zeros("h", (3, 4), np.float32).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_array_is_as_asked_for_and_aligned(dtype):
    memory = Memory()
    for shape in ((3, 5), (1,), (7, 5, 3), (2, 2)):
        for kind in (dtype, np.int32):
            a = memory.take("a", shape, kind)
            assert (a.shape, a.dtype) == (shape, kind)
            assert a.flags.carray
            assert a.ctypes.data % ALIGNED == 0


def test_names_and_parts_have_memory_of_their_own():
    memory = Memory()
    places = [(memory, "h"), (memory, "c"), (memory.part("lstm"), "h"), (memory.part("fc"), "h")]
    assert memory.part("lstm").is_new
    for k, (part, name) in enumerate(places):
        part.take(name, (100,), np.float64)[:] = k
    assert [part.take(name, (100,), np.float64).max() for part, name in places] == [0, 1, 2, 3]
    assert memory.part("lstm") is memory.part("lstm")
