"""Commands at a terminal: a progress bar that leaves nothing behind, and no waiting for data."""

import re

import pytest
from cli.terminal import screen_of
from cli.test_cases import without_time

TABLE = """\
training data: 5 sequences of 1 to 3 steps, 2 channels, 2 classes
test data: 5 sequences of 1 to 3 steps, 2 channels, 2 classes
Training on single CPU.
|========================================================================================|
|  Epoch  |  Iteration  |  Time Elapsed  |  Mini-batch  |  Mini-batch  |  Base Learning  |
|         |             |   (hh:mm:ss)   |   Accuracy   |     Loss     |      Rate       |
|========================================================================================|
|       1 |           1 |       00:00:00 |       50.00% |       0.6931 |      1.0000e-06 |
|     500 |        1000 |       00:00:00 |      100.00% |       0.6928 |      1.0000e-06 |
|========================================================================================|
Training finished: Max epochs completed.
saved learn.h5
"""
NARROW = """\
Training on single CPU.
|==========================================================|
| Epoch | Itera-  |   Time   |  Batch  |  Batch  | Learn.  |
|       |  tion   | Elapsed  | Accur.  |  Loss   |  Rate   |
|==========================================================|
|     1 |       1 | 00:00:00 |  50.00% |  0.6931 | 1.0e-06 |
|   500 |    1000 | 00:00:00 | 100.00% |  0.6928 | 1.0e-06 |
|==========================================================|
Training finished: Max epochs completed.
saved learn.h5
"""
WITH_VALIDATION = """\
Training on single CPU.
|==============================================================================|
| Epoch | Itera-  |   Time   |  Batch  | Valid.  |  Batch  | Valid.  | Learn.  |
|       |  tion   | Elapsed  | Accur.  | Accur.  |  Loss   |  Loss   |  Rate   |
|==============================================================================|
|     1 |       1 | 00:00:00 |  50.00% |  80.00% |  0.6931 |  0.6931 | 1.0e-06 |
|   200 |     400 | 00:00:00 | 100.00% |  80.00% |  0.6930 |  0.6930 | 1.0e-06 |
|   400 |     800 | 00:00:00 | 100.00% |  80.00% |  0.6929 |  0.6929 | 1.0e-06 |
|   500 |    1000 | 00:00:00 | 100.00% |  80.00% |  0.6928 |  0.6929 | 1.0e-06 |
|==============================================================================|
Training finished: Max epochs completed.
"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TRAIN = "TERM=xterm lstmcli train learn.yaml --MaxEpochs 500 --VerboseFrequency 1000 --InitialLearnRate 1e-6"


def test_a_bar_is_drawn_and_nothing_of_it_stays(at_terminal):
    out, written, code = at_terminal(TRAIN)
    assert (out, code) == ("test accuracy: 0.8000 (4 of 5)\n", 0)
    drawn = re.findall(r"epoch +(\d+) +[━╸╺]+ +(\d+)% (?:loss ([0-9.]+))?", COLOUR.sub("", written))
    assert ("1", "0", "") in drawn
    assert ("500", "100", "0.6928") in drawn
    assert without_time(screen_of(written)) == TABLE


@pytest.mark.parametrize("flag", ["--no-progress", "--quiet"])
def test_no_bar_is_drawn_on_request(at_terminal, flag):
    _, written, code = at_terminal(f"{TRAIN} {flag}")
    assert code == 0
    assert without_time(written.replace("\r\n", "\n")) == ("" if flag == "--quiet" else TABLE)


@pytest.mark.parametrize(
    ("flags", "columns", "table"),
    [
        ("", 90, TABLE.partition("Training")[2]),
        ("", 89, NARROW),
        ("--no-progress", 60, NARROW),
        ("--no-progress --validation animals.csv --ValidationFrequency 400", 80, WITH_VALIDATION),
    ],
)
def test_a_table_fits_its_terminal(at_terminal, flags, columns, table):
    _, written, code = at_terminal(f"{TRAIN} {flags}", columns)
    assert code == 0
    assert table in without_time(screen_of(written))


@pytest.mark.parametrize(("log", "table"), [("", NARROW), ("2> log; cat log >&2", TABLE)])
def test_columns_are_a_terminal_s_and_no_log_s(at_terminal, log, table):
    _, written, _ = at_terminal(f"COLUMNS=60 {TRAIN} --no-progress {log}", 200)
    assert without_time(screen_of(written)).endswith(table)


def test_data_is_not_expected_from_the_keyboard(at_terminal):
    message = "error: no data is named\nhelp: name files, a folder, or `-` for stdin\n"
    assert at_terminal("lstmcli predict animals.h5") == ("", message.replace("\n", "\r\n"), 2)


def test_a_signal_is_answered_above_the_bar(at_terminal):
    train = "TERM=xterm lstmcli train learn.yaml --MaxEpochs 1000000 --VerboseFrequency 1000000"
    checkpoints = "--CheckpointPath saved --CheckpointFrequencyUnit iteration --CheckpointFrequency 100"
    until = 'until [ "$(ls saved)" ]; do sleep 0.1; done'
    out, written, code = at_terminal(f"mkdir saved; {train} {checkpoints} & {until}; kill $!; wait $!")
    assert (out, code) == ("", 143)
    *table, answer, last, rule, finished, kept, saved = screen_of(written).splitlines()
    assert answer == "SIGTERM: stopping after this iteration, then saving"
    assert without_time("\n".join(table)).splitlines()[:7] == TABLE.splitlines()[:7]
    assert len(table) == 8
    assert kept == "the model that was there is kept as learn.previous.h5"
    assert [last[:1], rule[:2], saved] == ["|", "|=", "saved learn.h5"]
    assert finished == "Training finished: Stopped manually."
