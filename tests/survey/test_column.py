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
    ],
)
def test_dates(values):
    column = Column("when", values)
    assert column.is_text
    assert column.is_dates


@pytest.mark.parametrize("values", [["20.5 C", "21.5 C"], ["a1", "b2"], ["12:30", "later"], []])
def test_texts_that_are_no_dates(values):
    assert not Column("when", values).is_dates


@pytest.mark.parametrize("values", [["20,00", "20,10"], ["1,234.5", "2,000.1"], ["1.5", "x"], []])
def test_numbers_however_they_are_written_are_no_texts(values):
    assert not Column("what", values).is_text
