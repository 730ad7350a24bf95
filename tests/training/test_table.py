"""The Verbose table to the letter, against frames that trainNetwork printed."""

from types import SimpleNamespace

import pytest

from lstmcli.cli import training_table
from lstmcli.cli.displays import Bar, Lines
from lstmcli.cli.training_table import TrainingTable
from lstmcli.training.run import Step

CLASSIFICATION = """\
Training on single CPU.
|========================================================================================|
|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Mini-batch  |  Base Learning  |
|         |             |   (hh:mm:ss)   |   Accuracy   |     Loss     |      Rate       |
|========================================================================================|
|       1 |           1 |       00:00:15 |       28.12% |       1.5097 |      1.0000e-04 |
|       9 |          50 |       00:02:10 |       85.16% |       0.5273 |      1.0000e-04 |
|========================================================================================|
Training finished: Max epochs completed.
"""
VALIDATED_CLASSIFICATION = """\
Training on single CPU.
Initializing input data normalization.
|======================================================================================================================|
|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Validation  |  Mini-batch  |  Validation  |  Base Learning  |
|         |             |   (hh:mm:ss)   |   Accuracy   |   Accuracy   |     Loss     |     Loss     |      Rate       |
|======================================================================================================================|
|       1 |           1 |       00:00:03 |       25.00% |       20.00% |       3.2166 |       2.8498 |      1.0000e-04 |
|       2 |          50 |       01:01:01 |      100.00% |              |       0.0000 |              |          0.0010 |
|       3 |          60 |       27:46:39 |        0.00% |      100.00% |   9.9900e-05 |       0.0001 |          0.1000 |
|======================================================================================================================|
Training finished: Met validation criterion.
"""  # noqa: E501
REGRESSION = """\
Training on single CPU.
|========================================================================================|
|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Mini-batch  |  Base Learning  |
|         |             |   (hh:mm:ss)   |     RMSE     |     Loss     |      Rate       |
|========================================================================================|
|       1 |           1 |       00:00:03 |         8.54 |      36.4648 |          0.0010 |
|      10 |         100 |       00:00:12 |       429.51 |   92238.5000 |      9.9900e-04 |
|========================================================================================|
Training finished: Stopped manually.
"""
VALIDATED_REGRESSION = """\
Training on single CPU.
|======================================================================================================================|
|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Validation  |  Mini-batch  |  Validation  |  Base Learning  |
|         |             |   (hh:mm:ss)   |     RMSE     |     RMSE     |     Loss     |     Loss     |      Rate       |
|======================================================================================================================|
|     400 |         400 |       00:00:39 |         0.01 |         0.03 |   8.5896e-05 |       0.0003 |          0.0100 |
|======================================================================================================================|
Training finished: Max epochs completed.
"""  # noqa: E501


def step(epoch, iteration, rate, loss, metric, validation_loss=None, validation_metric=None):
    return Step(
        epoch,
        iteration,
        rate,
        loss,
        metric,
        validation_loss,
        validation_metric,
        progress=0.5,
        epoch_done=False,
        finished=None,
    )


@pytest.fixture
def shown(monkeypatch, capsys):
    """What a table prints of steps that end after so many seconds, from a clock that began at 1000."""

    def show(table_of, steps, *, normalizes=False, reason, last=None, **table):
        now = SimpleNamespace(seconds=1000.0)
        monkeypatch.setattr(training_table, "time", SimpleNamespace(monotonic=lambda: now.seconds))
        arguments = {"validates": False, "verbose": True, "frequency": 50, "display": Lines(), **table}
        table = TrainingTable(table_of, **arguments)
        with table.display:
            table.open(normalizes)
            for seconds, each in steps:
                now.seconds = 1000.0 + seconds
                table.show(each, last=each.iteration == last)
            table.close(reason)
        streams = capsys.readouterr()
        assert streams.out == ""
        return streams.err

    return show


MAX_EPOCHS = "Max epochs completed"
OBSERVED = [(15.9, step(1, 1, 1e-4, 1.50974, 28.125)), (130.2, step(9, 50, 1e-4, 0.52731, 85.156))]


def test_classification(shown):
    assert shown("Accuracy", OBSERVED, reason=MAX_EPOCHS) == CLASSIFICATION


