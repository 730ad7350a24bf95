"""Series whose rows have days and hours: these divide a series, and neither end it nor are its classes."""

import pytest
from survey.test_sequence_column import noise, of, table

from lstmcli.errors import DataError
from lstmcli.survey import sequence_column


def hours(header: str, days: int = 30) -> str:
    return table(
        header, ((day + 1, hour, noise(24 * day + hour)) for day in range(days) for hour in range(24))
    )


@pytest.mark.parametrize("name", ["doy", "day_of_year", "WeekNr", "weekday"])
def test_days_are_no_sequences(name):
    found = of(hours(f"{name},hour,load", 7))
    assert (found.guesses, len(found.sequences)) == ({"time": "its name"}, 1)
    assert len(of(hours("gizmo,hour,load", 7)).sequences) == 7


@pytest.mark.parametrize(
    ("cut", "count"),
    [
        ({"window": 24}, 30),
        ({"window": 25}, 1),
        ({"horizon": 23}, 30),
        ({"horizon": 24}, 1),
        ({"window": 20, "horizon": 5}, 1),
    ],
)
def test_blocks_that_are_shorter_than_what_is_cut_are_no_sequences(cut, count):
    assert len(of(hours("gizmo,hour,load"), **cut).sequences) == count


@pytest.mark.parametrize("name", ["date", "tag"])
def test_days_are_no_classes(name):
    rows = [
        (f"2024-01-{day:02}", f"{h:02}:00", noise(h * day)) for day in range(1, 29) for h in (0, 8, 16, 20)
    ]
    text = table(f"{name},time,load", rows)
    assert "labels" not in of(text).guesses
    assert "labels" not in of(text, sequence="none").guesses
    assert "labels" in of(text.replace("2024-01-", "d").replace(name, "kind"), sequence="none").guesses
    assert "labels" not in of(text.replace("2024-01-", "d").replace(name, "day"), sequence="none").guesses


def test_no_more_than_a_few_columns_are_looked_at_in_all_rows(monkeypatch):
    names = [f"c{k}" for k in range(11)]
    rows = [
        (*(f"{name}v{n // (10 * (12 - k))}" for k, name in enumerate(names)), noise(n)) for n in range(900)
    ]
    seen = []
    count = sequence_column._reason
    monkeypatch.setattr(sequence_column, "_reason", lambda *of: seen.append(of[0].name) or count(*of))
    found = of(table(",".join([*names, "x"]), rows))
    assert seen == ["c10", "c9", "c8"]
    assert found.columns.sequence == "c10"


def test_names_of_more_digits_than_a_number_has_do_not_count():
    rows = [(f"{'7' * 5000}{n // 20}", noise(n)) for n in range(200)]
    with pytest.raises(DataError, match="too large for single precision"):
        of(table("gizmo,x", rows))
