"""What the first cells of a column say of it."""

import pytest

from lstmcli.survey.column import Column


@pytest.mark.parametrize(
    "values",
    [
        ["2024-01-31", "2024-02-01"],
        ["31/1/24", "1/2/24"],
        ["12:30", "12:31"],
        ["2024-01-31T12:30:00Z", "2024-01-31T12:31:00Z"],
        ["Jan 2024", "Feb 2024"],
        ["31 Jan 24", "1 Feb 24"],
        ["1 Jan 24", "2 Jan 24"],
        ["4. März 2024", "4. April 2024"],
        ["1/1/24 UTC", "2/1/24 UTC"],
    ],
)
def test_dates(values):
    column = Column("when", values)
    assert column.is_text
    assert column.is_dates


@pytest.mark.parametrize(
    "values",
    [
        ["20.5 C", "21.5 C"],
        ["a1", "b2"],
        ["12:30", "later"],
        [],
        ["flower000", "flower001"],
        ["flower000", "12:30"],
        [f"{chr(97 + n) * 3}{n}" for n in range(20)],
        ["12:30", "12:30" + " " * 36],
        ["a" * 20_000] * 20,
        ["1" + " " * 20_000] * 20,
    ],
)
def test_texts_that_are_no_dates(values):
    assert not Column("when", values).is_dates


@pytest.mark.parametrize("values", [["20,00", "20,10"], ["1,234.5", "2,000.1"], ["1.5", "x"], []])
def test_numbers_however_they_are_written_are_no_texts(values):
    assert not Column("what", values).is_text


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["20.25 C", "-3 C", "1e3 C"], "C"),
        (["100.0 kPa", "", "101.5 kPa"], "kPa"),
        (["12 %", "13%"], "%"),
        (["20.5°C"], "°C"),
        (["1.5V", "2.5V"], "V"),
        (["3 m/s"], "m/s"),
        (["20 C", "20 F"], ""),
        (["20 C", "warm"], ""),
        (["12a", "13a"], ""),
        (["31 Jan 24", "1 Feb 24"], ""),
        (["1.2.3 x"], ""),
        (["3", "4"], ""),
        ([], ""),
    ],
)
def test_units(values, unit):
    assert Column("what", values).unit == unit
