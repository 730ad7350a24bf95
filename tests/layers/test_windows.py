"""Windows: how many there are and where they begin, against counting them."""

import itertools

import numpy as np
import pytest

from lstmcli.layers.layer import SizeError
from lstmcli.layers.windows import Window, over_image
from lstmcli.records import Signal, Steps

CASES = [
    Window(size, stride, dilation, padding)
    for size, stride, dilation, padding in itertools.product(
        (1, 2, 3, 5), (1, 2, 3), (1, 2), ((0, 0), (2, 1), (0, 3), "same", "causal")
    )
]


def counted(window, length):
    """Windows that fit into `length` elements and their padding, and what is before the first element."""
    if window.padding == "same":
        count = -(-length // window.stride)
        total = max(0, (count - 1) * window.stride + window.extent - length)
        before, after = total // 2, total - total // 2
    else:
        causal = ((window.size - 1) * window.dilation, 0)
        before, after = causal if window.padding == "causal" else window.padding
    begins = range(0, before + length + after - window.extent + 1, window.stride)
    return len(begins), before


@pytest.mark.parametrize("window", CASES, ids=str)
def test_windows_are_those_that_fit(window):
    for length in range(1, 30):
        count, before = counted(window, length)
        assert window.along(Steps()).of(length) == count
        assert window.before(np.array([length], np.int32)).tolist() == [before]
        assert window.over(length) == count
        if count:
            assert over_image((window, Window(1)), (length, 7), "Size") == (count, 7)
        else:
            least = next(n for n in itertools.count(length) if counted(window, n)[0])
            with pytest.raises(SizeError, match=f"^needs at least {least} pixels of height$"):
                over_image((window, Window(1)), (length, 7), "Size")
            with pytest.raises(SizeError, match=f"^needs at least {least} pixels of width$") as caught:
                over_image((Window(1), window), (7, length), "Size")
            assert caught.value.help == "use a smaller `Size`, or `Padding: same`"
            both = f"^needs at least {least} pixels of height and {least} pixels of width$"
            with pytest.raises(SizeError, match=both):
                over_image((window, window), (length, length), "Size")


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("window", CASES, ids=str)
def test_each_sequence_has_windows_of_its_own(window, side):
    length = np.array([9, 4, 1, 0, 7], np.int32)
    start = 9 - length if side == "left" else 0 * length
    x = Signal(np.zeros((9, 5, 1)), start, start + length)
    found = window.over_time(x)
    assert found.steps == window.along(Steps()).of(9)
    for b, n in enumerate(length.tolist()):
        count, before = counted(window, n) if n else (0, 0)
        assert found.stop[b] - found.start[b] == count
        assert 0 <= found.start[b] <= found.stop[b] <= found.steps
        if n:
            assert found.first[b] == start[b] - before
    assert not found.whole


@pytest.mark.parametrize("window", CASES, ids=str)
def test_sequences_of_which_all_steps_count_have_the_same_windows(window):
    for length in range(1, 12):
        x = Signal(np.zeros((length, 3, 1)), np.zeros(3, np.int32), np.full(3, length, np.int32))
        count, before = counted(window, length)
        found = window.over_time(x)
        assert (found.steps, found.whole) == (count, True)
        assert [found.start.tolist(), found.stop.tolist()] == [[0] * 3, [count] * 3]
        assert found.first.tolist() == [-before] * 3


@pytest.mark.parametrize("window", CASES, ids=str)
def test_padding_around_pixels_is_what_windows_see(window):
    for length in range(window.extent, 30):
        count, before = counted(window, length)
        seen = [
            k * window.stride - before + f * window.dilation for k in range(count) for f in range(window.size)
        ]
        assert window.around(length) == (before, max(0, max(seen) + 1 - length))


def test_steps_after_steps():
    for first, second in itertools.product(CASES, repeat=2):
        both = second.along(first.along(Steps()))
        for length in (1, 7, 20, 33):
            between = first.along(Steps()).of(length)
            if between > 0:
                assert both.of(length) == second.along(Steps()).of(between)
