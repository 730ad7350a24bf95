"""What `evaluate` prints of many classes, at widths of terminals."""

import numpy as np
import pytest

from lstmcli.cli.metrics_text import MOST_PAIRS, print_metrics
from lstmcli.errors import cells
from lstmcli.metrics import ClassificationMetrics


def classified(classes, samples=3000, right=0.5):
    """Answers of which at least this share is right; names differ at their ends."""
    random = np.random.default_rng(classes)
    targets = random.integers(0, classes, samples, np.int32)
    scores = random.uniform(size=(samples, classes)).astype(np.float32)
    scores[np.arange(samples), targets] += random.uniform(size=samples) < right
    return ClassificationMetrics(
        tuple(f"walking_upstairs_{k + 1:02d}" for k in range(classes)), scores, targets
    )


@pytest.fixture
def printed(capsys, monkeypatch):
    def parts(metrics, columns):
        if columns is None:
            monkeypatch.delenv("COLUMNS", raising=False)
        else:
            monkeypatch.setenv("COLUMNS", str(columns))
        print_metrics(metrics, "", tables=True)
        return [part.splitlines() for part in capsys.readouterr().out.split("\n\n")]

    return parts


def counts_of(lines, before):
    return [[0 if count == "." else int(count) for count in line.split()[before:]] for line in lines]


@pytest.mark.parametrize("columns", [70, 80, 100, 200, 400])
@pytest.mark.parametrize("classes", [2, 12, 30, 150])
def test_tables_of_any_number_of_classes_fit(printed, classes, columns):
    for part in printed(classified(classes), columns):
        assert max(map(cells, part)) <= columns


def test_no_terminal_has_the_whole_table(printed):
    metrics = classified(30)
    _, _, [heading, *rows] = printed(metrics, None)
    assert heading.split() == ["true", "\\", "predicted", *metrics.classes]
    assert counts_of(rows, 1) == metrics.confusion.tolist()


def test_classes_have_numbers_where_names_have_no_room(printed):
    metrics = classified(12)
    _, _, [heading, *rows] = printed(metrics, 80)
    assert heading.split() == ["true", "\\", "predicted", *map(str, range(1, 13))]
    ends = [(row.split()[0][-2:], row.split()[1]) for row in rows]
    assert ends == [(f"{k:02d}", str(k)) for k in range(1, 13)]
    assert counts_of(rows, 2) == metrics.confusion.tolist()


def test_of_too_many_classes_those_confused_most_are_listed(printed):
    metrics = classified(30)
    _, _, [heading, *rows, more] = printed(metrics, 80)
    assert heading.split() == ["true", "confused", "with", "samples"]
    assert len(rows) == MOST_PAIRS
    wrong = metrics.confusion - np.diag(np.diag(metrics.confusion))
    found = [(int(t[-2:]) - 1, int(p[-2:]) - 1, int(samples)) for t, p, samples in map(str.split, rows)]
    assert [samples for *_, samples in found] == sorted(wrong.ravel().tolist(), reverse=True)[:MOST_PAIRS]
    assert len({(t, p) for t, p, _ in found}) == MOST_PAIRS
    assert all(wrong[t, p] == samples for t, p, samples in found)
    assert more == f"... and {np.count_nonzero(wrong) - MOST_PAIRS} more pairs"


def test_nothing_is_listed_where_nothing_is_confused(printed):
    assert len(printed(classified(30, right=1.1), 80)) == 2
