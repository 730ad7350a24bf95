"""What is known of steps ahead: nothing, some inputs, or all of them where they are held out."""

import numpy as np
import pytest
from data.numbered import series

from lstmcli.data.steps_ahead import Future, hold_out, seasons_before
from lstmcli.errors import DataError
from lstmcli.records import Sequences


@pytest.mark.parametrize(
    ("known", "begin", "follows"),
    [
        (["2024-01-01", "2024-01-02", "2024-01-03"], "2024-01-04", True),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "2024-01-05", "late"),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "2024-01-03", False),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "2023-12-31", False),
        (["2024-01", "2024-02", "2024-03"], "2024-04", True),
        (["2024-01-31", "2024-02-29", "2024-03-31"], "2024-04-30", True),
        (["2024-01-31", "2024-02-29", "2024-03-31"], "2024-05-31", "late"),
        (["1", "2", "3"], "4", True),
        (["1", "2", "3"], "1", False),
        (["1", "9", "10"], "20", True),
        (["mon", "tue", "wed"], "mon", True),
        (["3"], "900", True),
        (["0.1", "0.2", "0.3"], "0.4", True),
        (["0", "1.2", "2.4"], "3.6", True),
        (["0", "1.2", "2.4"], "4.9", "late"),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "04.01.2024", True),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "01.01.2020", False),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "5", True),
        (["3"], "3", False),
        (["2024-01-03", "2024-01-03", "2024-01-03"], "2024-01-04", True),
    ],
)
def test_the_future_begins_after_what_is_known(known, begin, follows):
    times = np.array([*known, begin], object)
    count = len(known)
    values = np.ones((count, 2), np.float32)
    history = Sequences(values, np.array([0, count]), ("k",), ("z", "x"), times[:count])
    future = Sequences(values[:1, :1], np.array([0, 1]), ("k",), ("z",), times[count:])
    to_come = Future(future)
    if follows:
        assert to_come.ahead(history, 1, 1).values.tolist() == [[[1, 0]]]
        begins = f"sequence `k` begins at `{begin}`, and its known steps end at `{known[-1]}`"
        late = f"what is to come of {begins}: steps between seem to be missing"
        assert list(to_come.told()) == ([late] if follows == "late" else [])
        return
    with pytest.raises(DataError, match=f"`k` begins at `{begin}`, but its known steps end at `{known[-1]}`"):
        to_come.ahead(history, 1, 1)


def test_times_of_the_future_that_are_missing_go_on():
    times = np.array(["2024-01-31", "2024-02-29", "2024-03-31"], object)
    history = Sequences(np.ones((2, 2), np.float32), np.array([0, 2]), ("k",), ("z", "x"), times[:2])
    future = Sequences(np.ones((1, 1), np.float32), np.array([0, 1]), ("k",), ("z",), times[2:])
    ahead = Future(future).ahead(history, 3, 1)
    assert ahead.times.tolist() == ["2024-03-31", "2024-04-30", "2024-05-31"]
    assert ahead.values[0, :, 0].tolist() == [1, 0, 0]
    untimed = Sequences(history.values, history.offsets, history.ids, history.channels)
    assert Future(future).ahead(untimed, 3, 1).times.tolist() == ["2024-03-31", "", ""]


def test_times_of_the_future_do_not_go_back():
    times = np.array(["2024-01-01", "2024-01-02", "2024-01-09", "2024-01-04"], object)
    history = Sequences(np.ones((1, 2), np.float32), np.array([0, 1]), ("k",), ("z", "x"), times[:1])
    future = Sequences(
        np.ones((3, 1), np.float32), np.array([0, 3]), ("k",), ("z",), times[1:], places=(("f.csv", 2),)
    )
    assert Future(future).ahead(history, 2, 2).times.tolist() == times[1:3].tolist()
    with pytest.raises(DataError, match=r"`k` goes from `2024-01-09` to `2024-01-04`\s+--> f.csv: row 2"):
        Future(future).ahead(history, 3, 3)


def test_a_time_of_the_future_may_be_there_twice():
    times = np.array(["1", "2", "2"], object)
    history = Sequences(np.ones((1, 1), np.float32), np.array([0, 1]), ("k",), ("z",), times[:1])
    future = Sequences(np.ones((2, 1), np.float32), np.array([0, 2]), ("k",), ("z",), times[1:])
    assert Future(future).ahead(history, 2, 2).times.tolist() == ["2", "2"]


def test_who_is_not_in_the_data_or_late_is_told_of():
    history, future = series(2, 2), Future(series(1, 1, 1, 1, 1, 1))
    assert future.ahead(history, 1, 1).times is None
    (unused,) = future.told()
    assert unused == "what is to come has 4 sequences that are not in the data: `m`, `n`, `o`, ..."
    times = np.array(["1", "2", "3", "1", "2", "3"], object)
    history = Sequences(np.ones((6, 2), np.float32), np.array([0, 3, 6]), ("k", "l"), ("a", "b"), times)
    to_come = np.array(["9", "8"], object)
    future = Future(Sequences(np.ones((2, 1), np.float32), np.arange(3), ("k", "l"), ("a",), to_come))
    future.ahead(history, 1, 1)
    (late,) = future.told()
    assert late.startswith("what is to come of sequence `k` begins at `9`")
    assert late.endswith("(2 sequences are so)")


def test_what_is_held_out():
    x = series(5, 4)
    times = np.array([str(step) for step in range(9)], object)
    history, ahead = hold_out(Sequences(x.values, x.offsets, x.ids, x.channels, times, x.places), 3)
    assert history.offsets.tolist() == [0, 2, 3]
    assert history.values.tolist() == x.values[[0, 1, 5]].tolist()
    assert history.times.tolist() == ["0", "1", "5"]
    assert ahead.values.tolist() == [x.values[2:5].tolist(), x.values[6:9].tolist()]
    assert ahead.times.tolist() == ["2", "3", "4", "6", "7", "8"]
    with pytest.raises(DataError) as caught:
        hold_out(x, 4)
    assert "`l` has 4 time steps, but 4 held out and one before them make 5\n --> d.csv: row 7" in str(
        caught.value
    )
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("season", [1, 2, 3, 5])
@pytest.mark.parametrize("horizon", [None, 1, 2, 4])
def test_values_a_season_before(season, horizon):
    x, steps = series(14, 12), 6
    found = seasons_before(x, steps, season, horizon)
    for n, (first, stop) in enumerate(zip(x.offsets[:-1], x.offsets[1:], strict=True)):
        for step in range(steps):
            at = stop - steps + step
            known = stop - steps if horizon is None else at + 1 - horizon
            before = at
            while before >= known:
                before -= season
            assert before >= first
            assert found[n, step].tolist() == x.values[before].tolist()


def test_series_shorter_than_a_season():
    x = series(9, 8)
    assert seasons_before(x, 3, 5, None)[1, :, 0].tolist() == x.values[9:12, 0].tolist()
    with pytest.raises(
        DataError, match="`l` has 8 time steps, but 3 held out and a season of 6 before them make 9"
    ):
        seasons_before(x, 3, 6, None)
