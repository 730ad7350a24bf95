"""Where steps stand on an axis: at numbers and dates if their times are some, in whatever distances."""

import numpy as np
import pytest

from lstmcli.pictures.figure import drawn, new_figure, styled
from lstmcli.pictures.time_axis import draw_axis, place_steps


def drawn_texts(steps, most=5):
    """What stands below the axis."""
    with styled():
        figure = new_figure(6, 2)
        axes = figure.subplots()
        axes.plot(steps.places, np.zeros(len(steps.places)))
        draw_axis(axes, steps, "time", most)
        drawn(figure, "svg")
        return [text.get_text() for text in axes.get_xticklabels()]


def test_steps_without_times_have_their_numbers():
    steps = place_steps(None, 4, 7)
    assert (steps.places.tolist(), steps.texts) == ([7, 8, 9, 10], ())
    assert {"7", "8", "9", "10"} <= set(drawn_texts(steps))


@pytest.mark.parametrize(
    ("times", "places"),
    [
        (["0", "0.5", "10"], [0, 0.5, 10]),
        (["-1e3", "2"], [-1000, 2]),
        (["2019", "2020"], [2019, 2020]),
        (["1949-11", "1949-12", "1950-02"], ["1949-11-01", "1949-12-01", "1950-02-01"]),
        (["2007 Q1", "2007 Q3"], ["2007-01-01", "2007-07-01"]),
        (["20240131", "20240201"], ["2024-01-31", "2024-02-01"]),
        (["2020-02-28", "2020-02-29"], ["2020-02-28", "2020-02-29"]),
        (["2020-01-01 09:00", "2020-01-01T09:00:30"], ["2020-01-01T09:00", "2020-01-01T09:00:30"]),
        (["2020-01-01T09:00Z", "2020-01-01T12:00+02:00"], ["2020-01-01T09:00", "2020-01-01T10:00"]),
    ],
)
def test_times_that_are_numbers_or_dates(times, places):
    found = place_steps(times, len(times), 1)
    wanted = np.array(places, None if isinstance(places[0], int | float) else "datetime64[s]")
    assert found.texts == ()
    np.testing.assert_array_equal(found.places.astype(wanted.dtype), wanted)


@pytest.mark.parametrize(
    "times",
    [
        ["2007 W1", "2007 W2"],
        ["mon", "tue"],
        ["now", "today"],
        ["09:00", "09:05"],
        ["1", "1"],
        ["2", "1"],
        ["1", "inf"],
        ["1", "nan"],
        ["2020-01-02", "2020-01-01"],
        ["2020-13-01", "2020-14-01"],
        ["0000-01", "0000-02"],
        ["2020-01", ""],
    ],
)
def test_other_times_stand_below_the_numbers_of_their_steps(times):
    found = place_steps(times, 4, 5)
    assert (found.places.tolist(), found.texts) == ([5, 6, 7, 8], times)
    assert drawn_texts(found) == times


@pytest.mark.parametrize(
    ("times", "ahead"),
    [
        (["1.5", "2"], [2.5, 3]),
        (["0", "1", "2", "10", "11"], [12, 13]),
        (["1960-11", "1960-12"], ["1961-01", "1961-02"]),
        (["2024-02-27", "2024-02-28"], ["2024-02-29", "2024-03-01"]),
    ],
)
def test_times_go_on_as_they_did(times, ahead):
    found = place_steps(times, len(times) + 2, 1).places[-2:]
    assert found.astype(str).tolist() == np.array(ahead, found.dtype).astype(str).tolist()


@pytest.mark.parametrize("times", [["5"], ["2024-01-01"], ["9990-01-01", "9995-01-01"]])
def test_times_that_cannot_go_on(times):
    assert place_steps(times, 4, 1) == (pytest.approx([1, 2, 3, 4]), times)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [2, 7, 32, 33, 100, 1000])
def test_no_count_of_months_is_warned_of(count):
    months = np.datetime_as_string(np.datetime64("1956-07") + np.arange(count)).tolist()
    with styled():
        figure = new_figure(6, 2)
        axes = figure.subplots()
        steps = place_steps(months, count, 1)
        axes.plot(steps.places, np.zeros(count))
        draw_axis(axes, steps, "time", 5)
    assert b"time" in drawn(figure, "svg")


def test_of_many_texts_some_are_shown():
    times = [f"{1970 + k // 4} W{k % 4 + 1}" for k in range(40)]
    assert drawn_texts(place_steps(times, 48, 1)) == ["1970 W1", "1972 W3", "1975 W1", "1977 W3"]
    assert drawn_texts(place_steps(["a name that is long"], 1, 1)) == ["a name that…"]


@pytest.mark.parametrize("times", [["0.1", "0.3"], ["1577836800", "1577840400"], ["9990-01", "9997-01"]])
def test_numbers_and_dates_are_written_out(times):
    texts = drawn_texts(place_steps(times, 2, 1))
    assert 2 <= len([text for text in texts if text]) <= 8
    assert all(len(text) <= 10 for text in texts)


@pytest.mark.parametrize(
    ("times", "places"),
    [
        (["1", "2", "3", "4", "10"], [1, 2, 3, 4, 10, 11, 12]),
        (["0", "1", "6", "11", "16"], [0, 1, 6, 11, 16, 21, 26]),
    ],
)
def test_steps_to_come_go_on_by_the_median_gap(times, places):
    assert place_steps(times, len(times) + 2, 1).places.tolist() == places