def test_classification_with_validation_and_normalization(shown):
    steps = [
        (3, step(1, 1, 1e-4, 3.2166, 25, 2.8498, 20)),
        (3661, step(2, 50, 1e-3, 0.0, 100)),
        (99999, step(3, 60, 0.1, 9.99e-5, 0, 1e-4, 100)),
    ]
    printed = shown("Accuracy", steps, validates=True, normalizes=True, reason="Met validation criterion")
    assert printed == VALIDATED_CLASSIFICATION


def test_regression(shown):
    steps = [(3, step(1, 1, 0.001, 36.4648, 8.54)), (12, step(10, 100, 0.000999, 92238.5, 429.51))]
    assert shown("RMSE", steps, reason="Stopped manually") == REGRESSION


def test_regression_with_validation(shown):
    steps = [(39, step(400, 400, 0.01, 8.5896e-5, 0.0131, 0.0003, 0.0263))]
    assert shown("RMSE", steps, validates=True, reason=MAX_EPOCHS, last=400) == VALIDATED_REGRESSION


def rows_of(printed):
    """The iterations of the rows."""
    cells = [line.split("|") for line in printed.splitlines() if line.startswith("|")]
    return [int(row[2]) for row in cells if len(row) > 3 and row[2].strip().isdigit()]


def test_rows_are_the_first_the_multiples_the_validations_and_the_last(shown):
    steps = [
        (k, step(1, k, 0.01, 1.0, 50, 1.0 if k == 7 else None, 50 if k == 7 else None)) for k in range(1, 24)
    ]
    every_five = shown("Accuracy", steps, validates=True, frequency=5, last=23, reason=MAX_EPOCHS)
    assert rows_of(every_five) == [1, 5, 7, 10, 15, 20, 23]
    assert rows_of(shown("Accuracy", steps, validates=True, frequency=100, reason=MAX_EPOCHS)) == [1, 7]


def test_quiet_prints_nothing(shown):
    assert shown("Accuracy", OBSERVED, verbose=False, normalizes=True, reason=MAX_EPOCHS) == ""


def test_the_progress_bar_changes_no_line_of_the_table(shown):
    printed = shown("Accuracy", OBSERVED, display=Bar(), reason=MAX_EPOCHS)
    assert printed.strip() == CLASSIFICATION.strip()


@pytest.mark.parametrize(
    ("rate", "cell"),
    [
        (0.01, "0.0100"),
        (1e-3, "0.0010"),
        (9.999e-4, "9.9990e-04"),
        (5e-7, "5.0000e-07"),
        (1, "1.0000"),
        (2e7, "2.0000e+07"),
    ],
)
def test_rates_below_a_thousandth_have_an_exponent(shown, rate, cell):
    row = shown("RMSE", [(0, step(1, 1, rate, 1, 1))], reason=MAX_EPOCHS).splitlines()[5]
    assert row == f"|       1 |           1 |       00:00:00 |         1.00 |       1.0000 |{cell:>16} |"


@pytest.mark.parametrize(("value", "cell"), [(99999999.0, "99999999.00"), (3e9, "3.00e+09")])
def test_large_errors_fit_their_cell(shown, value, cell):
    row = shown("RMSE", [(0, step(1, 1, 1, 1, value))], reason=MAX_EPOCHS).splitlines()[5]
    assert row == f"|       1 |           1 |       00:00:00 |{cell:>13} |       1.0000 |          1.0000 |"


@pytest.mark.parametrize(
    ("loss", "cell"),
    [
        (1e-4, "0.0001"),
        (9.9e-5, "9.9000e-05"),
        (0, "0.0000"),
        (3e-12, "3.0000e-12"),
        (123456.78901, "123456.7890"),
        (1.5e10, "1.5000e+10"),
        (float("nan"), "nan"),
    ],
)
def test_losses_below_a_ten_thousandth_have_an_exponent(shown, loss, cell):
    row = shown("RMSE", [(0, step(1, 1, 1, loss, 1))], reason=MAX_EPOCHS).splitlines()[5]
    assert row == f"|       1 |           1 |       00:00:00 |         1.00 |{cell:>13} |          1.0000 |"
