"""Cells of the training table: MATLAB's numbers, and as much of them as a narrow terminal has room for."""

from math import inf, nan

import pytest

from lstmcli.cli.displays import Lines
from lstmcli.cli.training_table import TrainingTable
from lstmcli.training.run import Step


class Paper(Lines):
    """Keeps its lines."""

    def __init__(self, columns):
        super().__init__()
        self.columns, self.lines = columns, []

    def say(self, line):
        self.lines.append(line)

    def room(self):
        return self.columns


def table(columns, metric, validates, *steps):
    paper = Paper(columns)
    shown = TrainingTable(metric, validates, True, 1, paper)
    shown.open(normalizes=False)
    for step in steps:
        shown.show(step, last=False)
    return paper.lines


def cells(columns, metric, *values):
    """Metric, loss and rate in a row, as they stand between the bars; all lines are as long."""
    figure, loss, rate = values
    lines = table(columns, metric, False, Step(1, 1, rate, loss, figure, None, None, 0.5, False, None))
    assert len(set(map(len, lines[1:]))) == 1
    return [cell.strip() for cell in lines[-1].strip("|").split("|")[3:]]


@pytest.mark.parametrize(
    ("metric", "values", "wide", "narrow"),
    [
        ("Accuracy", (100, 8.58964e-05, 0.01), ["100.00%", "8.5896e-05", "0.0100"], ["8.6e-05", "0.0100"]),
        ("RMSE", (429.514, 92238.5, 1e-4), ["429.51", "92238.5000", "1.0000e-04"], ["92238.5", "1.0e-04"]),
        ("RMSE", (99999.99, 0.0, 5e5), ["99999.99", "0.0000", "500000.0000"], ["0.0000", "500000"]),
        ("RMSE", (99999999, 9999999.9, 1), ["99999999.00", "9999999.9000", "1.0000"], ["10000000", "1.0000"]),
        ("RMSE", (1e10, 1e200, 1), ["1.00e+10", "1.0000e+200", "1.0000"], ["1e+200", "1.0000"]),
        ("RMSE", (nan, inf, 1), ["nan", "inf", "1.0000"], ["inf", "1.0000"]),
    ],
)
def test_numbers_have_the_digits_there_is_room_for(metric, values, wide, narrow):
    assert cells(inf, metric, *values) == cells(90, metric, *values) == wide
    found = cells(60, metric, *values)
    assert found[1:] == narrow
    assert all(len(cell) <= 8 for cell in found)


def test_the_widest_row_of_a_narrow_table_is_80_wide():
    step = Step(99999, 9999999, 1.25e-7, 8.5e-05, 9999.99, 123456.7, 9.876e30, 0.5, False, None)
    lines = table(100, "RMSE", True, step)
    assert {len(line) for line in lines[1:]} == {80}
    row = "| 99999 | 9999999 | 00:00:00 | 9999.99 | 9.9e+30 | 8.5e-05 |  123457 | 1.2e-07 |"
    assert lines[-1] == row


@pytest.mark.parametrize(("columns", "length"), [(119, 80), (120, 120), (inf, 120)])
def test_with_validation_120_columns_are_matlab_s(columns, length):
    assert {len(line) for line in table(columns, "Accuracy", True)[1:]} == {length}
