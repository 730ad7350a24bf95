"""How far long work is: nothing at first, then a line from time to time, or a bar in a terminal."""

import io

import pytest

from lstmcli.cli import waiting
from lstmcli.cli.waiting import Waiting


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the clock shows."""
    now = [0.0]
    monkeypatch.setattr(waiting.time, "monotonic", lambda: now[0])
    return now


def test_a_log_has_a_line_from_time_to_time(clock, capsys):
    with Waiting().work("steps ahead", 100) as show:
        for done in range(1, 101):
            clock[0] = done / 4
            show(done)
    assert capsys.readouterr() == (
        "",
        "41 of 100 steps ahead, 15 s left\n82 of 100 steps ahead, 4 s left\n",
    )


def test_a_terminal_has_a_bar_of_which_nothing_stays(clock, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stderr = Terminal()
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with Waiting().work("steps ahead", 100) as show:
        show(1)
        assert stderr.getvalue() == ""
        clock[0] = 3
        show(50)
        assert "100 steps ahead" in stderr.getvalue()
        assert "50%" in stderr.getvalue()
    assert stderr.getvalue().endswith("\x1b[2K")


def test_short_work_shows_nothing(clock, capsys):
    with Waiting().work("steps ahead", 2) as show:
        show(1)
        show(2)
    assert capsys.readouterr() == ("", "")


def test_short_parts_of_long_work_are_shown(clock, capsys):
    waiting = Waiting()
    for part in range(6):
        with waiting.work("steps ahead", 3) as show:
            for done in range(1, 4):
                clock[0] = 6 * part + 2 * done
                show(done)
    assert capsys.readouterr() == ("", 2 * "1 of 3 steps ahead, 4 s left\n")
