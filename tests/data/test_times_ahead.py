"""Evenly spaced times go on as they are written; others do not."""

import numpy as np
import pytest

from lstmcli.data.times_ahead import times_ahead


@pytest.mark.parametrize(
    ("known", "to_come"),
    [
        ("1 2 3", "4 5"),
        ("-2 -1", "0 1"),
        ("0.1 0.2", "0.3 0.4"),
        ("0.10 0.30", "0.50 0.70"),
        ("1990 2000", "2010 2020"),
        ("1970Q3 1970Q4", "1971Q1 1971Q2"),
        ("1970-Q1 1971-Q1", "1972-Q1 1973-Q1"),
        ("1960-11 1960-12", "1961-01 1961-02"),
        ("2024-02-27 2024-02-28", "2024-02-29 2024-03-01"),
        ("2023-01-02 2023-01-09 2023-01-16", "2023-01-23 2023-01-30"),
        ("2023-07-01 2023-08-01 2023-09-01", "2023-10-01 2023-11-01"),
        ("2023-02-15 2023-03-15", "2023-04-15 2023-05-15"),
        ("2023-12-31 2024-01-31 2024-02-29", "2024-03-31 2024-04-30"),
        ("2023-01-31 2023-02-28", "2023-03-31 2023-04-30"),
        ("2020-02-29T12:00 2020-03-31T12:00", "2020-04-30T12:00 2020-05-31T12:00"),
        ("2024-12-31T23:15 2024-12-31T23:30", "2024-12-31T23:45 2025-01-01T00:00"),
        ("2024-12-31T23:59:58 2024-12-31T23:59:59", "2025-01-01T00:00:00 2025-01-01T00:00:01"),
        (
            "2024-12-31T23:59:59.998 2024-12-31T23:59:59.999",
            "2025-01-01T00:00:00.000 2025-01-01T00:00:00.001",
        ),
    ],
)
def test_even_times_go_on(known, to_come):
    assert times_ahead(known.split(), 2) == to_come.split()
    spaced = [text.replace("T", " ") for text in known.split()]
    assert times_ahead(spaced, 2) == [text.replace("T", " ") for text in to_come.split()]


@pytest.mark.parametrize(
    "known",
    [
        "1",
        "a b",
        "1 2 4",
        "3 2 1",
        "2 2",
        "001 002",
        "1e3 2e3",
        "1970Q1 1970-Q2",
        "1970Q2 1970Q1",
        "2020-01-29 2020-02-29 2020-03-29",
        "2023-01-02 2023-01-03 2023-01-04 2023-01-05 2023-01-06 2023-01-09",
        "2024-01-01T00:00Z 2024-01-01T01:00Z",
        "2024-01-01T00:00 2024-01-01",
    ],
)
def test_other_times_do_not(known):
    assert times_ahead(known.split(), 2) is None


@pytest.mark.parametrize("unit", ["Y", "M", "D", "h", "m", "s", "ms"])
def test_dates_go_on_as_numpy_counts_them(unit):
    dates = np.datetime64("1999-12-31T23:59:59.999", unit) + np.arange(40) * 3
    texts = np.datetime_as_string(dates).tolist()
    assert times_ahead(texts[:30], 10) == texts[30:]
