"""Times as numbers and dates."""

import numpy as np
import pytest

from lstmcli.data.times import moments


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        (["1", "2.5", "-3"], [0, 1.5, -4]),
        (["2024-02-28", "2024-03-01"], [0, 2 * 86400]),
        (["2024-01", "2024-02"], [0, 1]),
        (["2024-01-01T00:00:00Z", "2024-01-01T02:00:00+01:00"], [0, 3600]),
        (["2024-01-01 00:00", "2024-01-01 00:01:00.5"], [0, 60.5]),
        (["9998-01-01", "9999-01-01"], [0, 365 * 86400]),
        (["20240228", "20240301"], [0, 2 * 86400]),
        (["20240228", "20240230"], [0, 2]),
        (["31/12/2023 12:00", "2/1/2024 12:00"], [0, 2 * 86400]),
        (["1/31/2024", "2/1/2024"], [0, 86400]),
        (["Dec 2023", "Jan 2024"], [0, 1]),
        (["2023Q4", "2024Q1"], [0, 3]),
    ],
)
def test_what_lies_between_times(times, seconds):
    found = moments(times)
    gaps = found - found[0]
    unit = (
        np.timedelta64(1, "M" if np.datetime_data(gaps.dtype)[0] == "M" else "s")
        if gaps.dtype.kind == "m"
        else 1
    )
    np.testing.assert_allclose(gaps / unit, seconds)


@pytest.mark.parametrize(
    "times",
    [
        ["1", "monday"],
        ["today", "2024-01-01"],
        ["2024-1-1T00:00"],
        ["1/2/2024", "1/3/2024"],
        ["31/12/2023", "12/31/2023"],
        ["31-Feb-2024"],
        ["2024-01-01", "10000-01-01"],
        ["2024-02-30"],
        ["2024-01-01T00:00:00.000000000000001", "2024-01-02"],
        ["2024-01-01T00:00:00.123456789", "9999-12-31"],
        ["0001-01-01", "2024-01-01T00:00:00.123456789"],
    ],
)
def test_times_that_are_neither(times):
    assert moments(times) is None
