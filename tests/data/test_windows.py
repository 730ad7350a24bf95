"""Windows, strides and horizons."""

import numpy as np
import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_sequences
from lstmcli.data.windows import cut_and_sort, cut_windows
from lstmcli.errors import DataError
from lstmcli.records import Sequences, Targets, Task

STEPS = Task(classification=False, per_step=True)
LAST = Task(classification=False, per_step=False)
CLASS_STEPS = Task(classification=True, per_step=True)
CLASS_LAST = Task(classification=True, per_step=False)


def series(*lengths: int) -> Sequences:
    """Sequences a, b, ... whose steps count on: a has 0, 1, ..."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    values = np.arange(offsets[-1], dtype=np.float32)[:, None]
    places = tuple(("d.csv", int(offset) + 2) for offset in offsets[:-1])
    times = np.array([f"t{step}" for step in range(offsets[-1])], object)
    return Sequences(values, offsets, tuple("abcdefghijkl"[: len(lengths)]), ("x",), times, places)


def responses(sequences: Sequences) -> Targets:
    return Targets(sequences.values * 10, ("r",), per_step=True)


def pieces(sequences: Sequences) -> list[list[float]]:
    return [part[:, 0].tolist() for part in np.split(sequences.values, sequences.offsets[1:-1])]


def test_horizon_alone():
    data = series(4, 3)
    cut, targets = cut_windows(data, responses(data), DataSection(horizon=2), STEPS)
    assert cut.ids == ("a", "b")
    assert pieces(cut) == [[0, 1], [4]]
    assert cut.times.tolist() == ["t0", "t1", "t4"]
    assert cut.places == data.places
    assert targets == Targets(targets.values, ("r",), per_step=True)
    assert targets.values.tolist() == [[20], [30], [60]]


def test_horizon_alone_without_time_axis():
    data = series(4, 3)
    cut, targets = cut_windows(data, responses(data), DataSection(horizon=2), LAST)
    assert pieces(cut) == [[0, 1], [4]]
    assert targets.values.tolist() == [[30], [60]]
    assert not targets.per_step


def test_horizon_of_the_features():
    cut, targets = cut_windows(series(3), None, DataSection(horizon=1), STEPS)
    assert pieces(cut) == [[0, 1]]
    assert targets.values.tolist() == [[1], [2]]
    assert targets.names == ("x",)


def test_windows_do_not_overlap_by_more_than_the_stride():
    data = series(7, 3)
    cut, targets = cut_windows(data, responses(data), DataSection(window=3, stride=2), STEPS)
    assert cut.ids == ("a/1", "a/2", "a/3", "b/1")
    assert pieces(cut) == [[0, 1, 2], [2, 3, 4], [4, 5, 6], [7, 8, 9]]
    assert targets.values[:, 0].tolist() == [0, 10, 20, 20, 30, 40, 40, 50, 60, 70, 80, 90]
    assert cut.times.tolist()[:3] == ["t0", "t1", "t2"]
    assert cut.places == (("d.csv", 2),) * 3 + (("d.csv", 9),)


def test_stride_is_one_by_default_and_windows_are_whole():
    assert pieces(cut_windows(series(4), responses(series(4)), DataSection(window=3), STEPS)[0]) == [
        [0, 1, 2],
        [1, 2, 3],
    ]
    cut, _ = cut_windows(series(9), responses(series(9)), DataSection(window=3, stride=4), STEPS)
    assert pieces(cut) == [[0, 1, 2], [4, 5, 6]]


def test_window_without_time_axis_has_the_target_of_its_last_step():
    data = series(5)
    labels = Targets(np.array([0, 1, 0, 1, 1], np.int32), ("k", "m"), per_step=True)
    cut, targets = cut_windows(data, labels, DataSection(window=2, stride=2), CLASS_LAST)
    assert cut.ids == ("a/1", "a/2")
    assert targets.values.tolist() == [1, 1]
    assert targets.values.dtype == np.int32
    assert targets.names == ("k", "m")
    _, targets = cut_windows(data, labels, DataSection(window=2, stride=2), CLASS_STEPS)
    assert targets.values.tolist() == [0, 1, 0, 1]


def test_window_and_horizon():
    data = series(6)
    columns = DataSection(window=2, stride=1, horizon=3)
    cut, targets = cut_windows(data, None, columns, LAST)
    assert pieces(cut) == [[0, 1], [1, 2]]
    assert targets.values.tolist() == [[4], [5]]
    _, targets = cut_windows(data, None, columns, STEPS)
    assert targets.values[:, 0].tolist() == [3, 4, 4, 5]


def test_windows_of_sequences_with_one_label():
    labels = Targets(np.array([1, 0], np.int32), ("k", "m"), per_step=False)
    cut, targets = cut_windows(series(4, 2), labels, DataSection(window=2, stride=2), CLASS_LAST)
    assert cut.ids == ("a/1", "a/2", "b/1")
    assert targets.values.tolist() == [1, 1, 0]


HELP = "help: leave the sequence out"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (DataSection(window=4), "sequence `b` has 3 time steps, but window 4 needs 4\n --> d.csv: row 7"),
        (
            DataSection(window=3, horizon=2),
            "sequence `b` has 3 time steps, but window 3 and horizon 2 need 5\n --> d.csv: row 7",
        ),
    ],
)
def test_too_short(columns, expected):
    data = series(5, 3)
    with pytest.raises(DataError) as caught:
        cut_windows(data, responses(data), columns, STEPS)
    assert str(caught.value) == f"error: {expected}\n{HELP}, or make `window` smaller"


def test_too_short_for_the_horizon():
    with pytest.raises(DataError) as caught:
        cut_windows(series(1), None, DataSection(horizon=1), STEPS)
    expected = "error: sequence `a` has 1 time step, but horizon 1 needs 2\n --> d.csv: row 2"
    assert str(caught.value) == f"{expected}\n{HELP}"


@pytest.mark.parametrize(("count", "shown", "more"), [(9, 9, 0), (10, 10, 0), (11, 10, 1), (12, 10, 1)])
def test_ten_faults_in_one_run(count, shown, more):
    with pytest.raises(DataError) as caught:
        cut_windows(series(*[1] * count), None, DataSection(horizon=1), STEPS)
    assert str(caught.value).count("error:") == shown
    assert str(caught.value).endswith("\n\n... and more") == more


def read_and_cut(read, text, task, **words):
    return cut_and_sort(read(text, task, **words), DataSection(**words), task)


def test_what_is_read_can_be_cut(read):
    text = "x,who\n1,a\n2,b\n3,a\n4,b\n"
    sequences, targets = read_and_cut(read, text, CLASS_LAST, labels="who", window=2, stride=2)
    assert sequences.ids == ("1/1", "1/2")
    assert targets.names == ("a", "b")
    assert targets.values.tolist() == [1, 1]
    sequences, targets = read_and_cut(read, text, STEPS, horizon=1)
    assert sequences.values.tolist() == [[1], [2], [3]]
    assert targets.values.tolist() == [[2], [3], [4]]
    sequences, targets = read_and_cut(read, text, STEPS, horizon=1, features=("x",), responses=("x",))
    assert targets.values.tolist() == [[2], [3], [4]]


def test_series_are_read_whole(read):
    sequences, targets = read("x,who\n1,a\n2,b\n", CLASS_LAST, labels="who", window=1)
    assert sequences.ids == ("1",)
    assert targets.per_step
    assert read("x\n1\n2\n", STEPS, horizon=1)[1] is None


def test_what_is_not_to_be_cut_stays_as_it_is(read):
    whole = read("x,r\n1,2\n3,4\n", STEPS, responses=("r",))
    assert cut_and_sort(whole, DataSection(responses=("r",)), STEPS) == whole


def test_pieces_are_sorted_after_cutting(read):
    text = "sequence,x\na,1\na,2\na,3\na,4\nb,1\nb,2\nc,1\nc,2\nc,3\n"
    sequences, targets = read_and_cut(read, text, STEPS, horizon=1, sort="length")
    assert sequences.ids == ("b", "c", "a")
    assert targets.values[:, 0].tolist() == [2, 2, 3, 2, 3, 4]


def test_nothing_is_cut_without_task(write):
    name = write("d.csv", "x\n1\n2\n")
    sequences, targets = read_sequences([name], DataSection(window=5, horizon=3), None)
    assert sequences.values.tolist() == [[1], [2]]
    assert targets is None
